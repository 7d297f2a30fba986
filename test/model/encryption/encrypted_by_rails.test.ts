import { readFileSync } from 'node:fs'
import { expect } from 'chai'
import { bindModels, modelOf, useEncryption } from '../../../src/model/index.ts'
import { type TestDatabase, testDatabase } from '../test_database.ts'

const names = ['plain', 'det', 'lower', 'nocase', 'original_nocase', 'own', 'old', 'olddet', 'olddet2', 'long'] as const
const schema = `
model Secret {
  id Int @id @default(autoincrement())
${names.map((name) => `  ${name} String?`).join('\n')}
  bin Bytes?
  @@map("secrets")
}
`
class Secret extends modelOf<{}>()('Secret') {
  static {
    const previous = [{ deterministic: true, key: 'an old key' }]
    this.encrypts('plain', 'long', 'bin')
    this.encrypts('det', { deterministic: true })
    this.encrypts('lower', { deterministic: true, downcase: true })
    this.encrypts('nocase', { deterministic: true, ignoreCase: true })
    this.encrypts('own', { key: 'a key of its own' })
    this.encrypts('old', { key: 'a new key', previous: [{ key: 'an old key' }] })
    this.encrypts('olddet', { deterministic: true, previous })
    this.encrypts('olddet2', { deterministic: { fixed: false }, previous })
    this.validates('det', 'nocase', 'olddet', { uniqueness: true, allowNil: true })
  }
  [name: string]: unknown
}

const keys = {
  primaryKey: ['an older primary key', 'the primary key'],
  deterministicKey: 'the deterministic key',
  keyDerivationSalt: 'the salt',
}
type Row = Record<string, string>
const recorded = JSON.parse(readFileSync(new URL('encrypted_by_rails.json', import.meta.url), 'utf8')) as {
  plain: Row[]
  references: Row[]
}

const ann = 'Ann@Example.com'
const values: readonly Record<string, unknown>[] = [
  {
    ...{ plain: 'Ünïcode ✓', det: ann, lower: ann.toLowerCase(), nocase: ann, original_nocase: ann, own: 'own', old: 'written new' },
    ...{ olddet: 'Some Text', olddet2: 'Some Text', bin: Buffer.from([0, 255, 97, 98, 99]), long: 'x'.repeat(300) },
  },
  { old: 'written old', olddet: 'Old Text', olddet2: 'Old Text' },
  { plain: 'y'.repeat(300), det: 'z'.repeat(300), nocase: 'q', olddet: 'q' },
]
const deterministic = ['det', 'lower', 'nocase', 'olddet', 'olddet2']

describe("what Rails' encryption wrote", () => {
  let test: TestDatabase
  before(async () => {
    test = await testDatabase(schema)
    bindModels([Secret], test.database, test.metadata)
  })
  after(() => {
    useEncryption(undefined)
    return test.close()
  })

  const insert = async (row: Row): Promise<void> => {
    const columns = Object.keys(row)
    const held = columns.map((name) => (name === 'bin' ? Buffer.from(row[name]!) : row[name]!))
    await test.database.execute(`insert into secrets (${columns.join()}) values (${columns.map(() => '?').join()})`, held)
  }

  for (const kind of ['plain', 'references'] as const) {
    const settings = { ...keys, storeKeyReferences: kind === 'references' }

    describe(kind === 'plain' ? 'without references to keys' : 'with references to keys', () => {
      beforeEach(async () => {
        useEncryption(settings)
        await test.database.execute('delete from secrets', [])
        for (const row of recorded[kind]) await insert(row)
      })

      it('is read: with newer and older keys, keys of their own, compressed, of bytes, in any case', async () => {
        const read = await Secret.all().order('id')
        for (const [place, expected] of values.entries()) {
          const shown = Object.fromEntries(Object.keys(expected).map((name) => [name, read[place]![name]]))
          expect(shown).to.deep.equal(expected)
        }
      })

      it('is found by deterministic attributes, also what older keys wrote, and is not written twice where it is unique', async () => {
        for (const expected of values) {
          for (const name of deterministic)
            if (name in expected) expect(await Secret.where({ [name]: expected[name] } as never).count(), name).to.equal(1)
        }
        const copy = new Secret({ det: ann, nocase: ann.toUpperCase(), olddet: 'Old Text' } as never)
        await copy.isValid()
        expect(copy.errors.fullMessages).to.deep.equal([
          'Det has already been taken',
          'Nocase has already been taken',
          'Olddet has already been taken',
        ])
      })

      it('is what is written here, byte for byte where it is deterministic and in the same form elsewhere', async () => {
        await test.database.execute('delete from secrets', [])
        // The row between was written with an older key.
        for (const place of [0, 2]) {
          const { original_nocase: _, ...given } = values[place]!
          await new Secret(given as never).saveOrThrow({ validate: false })
          const row = recorded[kind][place]!
          const columns = Object.keys(row)
          const { rows } = await test.database.query(`select ${columns.join()} from secrets order by id desc limit 1`, [])
          for (const [at, name] of columns.entries()) {
            const written = rows[0]![at]
            const text = written instanceof Uint8Array ? Buffer.from(written).toString() : String(written)
            if (deterministic.includes(name)) expect(text, name).to.equal(row[name])
            else expect(headersOf(text), name).to.deep.equal(headersOf(row[name]!))
          }
        }
      })
    })
  }
})

/** What stands beside the value, with the lengths of what is random. */
function headersOf(text: string): Record<string, unknown> {
  const { p, h } = JSON.parse(text) as { p: string; h: Record<string, unknown> }
  const lengths = { iv: String(h['iv']).length, at: String(h['at']).length }
  return { ...h, ...lengths, bytes: h['c'] === true ? 'compressed' : p.length, order: Object.keys(h) }
}
