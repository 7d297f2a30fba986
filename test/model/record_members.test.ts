import { expect } from 'chai'
import { bindModels, InvalidArgument, MissingModelMethod, modelOf, ReadonlyAttribute, ReadOnlyRecord } from '../../src/model/index.ts'
import { rejection } from './rejection.ts'
import { boundDatabase, testDatabase } from './test_database.ts'

const schema = `
model Account {
  id Int @id @default(autoincrement())
  type String?
  code String?
  name String?
  views Int @default(0)
  version Int?
  created_on DateTime?
  updated_at DateTime?
  updated_on DateTime?
}
model Seat {
  row Int
  place Int
  name String?
  taken Int @default(0)
  @@id([row, place])
}
`
class Account extends modelOf<{}>()('Account') {
  declare id: number
  declare code: string | null
  declare name: string | null
  declare views: number
  declare version: number | null
  declare updated_at: Date
  static lockingColumn = 'version'
  static {
    this.attrReadonly('code')
    this.normalizes('name', { with: (name) => String(name).trim() })
  }
}
class Shared extends Account {
  fullName() {
    return `${this.name}!`
  }
  isShared() {
    return true
  }
  async seatCount() {
    return Seat.count()
  }
}
class Seat extends modelOf<{}>()('Seat') {
  declare taken: number
}

describe('members of records', () => {
  const test = boundDatabase([Account, Shared, Seat], () => testDatabase(schema))
  const made = (attributes: object = {}) => Account.createOrThrow({ code: 'k', name: 'a', ...attributes })

  it('refuse another value for a readonly attribute once the record is saved', async () => {
    const account = await made()
    expect(() => (account.code = 'z')).to.throw(ReadonlyAttribute, 'code of Account is readonly')
    await rejection(account.update({ code: 'z' }), ReadonlyAttribute)
    await rejection(account.updateColumns({ code: 'z' }), ReadonlyAttribute)
    await Account.where({ id: account.id }).updateAll({ code: 'w' })
    expect([(await account.reload()).code, Account.readonlyAttributes]).to.deep.equal(['w', ['code']])
  })

  it('write nothing of a readonly record', async () => {
    const account = (await made()).readonly()
    for (const write of [account.touch(), account.updateColumns({ name: 'b' }), account.incrementOrThrow('views'), account.destroy()])
      await rejection(write, ReadOnlyRecord)
  })

  it('count the version of the row with everything that writes it', async () => {
    const account = await made()
    expect(account.version).to.equal(0)
    await account.touch()
    await account.incrementOrThrow('views', 2)
    expect([account.version, account.views, account.changed]).to.deep.equal([2, 2, []])
    await Account.where({ id: account.id }).updateAll({ name: 'b' })
    expect([(await account.reload()).version, account.dup().version]).to.deep.equal([3, null])
  })

  it('save and destroy a row from before there was a version', async () => {
    const account = await made()
    await account.updateColumns({ version: null })
    const found = await Account.find(account.id)
    await found.updateOrThrow({ name: 'b' })
    expect([found.version, (await account.reload()).version]).to.deep.equal([1, 1])
    await account.updateColumns({ version: null })
    await (await Account.find(account.id)).destroyOrThrow()
    expect(await Account.where({ id: account.id }).exists()).to.equal(false)
  })

  it('tell what touching changed, and leave classes that are not to be touched', async () => {
    const account = await made({ updated_at: new Date(0) })
    await Account.noTouching(() => account.touch())
    expect(account.updated_at).to.deep.equal(new Date(0))
    account.name = 'changed'
    await account.touch()
    expect([Object.keys(account.savedChanges).sort(), account.changed]).to.deep.equal([['updated_at', 'updated_on', 'version'], ['name']])
  })

  it('write created_on and updated_on, and no time where a record says so', async () => {
    const account = await made()
    expect(account['created_on']).to.be.instanceOf(Date)
    expect(account['updated_on']).to.be.instanceOf(Date)
    const timeless = new Account({ name: 'b' })
    timeless.recordTimestamps = false
    await timeless.saveOrThrow()
    expect([timeless.updated_at, timeless['created_on']]).to.deep.equal([null, null])
  })

  it('become records of another class, with its type or without', async () => {
    const account = await made()
    expect([account.becomes(Shared)['type'], account.changed]).to.deep.equal([null, []])
    const shared = account.becomesOrThrow(Shared)
    expect([shared['type'], shared.changed, account.changed]).to.deep.equal(['Shared', ['type'], ['type']])
    await shared.saveOrThrow()
    expect(await Account.find(account.id)).to.be.instanceOf(Shared)
    expect(shared.becomesOrThrow(Account)['type']).to.equal(null)
  })

  it('share their values with a clone', async () => {
    const account = await made()
    const clone = account.clone()
    clone.name = 'b'
    expect([account.name, clone.equals(account), clone.isNewRecord()]).to.deep.equal(['b', true, false])
  })

  it('are keys: composite ones too, and those of new records', async () => {
    expect([new Account({ id: 5 }).toParam(), new Account().toParam()]).to.deep.equal(['5', null])
    expect([new Account({ id: 5 }).equals(new Account({ id: 5 })), new Account().equals(new Account())]).to.deep.equal([true, false])
    const seat = await Seat.createOrThrow({ row: 1, place: 2 })
    expect([seat.toParam(), seat.equals(await Seat.findBy({ row: 1, place: 2 }))]).to.deep.equal(['1_2', true])
    expect((await seat.incrementOrThrow('taken')).taken).to.equal(1)
  })

  it('show attributes as they were given, as they are written, and as logs may have them', async () => {
    const account = new Account({ views: '12abc', name: ` ${'x'.repeat(60)}` })
    expect([account.attributesBeforeTypeCast['views'], account.attributesForDatabase['views']]).to.deep.equal(['12abc', 12])
    expect(account.attributeForInspect('name')).to.equal(`'${'x'.repeat(50)}...'`)
    const found = await Account.find((await made()).id)
    expect(found.attributeCameFromUser('views')).to.equal(false)
    found.views = '3' as never
    expect(found.attributeCameFromUser('views')).to.equal(true)
  })

  it('are brought into form when that is asked for', async () => {
    const account = await made()
    await Account.connection.execute("update Account set name = ' q ' where id = ?", account.id)
    await account.reload()
    expect(account.name).to.equal(' q ')
    account.normalizeAttribute('name')
    expect([account.name, account.changed]).to.deep.equal(['q', ['name']])
  })

  it('are part of JSON under the names that Rails calls them, unless they have to be waited for', () => {
    const account = new Shared({ name: 'a' })
    const json = account.asJson({ only: 'name', methods: ['full_name', 'shared?'] })
    expect(json).to.deep.equal({ name: 'a', full_name: 'a!', 'shared?': true })
    expect(() => account.asJson({ methods: 'seat_count' })).to.throw(InvalidArgument, 'seatCount() of Shared has to be waited for')
    expect(() => account.asJson({ methods: 'nothing' })).to.throw(MissingModelMethod, "no method 'nothing'")
  })

  it('stand below the name of the model in JSON where the class says so', () => {
    class Seated extends Account {
      static includeRootInJson = true
    }
    bindModels([Seated], test().database, test().metadata)
    const seated = new Seated({ name: 'a' })
    expect(seated.asJson({ only: 'name' })).to.deep.equal({ seated: { name: 'a' } })
    expect(seated.asJson({ only: 'name', root: false })).to.deep.equal({ name: 'a' })
    expect(JSON.parse(JSON.stringify([seated]))).to.have.nested.property('[0].seated.name', 'a')
  })

  it('are assigned with an object', async () => {
    const account = await made()
    account.attributes = { name: ' b ', views: '7' }
    expect([account.name, account.views]).to.deep.equal(['b', 7])
    expect(() => account.assign('name' as never)).to.throw(InvalidArgument, 'are assigned with an object')
    expect(() => account.slice('nothing' as never)).to.throw(MissingModelMethod, "no method 'nothing'")
    await account.updateAttributeOrThrow('name', 'c')
    expect((await account.reload()).name).to.equal('c')
  })
})
