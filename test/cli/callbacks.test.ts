import { expect } from 'chai'
import { applicationWith, ordersWith, removeFolders } from '../application/folder.ts'
import { regaugeHere } from './in_process.ts'

const files = {
  'app/controllers/admin/orders_controller.ts': `import { RecordNotFound } from 'regauge'
import { ApplicationController } from '../application_controller.ts'
export class OrdersController extends ApplicationController {
  static {
    this.beforeAction('authenticate', { except: ['index'] })
    this.beforeAction('load', { only: ['show', 'update'], unless: 'isCached' })
    this.aroundAction(async (_controller, proceed) => proceed())
    this.afterAction(function audit() {})
    this.rescueFrom(RecordNotFound, 'notFound')
  }
  index() {}
  show() {}
  update() {}
  notFound() {}
  isCached() {}
  authenticate() {}
  load() {}
}
`,
}

describe('regauge callbacks', () => {
  afterEach(removeFolders)

  it('lists the callbacks and rescue handlers of a controller in the order of the chain', async () => {
    const { stdout, status } = await regaugeHere(['callbacks', 'Admin::OrdersController', '--root', applicationWith(files)])
    expect(status).to.equal(0)
    expect(stdout).to.equal(`OrdersController (index, show, update, notFound, isCached)
  before authenticate  except: index
  before load  only: show, update  unless: isCached
  around (function)
  after  audit
  rescue RecordNotFound  with: notFound
`)
  })

  it('lists those of one action, also as JSON', async () => {
    const root = applicationWith(files)
    const { stdout } = await regaugeHere(['callbacks', 'admin/orders', '--action', 'index', '--json', '--root', root])
    const { callbacks, actions } = JSON.parse(stdout) as { callbacks: { callback: string }[]; actions: string[] }
    expect(actions).to.deep.equal(['index'])
    expect(callbacks.map(({ callback }) => callback)).to.deep.equal(['(function)', 'audit'])
  })

  it('suggests a controller and an action for those that do not exist', async () => {
    const root = applicationWith(files)
    const wrong = await regaugeHere(['callbacks', 'Admin::OrderController', '--root', root])
    expect([wrong.status, wrong.stderr]).to.satisfy(
      ([status, text]: [number, string]) => status === 1 && /admin\/orders_controller\.ts/.test(text),
    )
    const { status, stderr } = await regaugeHere(['callbacks', 'admin/orders', '-a', 'shwo', '--root', root])
    expect(status).to.equal(1)
    expect(stderr).to.include('Did you mean show?')
  })

  it('lists those of a model in the order in which they run, with those of its associations', async () => {
    const root = ordersWith({
      'app/models/order.ts': `import { Model } from 'regauge'
export class Order extends Model('Order') {
  static {
    this.beforeSave('round', { if: 'isNewRecord' })
    this.afterCreateCommit('announce')
  }
  round() {}
  announce() {}
}
`,
    })
    expect((await regaugeHere(['db:push', '--root', root])).status).to.equal(0)
    const { stdout, stderr } = await regaugeHere(['callbacks', 'Order', '--root', root])
    expect(stdout, stderr).to.equal(`Order
  before save       round  conditional
  after commit      announce  on: create
`)
    const json = JSON.parse((await regaugeHere(['callbacks', 'Order', '--json', '--root', root])).stdout) as { callbacks: unknown[] }
    expect(json.callbacks).to.have.length(2)
  })
})
