import { expect } from 'chai'
import { bindModels, InvalidArgument, modelOf, RecordNotUnique, sql, UnknownColumn } from '../../src/model/index.ts'
import { rejection } from './rejection.ts'
import { type TestDatabase, testDatabase } from './test_database.ts'

const schema = `
model Price {
  id         Int      @id @default(autoincrement())
  product    String
  currency   String
  amount     Int      @default(0)
  created_at DateTime
  updated_at DateTime
  @@unique([product, currency])
}
`
class Price extends modelOf<{}>()('Price') {
  static {
    this.validates('amount', { numericality: { greaterThan: 1_000_000 } })
  }
}

describe('rows that are inserted at once', () => {
  let test: TestDatabase
  before(async () => {
    test = await testDatabase(schema)
    bindModels([Price], test.database, test.metadata)
  })
  beforeEach(() => Price.deleteAll())
  after(() => test.close())

  const nok = (product: string, amount: number) => ({ product, currency: 'NOK', amount })
  const key = ['product', 'currency']

  it('take one statement, get timestamps, and skip validations', async () => {
    test.database.statements.length = 0
    const { rows, columns } = await Price.insertAll([nok('a', 1), nok('b', 2)], { returning: ['product', 'created_at'] })
    expect(test.database.statements).to.have.length(1)
    expect(columns).to.deep.equal(['product', 'created_at'])
    expect(rows.map(([product]) => product)).to.deep.equal(['a', 'b'])
    expect(rows[0]![1]).to.be.instanceOf(Date)
  })

  it('leave duplicates out, or throw for them and insert nothing', async () => {
    await Price.insert(nok('a', 1))
    await Price.insertAll([nok('a', 9), nok('b', 2)], { uniqueBy: key })
    await rejection(Price.insertAllOrThrow([nok('c', 3), nok('a', 9)]), RecordNotUnique)
    expect(await Price.order('id').pluck('product', 'amount')).to.deep.equal([
      ['a', 1],
      ['b', 2],
    ])
  })

  it('update what is there, as much of it as is said', async () => {
    await Price.insertAll([nok('a', 1), nok('b', 2)])
    await Price.upsertAll([nok('a', 10), nok('c', 3)], { uniqueBy: key })
    await Price.upsertAll([{ ...nok('b', 20), created_at: new Date(0) }], { uniqueBy: key, updateOnly: 'amount' })
    await Price.upsert(nok('c', 4), { uniqueBy: key, onDuplicate: sql('amount = "Price".amount + excluded.amount') })
    expect(await Price.order('product').pluck('product', 'amount')).to.deep.equal([
      ['a', 10],
      ['b', 20],
      ['c', 7],
    ])
    expect(await Price.where({ created_at: new Date(0) }).exists()).to.equal(false)
  })

  it('start with what a relation fixes', async () => {
    await Price.where({ currency: 'EUR' }).insertAll([{ product: 'a' }])
    expect(await Price.pluck('currency')).to.deep.equal(['EUR'])
  })

  it('are split where there are too many values for a statement', async () => {
    const rows = Array.from({ length: 7000 }, (_, place) => nok(`p${place}`, place))
    test.database.statements.length = 0
    expect((await Price.insertAll(rows)).rows).to.have.length(7000)
    expect(test.database.statements.filter((text) => text.startsWith('insert')).length).to.be.greaterThan(1)
  })

  it('must all have the same attributes, which are columns, and a unique index that exists', async () => {
    await rejection(Price.insertAll([nok('a', 1), { product: 'b' }]), InvalidArgument)
    await rejection(Price.insertAll([{ producto: 'a' }]), UnknownColumn)
    await rejection(Price.insertAll([nok('a', 1)], { uniqueBy: 'amount' }), InvalidArgument)
    expect(await Price.insertAll([])).to.deep.equal({ columns: [], rows: [] })
  })
})
