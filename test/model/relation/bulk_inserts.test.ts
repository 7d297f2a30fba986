import { expect } from 'chai'
import { InvalidArgument, modelOf, RecordNotUnique, sql, UnknownColumn } from '../../../src/model/index.ts'
import { rejection } from '../rejection.ts'
import { boundDatabase, testDatabase } from '../test_database.ts'

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
  const test = boundDatabase([Price], () => testDatabase(schema))
  beforeEach(() => Price.deleteAll())

  const nok = (product: string, amount: number) => ({ product, currency: 'NOK', amount })
  const key = ['product', 'currency']

  it('take one statement, get timestamps, and skip validations', async () => {
    test().database.statements.length = 0
    const { rows, columns } = await Price.insertAll([nok('a', 1), nok('b', 2)], { returning: ['product', 'created_at'] })
    expect(test().database.statements).to.have.length(1)
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

  it('know a unique index by its name, its columns in any order, or as SQL made it', async () => {
    await test().database.execute('create unique index lower_product on "Price" (lower(product), currency) where amount > 0', [])
    try {
      await Price.insertAll([nok('a', 1)])
      await Price.upsertAll([nok('a', 2)], { uniqueBy: 'Price_product_currency_key' })
      await Price.upsertAll([nok('a', 3)], { uniqueBy: ['currency', 'product'] })
      await Price.upsertAll([nok('A', 4)], { uniqueBy: 'lower_product' })
      await Price.insertAll([nok('A', 5)], { uniqueBy: { index: 'lower_product' } })
      expect(await Price.pluck('product', 'amount')).to.deep.equal([['A', 4]])
    } finally {
      await test().database.execute('drop index lower_product', [])
    }
    for (const uniqueBy of ['lower_product', 'amount', ['product', 'amount'], 'product', 'Price_key']) {
      const error = await rejection(Price.upsertAll([nok('a', 1)], { uniqueBy }), InvalidArgument)
      expect(error.message).to.include(`No unique index found for ${[uniqueBy].flat().join(', ')}`)
    }
  })

  it('take one way of updating, and leave the timestamps where that is said', async () => {
    const both = { onDuplicate: sql('amount = 1'), updateOnly: 'amount', uniqueBy: key }
    await rejection(Price.upsertAll([nok('a', 1)], both), InvalidArgument)
    await rejection(Price.upsertAll([nok('a', 1)], { onDuplicate: 'amount = 1' as never }), InvalidArgument)
    await rejection(Price.upsertAll([nok('a', 1)], { updateOnly: 'amout', uniqueBy: key }), UnknownColumn)
    await rejection(Price.upsertAll([nok('a', 1)], { returning: 'amout' }), UnknownColumn)
    const given = { ...nok('a', 1), created_at: new Date(0), updated_at: new Date(0) }
    await Price.upsertAll([given], { uniqueBy: key })
    await Price.upsertAll([{ ...given, amount: 2 }], { uniqueBy: key, recordTimestamps: false })
    expect(await Price.pluck('amount', 'updated_at')).to.deep.equal([[2, new Date(0)]])
    await Price.upsertAll([nok('a', 2)], { uniqueBy: key })
    expect(await Price.pick('updated_at')).to.deep.equal(new Date(0))
    await Price.upsertAll([nok('a', 3)], { uniqueBy: key, onDuplicate: 'skip' })
    await Price.upsertAll([nok('a', 4)], { uniqueBy: key })
    expect([await Price.pick('amount'), Number(await Price.pick('updated_at')) > 0]).to.deep.equal([4, true])
  })

  it('start with what a relation fixes', async () => {
    await Price.where({ currency: 'EUR' }).insertAll([{ product: 'a' }])
    expect(await Price.pluck('currency')).to.deep.equal(['EUR'])
  })

  it('are split where there are too many values for a statement', async () => {
    const rows = Array.from({ length: 7000 }, (_, place) => nok(`p${place}`, place))
    test().database.statements.length = 0
    expect((await Price.insertAll(rows)).rows).to.have.length(7000)
    expect(test().database.statements.filter((text) => text.startsWith('insert')).length).to.be.greaterThan(1)
  })

  it('must all have the same attributes, which are columns, and a unique index that exists', async () => {
    await rejection(Price.insertAll([nok('a', 1), { product: 'b' }]), InvalidArgument)
    await rejection(Price.insertAll([{ producto: 'a' }]), UnknownColumn)
    await rejection(Price.insertAll([nok('a', 1)], { uniqueBy: 'amount' }), InvalidArgument)
    expect(await Price.insertAll([])).to.deep.equal({ columns: [], rows: [] })
  })
})
