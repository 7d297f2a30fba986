import { expect } from 'chai'
import { bindModels, modelOf } from '../../src/model/index.ts'
import { type TestDatabase, testPostgres } from './test_database.ts'

const schema = `
datasource db {
  provider = "postgresql"
}
generator client {
  provider = "prisma-client"
  output   = "generated/client"
}
model Account {
  id      Int @id @default(autoincrement())
  balance Int @default(0)
}
`
const server = process.env['TEST_POSTGRES_URL'] ?? 'postgresql://postgres@127.0.0.1:5432/postgres'
class Account extends modelOf<{}>()('Account') {
  declare balance: number
}

describe('a transaction that the database gives up for the sake of another', () => {
  let test: TestDatabase
  before(async () => {
    test = await testPostgres(schema, server)
    bindModels([Account], test.database, test.metadata)
  })
  beforeEach(() => Account.deleteAll())
  after(() => test.close())

  /** Both read before either writes, once. */
  const meeting = () => {
    let arrived = 0
    let open = (): void => {}
    const both = new Promise<void>((resolve) => {
      open = resolve
    })
    return () => {
      arrived += 1
      if (arrived >= 2) open()
      return both
    }
  }

  const addTo = async (id: unknown, arrive: () => Promise<void>, retries: number): Promise<void> => {
    const work = async (): Promise<void> => {
      const account = await Account.find(id as number)
      await arrive()
      await account.updateOrThrow({ balance: account.balance + 1 })
    }
    await Account.transaction(work, { isolation: 'serializable', retries })
  }

  it('is tried again as often as it says', async () => {
    const { id } = await Account.createOrThrow({})
    const arrive = meeting()
    await Promise.all([addTo(id, arrive, 3), addTo(id, arrive, 3)])
    expect((await Account.find(id as number)).balance).to.equal(2)
  })

  it('fails without retries', async () => {
    const { id } = await Account.createOrThrow({})
    const arrive = meeting()
    const outcomes = await Promise.allSettled([addTo(id, arrive, 0), addTo(id, arrive, 0)])
    expect(outcomes.map(({ status }) => status).sort()).to.deep.equal(['fulfilled', 'rejected'])
  })

  it('is tried again after a deadlock', async () => {
    const [a, b] = await Account.createOrThrow([{}, {}])
    const arrive = meeting()
    const crosswise = (first: Account, second: Account) =>
      Account.transaction(
        async () => {
          await Account.where({ id: first['id'] }).updateCounters({ balance: 1 } as never)
          await arrive()
          await Account.where({ id: second['id'] }).updateCounters({ balance: 1 } as never)
        },
        { retries: 3 },
      )
    await Promise.all([crosswise(a!, b!), crosswise(b!, a!)])
    expect(await Account.order('id').pluck('balance')).to.deep.equal([2, 2])
  })
})
