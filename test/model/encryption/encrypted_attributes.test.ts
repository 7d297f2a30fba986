import { expect } from 'chai'
import { inspect } from 'node:util'
import { DecryptionFailed, EncryptionNotConfigured, InvalidEncryption, modelOf, useEncryption } from '../../../src/model/index.ts'
import { rejection } from '../rejection.ts'
import { Account, encryptionKeys, secureDatabase } from '../security/secure_models.ts'
import type { TestDatabase } from '../test_database.ts'

describe('encrypted attributes', () => {
  let test: TestDatabase
  before(async () => {
    test = await secureDatabase()
  })
  after(() => test.close())
  beforeEach(async () => {
    useEncryption(encryptionKeys)
    await test.database.execute('delete from accounts', [])
  })
  const stored = async (column: string): Promise<unknown> => (await test.database.query(`select ${column} from accounts`, [])).rows[0]?.[0]
  const newAccount = (attributes: object) => Account.createOrThrow({ password: 'x', ...attributes })

  it('are read as they were written, and kept as nobody reads them', async () => {
    const settings = { theme: ['dark', null] }
    const { id } = await newAccount({ email: 'ann@example.com', note: 'é'.repeat(500), settings })
    const account = await Account.find(id)
    expect([account.email, account.note, account.settings]).to.deep.equal(['ann@example.com', 'é'.repeat(500), settings])
    for (const column of ['email', 'note', 'settings']) {
      expect(JSON.parse(String(await stored(column)))).to.have.all.keys('p', 'h')
    }
    expect(inspect(account)).to.contain('email: [FILTERED]').and.not.to.contain('example')
    expect(await Account.pluck('note', 'settings')).to.deep.equal([['é'.repeat(500), settings]])
  })

  it('are encrypted by whatever writes them', async () => {
    const account = await newAccount({ email: 'a@example.com', note: 'a' })
    await account.updateColumn('note', 'b')
    expect(String(await stored('note'))).to.contain('"iv"')
    await Account.all().updateAll({ note: 'c', email: 'C@example.com' })
    expect(String(await stored('note'))).to.contain('"iv"')
    const inserted = await Account.insertAll([{ note: 'd', email: 'D@example.com' }], { returning: ['note', 'email'] })
    expect(inserted.rows).to.deep.equal([['d', 'd@example.com']])
    const reloaded = await Account.find(account.id)
    expect([reloaded.note, reloaded.email]).to.deep.equal(['c', 'c@example.com'])
  })

  it('tell what has changed, and write only that', async () => {
    const { id } = await newAccount({ note: 'a', settings: { a: 1 } })
    const account = await Account.find(id)
    const before = await stored('note')
    account.note = 'a'
    expect(account.isChanged()).to.equal(false)
    ;(account.settings as { a: number }).a = 2
    expect(account.changes).to.deep.equal({ settings: [{ a: 1 }, { a: 2 }] })
    await account.saveOrThrow()
    expect(await stored('note')).to.equal(before)
    expect((await Account.find(id)).settings).to.deep.equal({ a: 2 })
  })

  it('that are deterministic are found and unique, in any case', async () => {
    await newAccount({ email: 'Ann@Example.com', title: 'Dr. Who' })
    expect((await Account.findBy({ email: 'ANN@example.COM' }))?.email).to.equal('ann@example.com')
    expect(await Account.where({ email: ['x', 'ann@example.com'] }).count()).to.equal(1)
    expect(await Account.not({ email: 'ann@example.com' }).count()).to.equal(0)
    expect(await Account.findBy({ note: 'anything' })).to.equal(null)
    expect(await new Account({ email: 'ann@example.com', password: 'x' }).isValid()).to.equal(false)
    expect((await Account.findBy({ title: 'dr. who' }))?.title).to.equal('Dr. Who')
  })

  it('are found with older keys, and written anew with the present ones', async () => {
    const { id } = await newAccount({ email: 'ann@example.com', note: 'a' })
    const before = [await stored('email'), await stored('note')]
    useEncryption({
      ...encryptionKeys,
      primaryKey: ['a primary key', 'a newer one'],
      deterministicKey: 'another',
      previous: [{ deterministic: true, key: 'a deterministic key' }],
    })
    const account = await Account.findByOrThrow({ email: 'ann@example.com' })
    expect(account.note).to.equal('a')
    expect(await account.encrypt()).to.equal(true)
    expect(await stored('note')).not.to.equal(before[1])
    useEncryption({ ...encryptionKeys, primaryKey: 'a newer one' })
    expect((await Account.find(id)).note).to.equal('a')
  })

  it('that are not encrypted yet are read and found when that is allowed', async () => {
    await test.database.execute("insert into accounts (id, email, note) values (7, 'ann@example.com', 'plain')", [])
    const unreadable = await Account.find(7)
    expect(() => unreadable.note).to.throw(DecryptionFailed, "'note'")
    useEncryption({ ...encryptionKeys, supportUnencryptedData: true })
    const account = await Account.findByOrThrow({ email: 'ann@example.com' })
    expect(account.note).to.equal('plain')
    await account.encrypt()
    expect(String(await stored('email'))).to.equal(await account.ciphertextFor('email'))
    await account.decrypt()
    expect([await stored('email'), await stored('note')]).to.deep.equal(['ann@example.com', 'plain'])
  })

  it('that were changed are not read, and the error shows nothing of them', async () => {
    const { id } = await newAccount({ note: 'a secret' })
    const envelope = JSON.parse(String(await stored('note'))) as { p: string; h: Record<string, unknown> }
    const changed = [
      { ...envelope, p: Buffer.from('b secret').toString('base64') },
      { ...envelope, h: { ...envelope.h, at: Buffer.alloc(16).toString('base64') } },
      { ...envelope, h: { ...envelope.h, at: 'AAAA' } },
      { ...envelope, h: { iv: envelope.h['iv'] } },
      { ...envelope, h: { ...envelope.h, c: true } },
      { ...envelope, h: { ...envelope.h, i: 'AAAA' } },
      { ...envelope, h: 5 },
      { h: envelope.h },
      [1],
      null,
    ]
    for (const each of changed) {
      await test.database.execute('update accounts set note = ?', [JSON.stringify(each)])
      const account = await Account.find(id)
      const error = await rejection(
        Promise.resolve().then(() => account.note),
        DecryptionFailed,
      )
      expect(inspect(error)).not.to.contain('secret').and.not.to.contain(envelope.p)
    }
  })

  it('need keys, and columns that can hold them', async () => {
    useEncryption({ ...encryptionKeys, primaryKey: undefined })
    const error = await rejection(newAccount({ note: 'a' }), EncryptionNotConfigured)
    expect(error.message).to.contain('config.encryption.primaryKey')
    const Model = modelOf<{}>()
    expect(() => class extends Model('Team') {}.encrypts('name', { ignoreCase: true })).to.throw(InvalidEncryption, 'deterministic')
    class Numbered extends Model('Team') {}
    Numbered.encrypts('id')
    await rejection(
      Promise.resolve().then(() => Numbered.count()),
      InvalidEncryption,
    )
  })
})
