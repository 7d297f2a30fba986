import { expect } from 'chai'
import { InvalidArgument, modelOf, RecordInvalid, RecordNotFound, TooManyRecords } from '../../../src/model/index.ts'
import { rejection } from '../rejection.ts'
import { boundDatabase, testDatabase } from '../test_database.ts'

const schema = `
model Order {
  id      Int     @id @default(autoincrement())
  number  String?
  lines   Line[]
  address Address?
}
model Line {
  id       Int    @id @default(autoincrement())
  name     String?
  order_id Int?
  order    Order? @relation(fields: [order_id], references: [id])
}
model Address {
  id       Int    @id @default(autoincrement())
  city     String?
  order_id Int?   @unique
  order    Order? @relation(fields: [order_id], references: [id])
}
`

const Model = modelOf<{}>()
class Line extends Model('Line') {
  static {
    this.belongsTo('order')
    this.validates('name', { presence: true })
  }
}
class Address extends Model('Address') {}
interface Lines extends PromiseLike<Line[]> {
  pluck(name: string): Promise<unknown[]>
  size(): Promise<number>
}
class Order extends Model('Order') {
  declare readonly lines: Lines
  declare readonly address: PromiseLike<Address | null>
  static {
    this.hasMany('lines', { indexErrors: true })
    this.hasOne('address', { dependent: 'destroy' })
    this.acceptsNestedAttributesFor('lines', { allowDestroy: true, limit: 3, rejectIf: (line) => line['name'] === 'none' })
    this.acceptsNestedAttributesFor('address', { updateOnly: true })
  }
}

describe('attributes of associated records', () => {
  boundDatabase([Order, Line, Address], () => testDatabase(schema))

  const ordered = (...names: string[]) => Order.createOrThrow({ lines_attributes: names.map((name) => ({ name })) })

  it('make records that are saved with their owner', async () => {
    const order = await Order.createOrThrow({
      number: '1',
      lines_attributes: { 0: { name: 'a' }, 1: { name: 'b' } },
      address_attributes: { city: 'Oslo' },
    })
    expect(await order.lines.pluck('name')).to.deep.equal(['a', 'b'])
    expect((await Address.findByOrThrow({ order_id: order['id'] }))['city']).to.equal('Oslo')
  })

  it('change, add and destroy in one transaction', async () => {
    const order = await ordered('a', 'b')
    const [a, b] = await order.lines
    await (await Order.find(order['id'] as number)).updateOrThrow({
      lines_attributes: [{ id: String(a!['id']), name: 'A' }, { id: b!['id'], _destroy: '1' }, { name: 'c' }],
    })
    expect(await Line.where({ order_id: order['id'] }).pluck('name')).to.deep.equal(['A', 'c'])
  })

  it('are wrong with the place of the record that is, and change nothing then', async () => {
    const order = await ordered('a')
    const again = await Order.find(order['id'] as number)
    const [line] = await order.lines
    const error = await rejection(
      again.updateOrThrow({ number: 'new', lines_attributes: [{ id: line!['id'], _destroy: true }, { name: '' }] }),
      RecordInvalid,
    )
    expect(error.message).to.equal("Validation failed: Lines[1] name can't be blank")
    expect(await Line.where({ order_id: order['id'] }).pluck('name')).to.deep.equal(['a'])
  })

  it('reach none but the records of the owner', async () => {
    const [one, other] = [await ordered('mine'), await ordered('theirs')]
    const [line] = await other.lines
    const error = await rejection(one.update({ lines_attributes: [{ id: line!['id'], name: 'stolen' }] }), RecordNotFound)
    expect(error.message).to.include(`Couldn't find Line with ID=${String(line!['id'])} for Order with ID=${String(one['id'])}`)
    expect(await Line.where({ order_id: other['id'] }).pluck('name')).to.deep.equal(['theirs'])
  })

  it('are left out where a condition says so, and refused beyond the limit', async () => {
    expect(await (await ordered('a', 'none')).lines.size()).to.equal(1)
    expect(() => new Order({ lines_attributes: [{}, {}, {}, {}] })).to.throw(TooManyRecords, 'Maximum 3 records are allowed. Got 4')
    expect(() => new Order({ lines_attributes: 'x' })).to.throw(InvalidArgument, 'Hash or Array expected')
    expect(() => new Order({ number_attributes: {} })).to.throw('number_attributes')
  })

  it('change the only record that there is with updateOnly', async () => {
    const order = await Order.createOrThrow({ address_attributes: { city: 'Oslo' } })
    await (await Order.find(order['id'] as number)).updateOrThrow({ address_attributes: { city: 'Bergen' } })
    expect(await Address.where({ order_id: order['id'] }).pluck('city')).to.deep.equal(['Bergen'])
  })

  it('can’t come from parameters that nobody permitted', async () => {
    const unpermitted = { [Symbol.for('regauge.permitted')]: false }
    expect(() => new Order({ lines_attributes: [unpermitted] })).to.throw()
    expect(() => new Order({ address_attributes: unpermitted })).to.throw()
  })
})
