import { expect } from 'chai'
import { applicationWith, removeFolders } from '../application/folder.ts'
import { endCommands, regauge, startRegauge } from './command.ts'

const orderPlaced = `import { Event } from 'regauge'
export class OrderPlaced extends Event<{ id: number }> {}
`
const audit = (options: string) => `import { Subscriber } from 'regauge'
import { OrderPlaced } from '../../events/order_placed.ts'
export class Audit extends Subscriber {
  static { this.subscribeTo(OrderPlaced, ${options}) }
  call(_event: OrderPlaced) {}
}
`

describe('regauge events', function () {
  this.timeout(60_000)
  afterEach(() => {
    endCommands()
    removeFolders()
  })

  it('lists classes, too, that subscribe to nothing but what their parents do', async () => {
    const root = applicationWith({
      'app/events/order_placed.ts': orderPlaced,
      'app/subscribers/admin/audit.ts': audit('{ everyProcess: true }'),
      'app/subscribers/mail.ts': "import { Audit } from './admin/audit.ts'\nexport class Mail extends Audit {}\n",
    })
    const { stdout, stderr } = await regauge(['events', '--root', root])
    expect(stderr).to.equal('')
    expect(stdout.split('\n').sort()).to.deep.equal(['', 'OrderPlaced  Audit  in every process', 'OrderPlaced  Mail  in every process'])
  })

  it('refuses two deferred subscribers of one name, since a stored event could not tell them apart', async () => {
    const root = applicationWith({
      'app/events/order_placed.ts': orderPlaced,
      'app/subscribers/admin/audit.ts': audit('{ deferred: true }'),
      'app/subscribers/shop/audit.ts': audit('{ deferred: true }'),
    })
    const { status, stderr } = await regauge(['events', '--root', root])
    expect(status).to.equal(1)
    expect(stderr).to.include('Two classes of subscribers are called Audit.').and.include('rename one of them')
  })

  it('refuses two events of one name where they travel by it, and no others', async () => {
    const files = (options: string) => ({
      'app/events/order_placed.ts': orderPlaced,
      'app/events/admin/order_placed.ts':
        "import { OrderPlaced as Parent } from '../order_placed.ts'\nexport class OrderPlaced extends Parent {}\n",
      'app/subscribers/admin/audit.ts': audit(options),
    })
    const [travelling, staying] = await Promise.all(
      ['{ deferred: true }', '{}'].map((options) => regauge(['events', '--root', applicationWith(files(options))])),
    )
    expect(travelling!.stderr).to.include('Two classes of events are called OrderPlaced.')
    expect(staying!.stdout).to.equal('OrderPlaced  Audit\n')
  })
})

const published = {
  'config/routes.ts': "import { draw } from 'regauge'\nexport default draw(({ post }) => post('prices/:id', { to: 'prices#create' }))\n",
  'app/controllers/prices_controller.ts': `import { Controller, publish } from 'regauge'
import { PriceChanged } from '../events/price_changed.ts'
export class PricesController extends Controller {
  async create() {
    await publish(new PriceChanged({ id: this.params.get('id'), at: new Date(0) }), { context: { by: 'ann' } })
    this.render({ json: process.pid })
  }
}
`,
  'app/events/price_changed.ts': `import { Event } from 'regauge'
export class PriceChanged extends Event<{ id: unknown; at: Date }> {}
`,
  'app/subscribers/prices.ts': `import { type EventCall, Subscriber } from 'regauge'
import { PriceChanged } from '../events/price_changed.ts'
export class Prices extends Subscriber {
  static { this.subscribeTo(PriceChanged, { everyProcess: true }) }
  call(event: PriceChanged, { context }: EventCall) {
    process.stdout.write(\`\${event.id} of \${event.at.toISOString()} by \${context['by']} in \${process.pid}\\n\`)
    if (event.id === 'wrong') throw new Error('This price is wrong.')
  }
}
`,
}

describe('events in the processes of a cluster', function () {
  this.timeout(120_000)
  afterEach(() => {
    endCommands()
    removeFolders()
  })

  it('reach a subscriber of every process in each, also after one that it failed for', async () => {
    const root = applicationWith(published)
    const server = startRegauge(['server', '--root', root, '--port', '0', '--host', '127.0.0.1', '--workers', '2'])
    const [, url] = await server.prints(/(http:\/\/127\.0\.0\.1:\d+)/)
    const publishers: string[] = []
    for (const id of ['wrong', 'right']) publishers.push(await (await fetch(`${url}/prices/${id}`, { method: 'POST' })).text())
    const [printed] = await server.prints(/^(?=(?:[\s\S]*wrong of.*\n){2})(?=(?:[\s\S]*right of.*\n){2})[\s\S]*/)
    const heard = (id: string) =>
      [...printed.matchAll(new RegExp(`^${id} of 1970-01-01T00:00:00.000Z by ann in (\\d+)$`, 'gm'))].map(([, pid]) => pid)
    expect(heard('wrong')).to.have.lengthOf(2).and.include(publishers[0])
    expect([...new Set(heard('wrong'))].sort()).to.deep.equal(heard('right').sort())
  })
})
