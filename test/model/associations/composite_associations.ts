import { expect } from 'chai'
import {
  bindModels,
  checkModels,
  DeleteRestricted,
  destroyDependents,
  InvalidArgument,
  modelOf,
  useDependentsQueue,
} from '../../../src/model/index.ts'
import type { LeftDependents } from '../../../src/model/index.ts'
import { Item, Line, Mark, Note, Order, Product, Receipt, shopModels } from './composite_models.ts'
import { rejection } from '../rejection.ts'
import { boundDatabase, type TestDatabase } from '../test_database.ts'

/** Describes associations by several columns on a database of some kind; nothing when it can't be had. */
export function describeCompositeAssociations(open: () => Promise<TestDatabase | undefined>): void {
  const test = boundDatabase(shopModels, open)
  let one: Order
  let other: Order
  before(() => checkModels(shopModels))
  beforeEach(async () => {
    for (const model of [Mark, Item, Receipt, Line, Note, Product, Order]) await model.deleteAll()
    // The same id in two shops.
    one = await Order.createOrThrow({ shop_id: 1, id: 7, name: 'one' })
    other = await Order.createOrThrow({ shop_id: 2, id: 7, name: 'other' })
  })
  const names = (records: Iterable<{ readonly name: string }>) => [...records].map(({ name }) => name).sort()
  const keys = ({ shop_id, order_id }: Item | Receipt) => [shop_id, order_id]
  const again = (item: Item): Promise<Item> => Item.find(item.id as number)
  const ownerOf = (record: object) => Promise.resolve(Reflect.get(record, 'order') as PromiseLike<Order | null>)
  const receiptOf = async (order: Order) => (await (order.receipt as PromiseLike<Receipt | null>))?.total
  const queries = () => test().database.statements.filter((text) => text.startsWith('select'))

  describe('to an owner', () => {
    it('read it, write both columns, and know when they changed', async () => {
      const item = await Item.createOrThrow({ name: 'a', order: one })
      expect(keys(item)).to.deep.equal([1, 7])
      expect((await ownerOf(await again(item)))?.name).to.equal('one')
      item.order = other
      expect([keys(item), item.orderChanged()]).to.deep.equal([[2, 7], true])
      await item.saveOrThrow()
      expect([item.orderChanged(), item.orderPreviouslyChanged()]).to.deep.equal([false, true])
      item.shop_id = 1
      expect((await ownerOf(item))?.name).to.equal('one')
      item.order = null
      expect(keys(item)).to.deep.equal([null, null])
    })

    it('require one, unless it is optional', async () => {
      const missing = await Item.create({ name: 'a' })
      expect(missing.errors.fullMessages).to.deep.equal(['Order must exist'])
      expect((await Item.create({ name: 'a', shop_id: 1 })).isPersisted()).to.equal(false)
      expect((await Item.create({ name: 'a', shop_id: 3, order_id: 7 })).isPersisted()).to.equal(false)
      expect((await Item.create({ name: 'a', shop_id: 2, order_id: 7 })).isPersisted()).to.equal(true)
      const note = await Note.createOrThrow({ shop: 1, text: 'x' })
      expect(await ownerOf(note)).to.equal(null)
    })

    it('build and create it, saved before the record', async () => {
      const item = new Item({ name: 'a' })
      item.buildOrder({ shop_id: 3, id: 1, name: 'built' })
      await item.saveOrThrow()
      expect(keys(await again(item))).to.deep.equal([3, 1])
      await item.createOrder({ shop_id: 3, id: 2 })
      expect(keys(item)).to.deep.equal([3, 2])
      expect((await item.reloadOrder())?.id).to.equal(2)
    })

    it('count and touch it, and move the count to another', async () => {
      const long = new Date(0)
      await Order.updateAll({ updated_at: long })
      const item = await Item.createOrThrow({ name: 'a', order: one })
      const counts = async () => (await Order.order('shop_id')).map((order) => order.items_count)
      expect(await counts()).to.deep.equal([1, 0])
      const touched = async () => (await Order.order('shop_id')).map((order) => (order['updated_at'] as Date) > long)
      expect(await touched()).to.deep.equal([true, false])
      await (await again(item)).updateOrThrow({ order: other })
      expect([await counts(), await touched()]).to.deep.equal([
        [0, 1],
        [true, true],
      ])
      await (await again(item)).destroy()
      expect(await counts()).to.deep.equal([0, 0])
      await Item.insertAll([{ shop_id: 2, order_id: 7 }])
      await Order.resetCounters([2, 7] as never, 'items')
      expect(await counts()).to.deep.equal([0, 1])
    })

    it('are a scope of uniqueness', async () => {
      await Item.createOrThrow({ name: 'a', order: one })
      expect((await Item.create({ name: 'a', order: one })).errors.fullMessages).to.deep.equal(['Name has already been taken'])
      expect((await Item.create({ name: 'a', order: other })).isPersisted()).to.equal(true)
    })
  })

  describe('to one', () => {
    it('build, create, assign and replace it', async () => {
      await one.createReceipt({ total: 1 })
      await other.createReceipt({ total: 2 })
      const found = await Order.order('shop_id')
      expect(await Promise.all(found.map(receiptOf))).to.deep.equal([1, 2])
      found[0]!.receipt = new Receipt({ total: 3 })
      await found[0]!.saveOrThrow()
      const receipts = await Receipt.order('total')
      expect(receipts.map(keys)).to.deep.equal([
        [null, null],
        [2, 7],
        [1, 7],
      ])
      const fresh = new Order({ shop_id: 3, id: 1 })
      fresh.buildReceipt({ total: 9 })
      await fresh.saveOrThrow()
      expect(keys((await Receipt.findBy({ total: 9 }))!)).to.deep.equal([3, 1])
    })
  })

  describe('to many', () => {
    it('load, count and narrow those of both columns', async () => {
      for (const name of ['a', 'b']) await one.items.create({ name })
      await other.items.create({ name: 'c' })
      expect([names(await one.items), names(await other.items)]).to.deep.equal([['a', 'b'], ['c']])
      const found = await Order.findByOrThrow({ shop_id: 1 })
      expect([await found.items.count(), await found.items.size(), await found.items.exists()]).to.deep.equal([2, 2, true])
      expect(names(await found.items.where({ name: ['b', 'c'] }))).to.deep.equal(['b'])
      expect(await found.items.include((await other.items)[0]!)).to.equal(false)
      const [first] = await found.items.where({ name: 'a' })
      expect(first!.order).to.equal(found)
    })

    it('build, push, delete, destroy and replace', async () => {
      const fresh = new Order({ shop_id: 3, id: 1 })
      fresh.items.build({ name: 'built' })
      await fresh.saveOrThrow()
      expect(keys(await Item.findByOrThrow({ name: 'built' }))).to.deep.equal([3, 1])
      const [a, b] = [await one.items.create({ name: 'a' }), new Item({ name: 'b' })]
      await one.items.push(b)
      expect(keys(await again(b))).to.deep.equal([1, 7])
      await one.items.replace([b])
      expect(await Item.exists(a.id as number)).to.equal(false)
      await other.notes.create({ text: 'x' })
      const note = await one.notes.create({ text: 'y' })
      await one.items.destroy(b)
      expect(await Item.count()).to.equal(1)
      await one.update({ name: 'still' })
      expect(await one.items.count()).to.equal(0)
      expect(await Note.where({ order: one }).ids()).to.deep.equal([note.id])
    })

    it('replace by ids, and take all away at once', async () => {
      const [a, b] = [await other.items.create({ name: 'a' }), await other.items.create({ name: 'b' })]
      await one.items.replaceIds([a.id, b.id])
      expect((await one.items.ids()).length).to.equal(2)
      expect(keys(await again(a))).to.deep.equal([1, 7])
      expect(await one.items.deleteAll('nullify')).to.equal(2)
      expect(keys(await again(a))).to.deep.equal([null, null])
      expect((await Order.findByOrThrow({ shop_id: 1 })).items_count).to.equal(0)
    })

    it('have records with keys of several columns of their own', async () => {
      const line = await one.lines.create({ number: 1 })
      await one.lines.create({ number: 2 })
      await other.lines.create({ number: 1 })
      expect(await one.lines.order('number').ids()).to.deep.equal([
        [1, 7, 1],
        [1, 7, 2],
      ])
      expect(await (await Order.findByOrThrow({ shop_id: 1 })).lines.include(line)).to.equal(true)
      await one.lines.delete(line)
      expect(await Line.order('shop_id').pluck('shop_id', 'number')).to.deep.equal([
        [1, 2],
        [2, 1],
      ])
    })
  })

  describe('of an owner that goes', () => {
    it('are destroyed and deleted with it', async () => {
      for (const order of [one, other]) {
        const item = await order.items.create({ name: 'a' })
        await Mark.createOrThrow({ item })
        await order.lines.create({ number: 1 })
      }
      await one.destroy()
      expect([await Item.count(), await Mark.count(), await Line.pluck('shop_id')]).to.deep.equal([1, 1, [2]])
    })

    it('lose it with nullify', async () => {
      const item = await one.items.create({ name: 'a' })
      const left = await other.items.create({ name: 'b' })
      await destroyKept('nullify')
      expect([keys(await again(item)), keys(await again(left))]).to.deep.equal([
        [null, null],
        [2, 7],
      ])
    })

    it('keep it with restrictWithError and restrictWithException', async () => {
      await other.items.create({ name: 'b' })
      await destroyKept('restrictWithException')
      expect(await Order.count()).to.equal(1)
      await Order.createOrThrow({ shop_id: 1, id: 7 })
      await one.items.create({ name: 'a' })
      await rejection(destroyKept('restrictWithException'), DeleteRestricted)
      expect(await destroyKept('restrictWithError')).to.equal('Cannot delete record because dependent items exist')
      expect(await Order.count()).to.equal(2)
    })

    it('are left to a job by their keys', async () => {
      class Last extends modelOf<{}>()('Line') {
        static {
          this.belongsTo('order', { dependent: 'destroyAsync' })
        }
      }
      bindModels([Last], test().database, test().metadata)
      const left: LeftDependents[] = []
      useDependentsQueue({ add: (dependents) => left.push(dependents) })
      try {
        await (await Last.createOrThrow({ number: 1, shop_id: 1, order_id: 7 })).destroy()
      } finally {
        useDependentsQueue(undefined)
      }
      expect(left).to.deep.equal([{ model: 'Order', ids: [[1, 7]] }])
      await destroyDependents(left[0]!)
      expect(await Order.pluck('name')).to.deep.equal(['other'])
    })

    async function destroyKept(dependent: 'nullify' | 'restrictWithError' | 'restrictWithException'): Promise<string | undefined> {
      class Kept extends modelOf<{}>()('Order') {
        static {
          this.hasMany('items', { dependent })
        }
      }
      bindModels([Kept], test().database, test().metadata)
      const kept = await Kept.findByOrThrow({ shop_id: 1 })
      await kept.destroy()
      return kept.errors.fullMessages[0]
    }
  })

  describe('in queries', () => {
    beforeEach(async () => {
      for (const name of ['a', 'b']) {
        const item = await one.items.create({ name })
        await Mark.createOrThrow({ item, name: `on ${name}` })
      }
      await other.items.create({ name: 'c' })
      await other.createReceipt({ total: 2 })
      await Order.createOrThrow({ shop_id: 2, id: 8, name: 'empty' })
      test().database.statements.length = 0
    })

    const seen = (orders: readonly Order[]) => orders.map((order) => [order.name, ...names(order.items)])
    const all = [['one', 'a', 'b'], ['other', 'c'], ['empty']]

    it('are preloaded with one query, and joined with one', async () => {
      expect(seen(await Order.preload('items').order('shop_id', 'id'))).to.deep.equal(all)
      expect(queries().length).to.equal(2)
      expect(seen(await Order.includes('items').order('shop_id', 'id'))).to.deep.equal(all)
      test().database.statements.length = 0
      expect(seen(await Order.eagerLoad('items').order('shop_id', 'id'))).to.deep.equal(all)
      expect(queries().length).to.equal(1)
      expect(seen(await Order.eagerLoad('items').order('shop_id', 'id').limit(2))).to.deep.equal(all.slice(0, 2))
      const items = await Item.includes('order').order('name')
      expect(items.map((item) => (item.order as unknown as Order).name)).to.deep.equal(['one', 'one', 'other'])
      expect(items[0]!.order).to.equal(items[1]!.order)
      const withReceipts = await Order.includes('receipt').order('shop_id', 'id')
      expect(withReceipts.map((order) => (order.receipt as Receipt | null)?.total)).to.deep.equal([undefined, 2, undefined])
    })

    it('are preloaded for many owners', async () => {
      const rows = Array.from({ length: 2_300 }, (_, place) => ({ shop_id: 10 + (place % 1_150), id: 100 + Math.floor(place / 2) }))
      await Order.insertAll(rows)
      await Note.insertAll(rows.map(({ shop_id, id }) => ({ shop: shop_id, which: id, text: `${shop_id}:${id}` })))
      const orders = await Order.where({ id: { gte: 100 } }).preload('notes')
      expect(orders.length).to.equal(2_300)
      const wrong = orders.filter((order) => [...order.notes].map(({ text }) => text).join() !== `${order.shop_id}:${order.id}`)
      expect(wrong).to.deep.equal([])
    })

    it('are joined', async () => {
      expect((await Order.joins('items').pluck('name')).sort()).to.deep.equal(['one', 'one', 'other'])
      expect(names(await Item.joins('order').where({ order: { name: 'one' } }))).to.deep.equal(['a', 'b'])
      expect(await Order.leftJoins({ items: 'marks' }).count()).to.equal(4)
    })

    it('are conditions', async () => {
      expect(names(await Item.where({ order: one }))).to.deep.equal(['a', 'b'])
      expect(names(await Item.where({ order: [one, other] }))).to.deep.equal(['a', 'b', 'c'])
      expect(names(await Item.where({ order: [[2, 7]] }))).to.deep.equal(['c'])
      expect(names(await Item.where({ order: null }))).to.deep.equal([])
      expect(names(await Item.not({ order: one }))).to.deep.equal(['c'])
      const [item] = await one.items
      expect(names(await Order.joins('items').where({ items: item }))).to.deep.equal(['one'])
      expect(new Set(names(await Order.associated('items' as never)))).to.deep.equal(new Set(['one', 'other']))
      expect(names(await Order.missing('items' as never))).to.deep.equal(['empty'])
      expect(names(await Item.missing('order' as never))).to.deep.equal([])
      expect(keys(Item.where({ order: other }).build() as Item)).to.deep.equal([2, 7])
      await Item.where({ name: 'c' }).updateAll({ order: one } as never)
      expect(await one.items.count()).to.equal(3)
    })

    it('are followed down a tree, and back', async () => {
      const orders = await Order.eagerLoad({ items: ['order', 'marks'] }).order('shop_id', 'id')
      const [item] = [...orders[0]!.items]
      expect([item!.order, names(item!.marks as Iterable<Mark>)]).to.deep.equal([orders[0], [`on ${item!.name}`]])
      const marks = await Mark.includes({ item: { order: 'receipt' } })
      expect(new Set(marks.map((mark) => (mark.item as unknown as { order: Order }).order.name))).to.deep.equal(new Set(['one']))
      expect(
        await Mark.joins({ item: 'order' })
          .where({ item: { order: { shop_id: 1 } } })
          .count(),
      ).to.equal(2)
    })

    it('are gone through', async () => {
      expect(names(await one.marks)).to.deep.equal(['on a', 'on b'])
      expect(await other.marks.count()).to.equal(0)
      const orders = await Order.includes('marks').order('shop_id', 'id')
      expect(orders.map((order) => names(order.marks))).to.deep.equal([['on a', 'on b'], [], []])
      expect(names(await Order.joins('marks').where({ marks: { name: 'on b' } }))).to.deep.equal(['one'])
    })

    it('are gone through rows between, which are made and taken away', async () => {
      const product = await Product.createOrThrow({ name: 'tea' })
      await Line.createOrThrow({ order: one, number: 1, product })
      await Line.createOrThrow({ order: other, number: 1, product })
      expect(names(await one.products)).to.deep.equal(['tea'])
      expect(names(await product.orders)).to.deep.equal(['one', 'other'])
      expect(names((await Product.includes('orders').first())!.orders)).to.deep.equal(['one', 'other'])
      await product.orders.delete(one)
      expect(await Line.pluck('shop_id')).to.deep.equal([2])
    })
  })

  it('take nested attributes', async () => {
    const item = await one.items.create({ name: 'a' })
    await one.lines.create({ number: 1 })
    const found = await Order.findByOrThrow({ shop_id: 1 })
    await found.updateOrThrow({ items_attributes: [{ id: item.id, name: 'changed' }, { name: 'new' }] } as never)
    expect(await Item.order('name').pluck('name', 'shop_id', 'order_id')).to.deep.equal([
      ['changed', 1, 7],
      ['new', 1, 7],
    ])
    await found.updateOrThrow({ lines_attributes: [{ id: [1, 7, 1], _destroy: '1' }, { number: 5 }] } as never)
    expect(await Line.pluck('number')).to.deep.equal([5])
  })

  it('are refused where one value stands for the key', async () => {
    expect(() => Item.where({ order: 7 } as never)).to.throw(InvalidArgument, 'has a key of several columns and is compared with records')
    expect(() => Item.where({ order: Order.select('id') } as never).toSql()).to.throw(InvalidArgument, 'the 2 columns shop_id, id')
    expect(() => Item.where({ order: [[1, { gt: 0 }]] } as never)).to.throw(InvalidArgument, 'is compared with records')
  })

  it('are refused with keys of different lengths, and where the name of a class is part of the key', () => {
    const refused = (declare: (model: ReturnType<typeof owned>) => void): (() => void) => {
      const model = owned()
      declare(model)
      return () => {
        bindModels([model], test().database, test().metadata)
        checkModels([model])
      }
    }
    const owned = () => class Odd extends modelOf<{}>()('Item') {}
    const uneven = refused((model) => model.belongsTo('order', { foreignKey: ['shop_id', 'order_id', 'id'] }))
    expect(uneven).to.throw(InvalidArgument, 'Odd.order needs keys with as many columns on both sides')
    const shorter = refused((model) => model.belongsTo('order', { foreignKey: ['shop_id', 'order_id'], primaryKey: 'id' }))
    expect(shorter).to.throw(InvalidArgument, 'needs keys with as many columns')
    const polymorphic = refused((model) =>
      model.belongsTo('order', {
        polymorphic: true,
        foreignKey: ['shop_id', 'order_id'],
        primaryKey: ['shop_id', 'id'],
        foreignType: 'name',
      }),
    )
    expect(polymorphic).to.throw(InvalidArgument, "Odd.order is polymorphic, so that its key can't have several columns")
  })
}
