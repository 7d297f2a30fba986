import { expect } from 'chai'
import { abort } from '../../../src/errors/index.ts'
import { bindModels, checkModels, InvalidArgument, MissingModelMethod, modelOf, RecordInvalid } from '../../../src/model/index.ts'
import { rejection } from '../rejection.ts'
import { type TestDatabase, testDatabase } from '../test_database.ts'

const schema = `
model Order {
  id    Int     @id @default(autoincrement())
  lines Line[]
  rows  Row[]
}
model Line {
  id       Int    @id @default(autoincrement())
  name     String?
  order_id Int?
  order    Order? @relation(fields: [order_id], references: [id])
}
model Part {
  id   Int     @id @default(autoincrement())
  name String?
  rows Row[]
}
model Row {
  id       Int    @id @default(autoincrement())
  order_id Int?
  part_id  Int?
  order    Order? @relation(fields: [order_id], references: [id])
  part     Part?  @relation(fields: [part_id], references: [id])
}
`

interface Shop {
  types: {
    model: {
      Order: { payload: OrderPayload }
      Line: { payload: LinePayload }
      Part: { payload: PartPayload }
      Row: { payload: RowPayload }
    }
  }
  models: { Order: Order; Line: Line; Part: Part; Row: Row }
  associations: { Order: { parts: 'Part'[] } }
}
interface OrderPayload {
  name: 'Order'
  objects: { lines: LinePayload[]; rows: RowPayload[] }
  scalars: { id: number }
}
interface LinePayload {
  name: 'Line'
  objects: { order: OrderPayload | null }
  scalars: { id: number; name: string | null; order_id: number | null }
}
interface PartPayload {
  name: 'Part'
  objects: { rows: RowPayload[] }
  scalars: { id: number; name: string | null }
}
interface RowPayload {
  name: 'Row'
  objects: { order: OrderPayload | null; part: PartPayload | null }
  scalars: { id: number; order_id: number | null; part_id: number | null }
}

/** The collection with the records in memory, which nothing but a test needs to see. */
interface Lines {
  readonly target: readonly Line[]
}

const Model = modelOf<Shop>()
let log: string[] = []

class Line extends Model('Line') {
  static {
    this.validates('name', { presence: true })
    this.beforeSave((line) => log.push(`save ${line.name}`))
    this.beforeDestroy((line) => log.push(`destroyRecord ${line.name}`))
  }
}
class Part extends Model('Part') {}
class Row extends Model('Row') {
  static {
    this.beforeCreate(() => log.push('row'))
  }
}
class Order extends Model('Order') {
  static {
    this.hasMany('lines', {
      beforeAdd: ['check', (_order, line) => log.push(`fn ${line.name}`)],
      afterAdd: (_order, line) => log.push(`afterAdd ${line.name} ${line.isNewRecord()}`),
      beforeRemove(_order, line) {
        if (line.name === 'stuck') abort()
        log.push(`beforeRemove ${line.name}`)
      },
      afterRemove: {
        afterRemove: (order, line) => log.push(`afterRemove ${line.name} ${(order.lines as unknown as Lines).target.length}`),
      },
    })
    this.hasMany('rows', { beforeAdd: () => log.push('beforeAdd row') })
    this.hasMany('parts', {
      through: 'rows',
      beforeAdd: (_order, part) => log.push(`beforeAdd ${part.name}`),
      afterAdd: (_order, part) => log.push(`afterAdd ${part.name} ${part.isNewRecord()}`),
      beforeRemove: (_order, part) => log.push(`beforeRemove ${part.name}`),
      afterRemove: (_order, part) => log.push(`afterRemove ${part.name}`),
    })
    this.acceptsNestedAttributesFor('lines')
  }
  check(line: Line) {
    if (line.name === 'no') abort()
    if (line.name === 'bad') throw new Error('bad')
    log.push(`beforeAdd ${line.name} ${line.isNewRecord()}`)
  }
}

/** What Rails 7.2 logs for each, in this order. */
describe('callbacks of collections', () => {
  let test: TestDatabase
  let order: Order
  before(async () => {
    test = await testDatabase(schema)
    bindModels([Order, Line, Part, Row], test.database, test.metadata)
    checkModels([Order])
  })
  after(() => test.close())

  const fresh = async (...names: string[]): Promise<void> => {
    order = await Order.createOrThrow({})
    for (const name of names) await Line.createOrThrow({ name, order_id: order.id })
    await order.lines
    log = []
  }
  const lines = () => order.lines as unknown as Lines
  const names = () => lines().target.map((line) => line.name)

  it('run when a record is built, before and after it is in the collection', async () => {
    await fresh()
    order.lines.build({ name: 'a' })
    expect([log, names()]).to.deep.equal([['beforeAdd a true', 'fn a', 'afterAdd a true'], ['a']])
    log = []
    await order.saveOrThrow()
    expect(log).to.deep.equal(['save a'])
  })

  it('run around the insert when a record is created', async () => {
    await fresh()
    await order.lines.createOrThrow({ name: 'b' })
    expect(log).to.deep.equal(['beforeAdd b true', 'fn b', 'save b', 'afterAdd b false'])
  })

  it('run for a record that is not valid: create keeps it in the collection, createOrThrow does not', async () => {
    await fresh()
    const line = await order.lines.create({ name: '' })
    expect([log, line.isPersisted(), names()]).to.deep.equal([['beforeAdd  true', 'fn ', 'afterAdd  true'], false, ['']])
    await fresh()
    await rejection(order.lines.createOrThrow({ name: '' }), RecordInvalid)
    expect([log, names()]).to.deep.equal([['beforeAdd  true', 'fn '], []])
  })

  it('run for each record that is pushed, around its save', async () => {
    await fresh()
    const saved = await Line.createOrThrow({ name: 'd' })
    log = []
    await order.lines.push([new Line({ name: 'c' }), saved])
    const [c, d] = [
      ['beforeAdd c true', 'fn c', 'save c', 'afterAdd c false'],
      ['beforeAdd d false', 'fn d', 'save d', 'afterAdd d false'],
    ]
    expect(log).to.deep.equal([...c!, ...d!])
  })

  it('leave out the record for which beforeAdd aborts, and no other', async () => {
    await fresh()
    await order.lines.push(new Line({ name: 'no' }), new Line({ name: 'e' }))
    expect((await order.lines.create({ name: 'no' })).isPersisted()).to.equal(false)
    order.lines.build({ name: 'no' })
    expect([log, names()]).to.deep.equal([['beforeAdd e true', 'fn e', 'save e', 'afterAdd e false'], ['e']])
  })

  it('roll back what was added when one throws', async () => {
    await fresh()
    await rejection(order.lines.push(new Line({ name: 'f' }), new Line({ name: 'bad' })), Error)
    expect(await Line.where({ order_id: order.id }).count()).to.equal(0)
  })

  it('run for all records before any is removed, and after they are gone', async () => {
    await fresh('a', 'b', 'c')
    await order.lines.delete(lines().target.slice(0, 2))
    expect(log).to.deep.equal(['beforeRemove a', 'beforeRemove b', 'afterRemove a 1', 'afterRemove b 1'])
    log = []
    await order.lines.destroy(lines().target)
    expect(log).to.deep.equal(['beforeRemove c', 'destroyRecord c', 'afterRemove c 0'])
  })

  it('keep all records when beforeRemove aborts for one', async () => {
    await fresh('x', 'stuck')
    expect(await order.lines.delete(lines().target)).to.deep.equal([])
    expect([log, names(), await Line.where({ order_id: order.id }).count()]).to.deep.equal([['beforeRemove x'], ['x', 'stuck'], 2])
  })

  it('run for what replace removes and adds, and for nothing that stays', async () => {
    await fresh('c', 'e')
    await order.lines.replace([lines().target[0]!, new Line({ name: 'g' })])
    expect(log).to.deep.equal(['beforeRemove e', 'afterRemove e 1', 'beforeAdd g true', 'fn g', 'save g', 'afterAdd g false'])
    expect(names()).to.deep.equal(['c', 'g'])
  })

  it('run for new records of nested attributes only', async () => {
    await fresh('d')
    await order.updateOrThrow({ lines_attributes: [{ id: lines().target[0]!.id, name: 'D' }, { name: 'h' }] } as never)
    expect(log).to.deep.equal(['beforeAdd h true', 'fn h', 'afterAdd h true', 'save D', 'save h'])
  })

  it('do not run for clear and deleteAll, and run for destroyAll', async () => {
    await fresh('a')
    await order.lines.clear()
    await fresh('a')
    await order.lines.deleteAll()
    expect(log).to.deep.equal([])
    await fresh('y')
    await order.lines.destroyAll()
    expect(log).to.deep.equal(['beforeRemove y', 'destroyRecord y', 'afterRemove y 0'])
  })

  it('run for the records that a new owner is given and loses', () => {
    log = []
    const [p, q, r] = ['p', 'q', 'r'].map((name) => new Line({ name }))
    order = new Order({ lines: [p!, q!] })
    Object.assign(order, { lines: [q, r] })
    const added = ['beforeAdd p true', 'fn p', 'afterAdd p true', 'beforeAdd q true', 'fn q', 'afterAdd q true']
    const replaced = ['beforeRemove p', 'afterRemove p 1', 'beforeAdd r true', 'fn r', 'afterAdd r true']
    expect([log, names()]).to.deep.equal([
      [...added, ...replaced],
      ['q', 'r'],
    ])
  })

  it('run for a record that was never saved', async () => {
    await fresh()
    const line = order.lines.build({ name: 'z' })
    await order.lines.delete(line)
    expect(log.slice(3)).to.deep.equal(['beforeRemove z', 'afterRemove z 0'])
  })

  it('run for a collection through another, around those of the rows between', async () => {
    await fresh()
    await order.parts.createOrThrow({ name: 'part' })
    await order.parts.push(new Part({ name: 'p2' }))
    order.parts.build({ name: 'p3' })
    await order.saveOrThrow()
    const created = (name: string) => [`beforeAdd ${name}`, 'beforeAdd row', 'row', `afterAdd ${name} false`]
    expect(log).to.deep.equal([...created('part'), ...created('p2'), 'beforeAdd p3', 'afterAdd p3 true', 'beforeAdd row', 'row'])
    log = []
    await order.parts.delete((await order.parts)[0]!)
    expect(log).to.deep.equal(['beforeRemove part', 'afterRemove part'])
  })

  it('are waited for where the collection can wait, and refused where it cannot', async () => {
    class Slow extends Model('Order') {
      static {
        this.hasMany('lines', {
          beforeAdd: async (_order, line) => {
            await Promise.resolve()
            if (line.name === 'late') abort()
          },
        })
      }
    }
    bindModels([Slow], test.database, test.metadata)
    const slow = await Slow.createOrThrow({})
    await slow.lines.push(new Line({ name: 'late' }), new Line({ name: 'in time' }))
    expect(await slow.lines.pluck('name')).to.deep.equal(['in time'])
    expect(() => slow.lines.build({ name: 'x' })).to.throw(InvalidArgument, 'beforeAdd of Slow.lines is asynchronous')
    bindModels([Order, Line, Part, Row], test.database, test.metadata)
  })

  it('are checked at boot', () => {
    class Wrong extends Model('Order') {
      static {
        this.hasMany('lines', { beforeAdd: 'chek' })
      }
      check() {}
    }
    bindModels([Wrong, Line], test.database, test.metadata)
    expect(() => checkModels([Wrong])).to.throw(
      MissingModelMethod,
      "Wrong has no method 'chek', named by beforeAdd of lines. Did you mean check?",
    )
    bindModels([Order, Line, Part, Row], test.database, test.metadata)
  })
})
