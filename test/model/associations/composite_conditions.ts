import { expect } from 'chai'
import { Item, Line, Order, Product, shopModels } from './composite_models.ts'
import { boundDatabase, type TestDatabase } from '../test_database.ts'

/** Describes conditions on associations by several columns on a database of some kind; nothing when it can't be had. */
export function describeCompositeConditions(open: () => Promise<TestDatabase | undefined>): void {
  boundDatabase(shopModels, open)
  let one: Order
  before(async () => {
    one = await Order.createOrThrow({ shop_id: 1, id: 7, name: 'one' })
    const other = await Order.createOrThrow({ shop_id: 2, id: 7, name: 'other' })
    await Order.createOrThrow({ shop_id: 2, id: 8, name: 'empty' })
    for (const name of ['a', 'b']) await one.items.create({ name })
    await other.items.create({ name: 'c' })
  })
  const names = (records: Iterable<{ readonly name: string }>) => [...records].map(({ name }) => name).sort()

  it('are conditions that a relation says', async () => {
    const ones = Order.where({ name: 'one' })
    expect(names(await Item.where({ order: ones } as never))).to.deep.equal(['a', 'b'])
    expect(names(await Item.not({ order: ones } as never))).to.deep.equal(['c'])
    expect(names(await Item.where({ order: Order.order('shop_id').limit(1) } as never))).to.deep.equal(['a', 'b'])
    expect(names(await Item.where({ order: Order.none() } as never))).to.deep.equal([])
    expect(names(await Order.joins('items').where({ items: Item.where({ name: 'c' }) } as never))).to.deep.equal(['other'])
    expect(names(await Product.joins('lines').where({ lines: Line.where({ number: 3 }) } as never))).to.deep.equal([])
    expect(names(await Order.excluding(one, null as never))).to.deep.equal(['empty', 'other'])
    expect(names(await Order.without(ones))).to.deep.equal(['empty', 'other'])
    expect(await Order.excluding().count()).to.equal(3)
  })

  it('are grouped by, which gives the records', async () => {
    await Item.insertAll([{ name: 'lost' }])
    const counts = (await Item.group('order').count()) as unknown as Map<Order | null, number>
    expect(new Map([...counts].map(([order, count]) => [order?.name, count]))).to.deep.equal(
      new Map([
        ['one', 2],
        ['other', 1],
        [undefined, 1],
      ]),
    )
    const both = (await Item.group('order', 'name').maximum('name')) as unknown as Map<[Order | null, string], string>
    expect([...both.keys()].map(([order, name]) => `${order?.name} ${name}`).sort()).to.deep.equal([
      'one a',
      'one b',
      'other c',
      'undefined lost',
    ])
  })
}
