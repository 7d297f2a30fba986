import { expect } from 'chai'
import { bindModels, checkModels, InvalidEnum, InvalidEnumValue, modelOf } from '../../../src/model/index.ts'
import { boundDatabase, type TestDatabase } from '../test_database.ts'

/** Columns of all kinds that an enum may be declared over. */
export const enumSchema = `
enum Mood {
  glad
  sad  @map("not_glad")
}
model Note {
  id    Int      @id @default(autoincrement())
  mood  Mood     @default(sad)
  kind  String   @default("memo") @db.VarChar(20)
  rank  Int      @default(0)
  size  BigInt   @default(0)
  open  Boolean  @default(true)
}
`

const Model = modelOf<{}>()
class Note extends Model('Note') {
  static {
    this.enum('mood', { happy: 'glad', unhappy: 'not_glad' })
    this.enum('kind', { memo: 'memo', letter: 'post' }, { prefix: true })
    this.enum('rank', ['low', 'high'])
    this.enum('size', { small: 1, large: 2 ** 40 }, { default: 'large' })
    this.enum('open', { closed: false, opened: true }, { instanceMethods: false })
  }
}

function declared(attribute: string, mapping: never) {
  class Wrong extends Model('Note') {}
  Wrong.enum(attribute, mapping)
  return Wrong
}

/** Describes enums over columns of a database of some kind; nothing when it can't be had. */
export function describeEnums(open: () => Promise<TestDatabase | undefined>): void {
  const test = boundDatabase([Note], open)
  beforeEach(() => Note.deleteAll())

  const stored = async () =>
    (await Note.connection.selectRows('select mood, kind, rank, size from "Note" order by id'.replaceAll('"', quote()))).map((row) =>
      row.map((value) => (typeof value === 'bigint' ? Number(value) : value)),
    )
  const quote = () => (test().metadata.provider === 'mysql' ? '`' : '"')

  it('hold what the mapping says, in the type of the column', async () => {
    const note = await Note.createOrThrow({ mood: 'happy', kind: 'letter', rank: 'high', size: 'small', open: 'closed' })
    expect(note.attributes).to.include({ mood: 'happy', kind: 'letter', rank: 'high', size: 'small', open: 'closed' })
    expect(await stored()).to.deep.equal([['glad', 'post', 1, 1]])
    const read = await Note.firstOrThrow()
    expect(read.attributes).to.deep.equal(note.attributes)
    await read.updateOrThrow({ mood: 'not_glad', open: true })
    expect((await Note.firstOrThrow()).attributes).to.include({ mood: 'unhappy', open: 'opened' })
  })

  it('start with the default of the column, or of the enum', async () => {
    expect(new Note().attributes).to.include({ mood: 'unhappy', kind: 'memo', rank: 'low', size: 'large', open: 'opened' })
    await Note.createOrThrow({})
    expect(await stored()).to.deep.equal([['not_glad', 'memo', 0, 2 ** 40]])
  })

  it('are found by name, by what the column holds, and by scope', async () => {
    await Note.createOrThrow([
      { mood: 'happy', open: 'closed' },
      { mood: 'unhappy', kind: 'letter' },
    ])
    const count = (condition: object): Promise<number> => Note.where(condition).count()
    const scope = (name: string): ReturnType<typeof Note.all> => Reflect.get(Note, name).call(Note)
    expect(await count({ mood: 'happy' })).to.equal(1)
    expect(await count({ mood: 'not_glad' })).to.equal(1)
    expect(await count({ mood: ['happy', 'unhappy'] })).to.equal(2)
    expect(await count({ kind: 'post' })).to.equal(1)
    expect(await count({ size: 2 ** 40 })).to.equal(2)
    expect(await count({ size: String(2 ** 40) })).to.equal(2)
    expect(await count({ open: 'closed' })).to.equal(1)
    expect(await count({ open: false })).to.equal(1)
    expect(await count({ mood: 'bogus' })).to.equal(0)
    expect(await count({ rank: 7 })).to.equal(0)
    expect(await scope('unhappy').count()).to.equal(1)
    expect(await scope('kindLetter').count()).to.equal(1)
    expect(await scope('notUnhappy').pluck('mood')).to.deep.equal(['happy'])
    expect(await Note.group('mood').count()).to.deep.equal(
      new Map([
        ['happy', 1],
        ['unhappy', 1],
      ]),
    )
  })

  it('have methods unless it is said that they have none', () => {
    expect('isHappy' in Note.prototype).to.equal(true)
    expect('isClosed' in Note.prototype).to.equal(false)
    expect(Note).to.respondTo('isKindMemo')
  })

  it('read as null where the column holds something else', async () => {
    await Note.insertAll([{ rank: 'low' }])
    await Note.updateAll('rank = 7')
    expect((await Note.firstOrThrow())['rank']).to.equal(null)
    expect(await Note.pluck('rank')).to.deep.equal([null])
    expect(await Note.where({ rank: 7 }).count()).to.equal(1)
    await (await Note.firstOrThrow()).updateOrThrow({ kind: 'letter' })
    expect(await stored()).to.deep.equal([['not_glad', 'post', 7, 0]])
  })

  it('refuse what is no member', () => {
    expect(() => new Note({ mood: 'glum' })).to.throw(InvalidEnumValue, "'glum' is not a valid mood")
  })

  it('are refused at boot over an enum of the schema that never holds such values', () => {
    const boot = (model: object) => () => {
      bindModels([model], test().database, test().metadata)
      checkModels([model])
    }
    const hint = "never holds 0. Say what it holds: this.enum('mood', { glad: 'glad', sad: 'not_glad' })."
    expect(boot(declared('mood', ['glad', 'sad'] as never))).to.throw(
      InvalidEnum,
      `The enum 'mood' of Note: the column is the enum Mood of the schema and ${hint}`,
    )
    expect(boot(declared('mood', { glad: 'glad', sad: 'sad' } as never))).to.throw(InvalidEnum, "never holds 'sad'")
    expect(boot(declared('rank', { low: 'low' } as never))).to.throw(InvalidEnum, "the column is Int and can't hold 'low'")
    expect(boot(declared('rank', [] as never))).to.throw(InvalidEnum, 'at least one member')
    expect(boot(declared('rank', [' '] as never))).to.throw(InvalidEnum, 'no name')
  })
  it('are refused at boot where a member would have the name of something else', () => {
    const boot = (model: object) => () => {
      bindModels([model], test().database, test().metadata)
      checkModels([model])
    }
    expect(boot(declared('rank', ['valid', 'low'] as never))).to.throw(InvalidEnum, 'it would define isValid(), which every model has')
    expect(boot(declared('rank', ['missing'] as never))).to.throw(InvalidEnum, 'it would define missing(), which every model has')
    const twice = declared('rank', ['glad'] as never)
    twice.enum('size', ['glad'])
    expect(boot(twice)).to.throw(InvalidEnum, "it would define isGlad(), which the enum 'rank' has. Give it a prefix")
  })
}
