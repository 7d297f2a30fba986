import { expect } from 'chai'
import { InvalidArgument, modelOf, NotNullViolation, RecordNotFound } from '../../../src/model/index.ts'
import { Parameters } from '../../../src/controller/index.ts'
import { rejection } from '../rejection.ts'
import { boundDatabase, testDatabase } from '../test_database.ts'

const Model = modelOf<{}>()
class Item extends Model('Item') {}
class Seat extends Model('Seat') {}

/** Objects as they come with a request: parsed by us, parsed by somebody else, and as parameters. */
const sent = (hash: object): unknown[] => [
  Object.assign(Object.create(null), hash),
  JSON.parse(JSON.stringify(hash)),
  new Parameters(hash as never),
]

describe('keys and conditions that come from outside', () => {
  boundDatabase([Item, Seat], () =>
    testDatabase(`model Item {
  id    Int      @id @default(autoincrement())
  name  String
  price Decimal?
  views Int      @default(0)
}
model Seat {
  row    String
  number Int
  @@id([row, number])
}`),
  )
  before(async () => {
    for (const name of ['a', 'b']) await Item.createOrThrow({ name, price: 1 })
    await Seat.createOrThrow({ row: 'A', number: 1 })
  })

  const find = (...ids: unknown[]): Promise<unknown> => Item.find(...(ids as [never]))

  it('find nothing without a key, as Rails says it', async () => {
    for (const nothing of [undefined, null, [null], [undefined, null]])
      expect((await rejection(find(nothing), RecordNotFound)).message).to.equal("Couldn't find Item without an ID")
    expect(await find([])).to.deep.equal([])
    expect((await rejection(Item.destroy(undefined as never), RecordNotFound)).message).to.equal("Couldn't find Item without an ID")
    expect((await rejection(Seat.find(null as never), RecordNotFound)).message).to.equal("Couldn't find Seat without an ID")
  })

  it('find nothing by an object, whatever it says and wherever it was parsed', async () => {
    for (const hash of [{ gt: 0 }, { not: 5 }, { in: [1, 2] }, {}, { id: 1 }]) {
      for (const id of sent(hash)) {
        expect((await rejection(find(id), RecordNotFound)).message).to.match(/^Couldn't find Item with 'id'=/)
        await rejection(find([id]), RecordNotFound)
        await rejection(find(id, id), RecordNotFound)
        await rejection(Item.where({ name: 'a' }).find(id as never), RecordNotFound)
        await rejection(Item.destroy(id as never), RecordNotFound)
        await rejection(Item.update(id as never, { name: 'x' }), RecordNotFound)
        expect(await Item.delete(id as never)).to.equal(0)
        expect(await Item.incrementCounter('views', id)).to.equal(0)
        await rejection(Seat.find([['A', id]] as never), RecordNotFound)
        expect(await Seat.delete(['A', id] as never)).to.equal(0)
      }
    }
    expect(await Item.pluck('name', 'views')).to.deep.equal([
      ['a', 0],
      ['b', 0],
    ])
  })

  it('deletes by keys of several columns', async () => {
    await Seat.createOrThrow({ row: 'B', number: 2 })
    expect(await Seat.delete(['B', '2'] as never)).to.equal(1)
    expect(await Seat.count()).to.equal(1)
  })

  it('are never operators of a condition: what a request sends is refused where a value belongs', async () => {
    const hash = Object.assign(Object.create(null), { gt: 0 })
    const parameters = new Parameters({ gt: 0, not: '' } as never)
    for (const value of [hash, parameters]) {
      for (const column of ['id', 'name', 'views', 'price']) {
        const condition = { [column]: value }
        await rejection(
          Promise.resolve().then(() => Item.where(condition)),
          InvalidArgument,
        )
        await rejection(Item.findBy(condition), InvalidArgument)
        await rejection(Item.exists(condition), InvalidArgument)
        await rejection(
          Promise.resolve().then(() => Item.not(condition)),
          InvalidArgument,
        )
        await rejection(Item.destroyBy(condition), InvalidArgument)
        await rejection(Item.findOrCreateBy(condition as never), InvalidArgument)
        await rejection(
          Promise.resolve().then(() => Item.where({ [column]: [value] })),
          InvalidArgument,
        )
      }
    }
    expect(await Item.count()).to.equal(2)
  })

  it('are values of an update, and change nothing but that', async () => {
    const increment = Object.assign(Object.create(null), { increment: 5 })
    const item = await Item.firstOrThrow()
    await rejection(item.update({ views: increment }), NotNullViolation)
    await rejection(Item.updateAll({ views: increment }), NotNullViolation)
    expect(await Item.pluck('views')).to.deep.equal([0, 0])
  })

  it('are no values when they are lists among the values, as in Rails', async () => {
    const [first, second] = (await Item.order('id').ids()) as number[]
    expect(await Item.where({ id: [first, [second]] }).ids()).to.deep.equal([first])
  })

  it('order by nothing that a request nests', () => {
    const hash = Object.assign(Object.create(null), { name: Object.assign(Object.create(null), { id: 'asc' }) })
    expect(() => Item.order(hash as never)).to.throw(InvalidArgument)
  })
})
