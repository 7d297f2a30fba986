import { expect } from 'chai'
import { InvalidArgument, modelOf, Rollback, StaleObject } from '../../src/model/index.ts'
import { rejection } from './rejection.ts'
import { boundDatabase, testDatabase } from './test_database.ts'

const schema = `
model Account {
  id           Int    @id @default(autoincrement())
  name         String @default("")
  balance      Int    @default(0)
  lock_version Int    @default(0)
  entries_count Int   @default(0)
  entries      Entry[]
}
model Entry {
  id         Int      @id @default(autoincrement())
  account_id Int?
  account    Account? @relation(fields: [account_id], references: [id])
}
`
class Account extends modelOf<{}>()('Account') {
  declare balance: number
  declare name: string
  declare lock_version: number
  declare readonly entries_count: number
  declare readonly entries: { create(): Promise<Entry>; delete(entry: Entry): Promise<unknown> }
  static {
    this.hasMany('entries')
  }
}
class Entry extends modelOf<{}>()('Entry') {
  static {
    this.belongsTo('account', { counterCache: true })
  }
}

describe('a record that others may change', () => {
  boundDatabase([Account, Entry], () => testDatabase(schema))

  it('counts its versions, and isn’t overwritten by one that was read before', async () => {
    const account = await Account.createOrThrow({ balance: 1 })
    const stale = await Account.find(account['id'] as number)
    await account.updateOrThrow({ balance: 2 })
    expect(account.lock_version).to.equal(1)
    const error = await rejection(stale.update({ balance: 3 }), StaleObject)
    expect(error.message).to.equal('Attempted to update a stale object: Account.')
    expect([stale.balance, stale.lock_version]).to.deep.equal([3, 0])
    await stale.reload()
    await stale.updateOrThrow({ balance: 3 })
    expect([stale.balance, stale.lock_version]).to.deep.equal([3, 2])
  })

  it('has another version when it was counted, so that what was read before is stale', async () => {
    const account = await Account.createOrThrow({})
    const read = () => Account.find(account['id'] as number)
    const stale = await read()
    expect(await Account.updateCounters(account['id'], { balance: 2 } as never)).to.equal(1)
    await Account.incrementCounter('balance' as never, account['id'])
    await Account.where({ id: account['id'] }).updateCounters({ balance: 1, lock_version: 7 } as never)
    expect([(await read()).balance, (await read()).lock_version]).to.deep.equal([4, 3])
    await rejection(stale.update({ name: 'x' }), StaleObject)
    await account.reload()
    await account.incrementOrThrow('balance' as never)
    await account.updateOrThrow({ name: 'y' })
    expect([account.lock_version, (await read()).lock_version]).to.deep.equal([5, 5])
  })

  it('is an owner whose children are counted, and knows its version then', async () => {
    const account = await Account.createOrThrow({})
    const entry = await account.entries.create()
    await account.updateOrThrow({ name: 'x' })
    expect([account.lock_version, account.entries_count]).to.deep.equal([2, 1])
    await account.entries.delete(entry)
    await account.updateOrThrow({ name: 'y' })
    const unseen = await Account.find(account['id'] as number)
    await Entry.createOrThrow({ account_id: account['id'] })
    await rejection(unseen.update({ name: 'z' }), StaleObject)
    await account.reload()
    await Account.transaction(async () => {
      await Entry.createOrThrow({ account })
      throw new Rollback()
    })
    await account.updateOrThrow({ name: 'after a rollback' })
    expect((await Account.find(account['id'] as number)).entries_count).to.equal(1)
  })

  it('is read anew in a transaction that holds its lock', async () => {
    const account = await Account.createOrThrow({ balance: 1 })
    await Account.where({ id: account['id'] }).updateAll({ balance: 5 })
    const seen = await account.withLock(async () => {
      await account.updateOrThrow({ balance: account.balance + 1 })
      return account.balance
    })
    expect([seen, (await Account.find(account['id'] as number)).balance]).to.deep.equal([6, 6])
    await rejection(
      account.withLock(async () => {
        await account.updateOrThrow({ balance: 0 })
        throw new RangeError('no')
      }),
      RangeError,
    )
    expect((await Account.find(account['id'] as number)).balance).to.equal(6)
  })

  it('has the version of its row again after a rollback, so that the work can be done again', async () => {
    const account = await Account.createOrThrow({ balance: 1 })
    const raise = async (fails: boolean) => {
      await account.updateOrThrow({ balance: account.balance + 1 })
      if (fails) throw new Rollback()
    }
    await Account.transaction(() => raise(true))
    expect([account.balance, account.lock_version]).to.deep.equal([2, 0])
    await Account.transaction(() => raise(false))
    expect([account.balance, account.lock_version]).to.deep.equal([3, 1])
  })

  it('has nothing to lock while it is new', async () => {
    const account = new Account({ balance: 1 })
    expect(await account.lock()).to.equal(account)
    expect(account.isNewRecord()).to.equal(true)
  })

  it('isn’t locked while it has unsaved changes', async () => {
    const account = await Account.createOrThrow({})
    account.balance = 3
    const error = await rejection(account.lock(), InvalidArgument)
    expect(error.message).to.include('balance')
  })

  it('writes the lock where the database has one', async () => {
    expect(Account.where({ id: 1 }).lock().toSql()).not.to.include('for update')
    const account = await Account.lock('for update nowait').findBy({ id: 1 })
    expect(account).not.to.equal(null)
  })
})
