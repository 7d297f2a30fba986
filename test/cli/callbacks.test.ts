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
    const said = async (...words: string[]) => {
      const { status, stdout, stderr } = await regaugeHere(['callbacks', ...words, '--root', root])
      expect([status, stdout]).to.deep.equal([1, ''])
      expect(stderr).to.not.match(/route/)
      return stderr
    }
    expect(await said('Admin::OrderController')).to.include(
      "There is no controller 'Admin::OrderController'. Did you mean Admin::OrdersController?",
    )
    expect(await said('admin/order')).to.include("There is no controller 'admin/order'. Did you mean admin/orders?")
    expect(await said('Somewhat')).to.include("There is no controller or model 'Somewhat'.\n")
    expect(await said('admin/orders', '-a', 'shwo')).to.include('Did you mean show?')
  })

  it('suggests a model for one that does not exist, and has no actions of one', async () => {
    const root = ordersWith()
    expect((await regaugeHere(['db:push', '--root', root])).status).to.equal(0)
    const { stderr } = await regaugeHere(['callbacks', 'Ordr', '--root', root])
    expect(stderr).to.include("There is no controller or model 'Ordr'. Did you mean Order?").and.not.match(/route/)
    const action = await regaugeHere(['callbacks', 'Order', '--action', 'show', '--root', root])
    expect([action.status, action.stdout]).to.deep.equal([2, ''])
    expect(action.stderr).to.include('Order is a model: --action is for controllers')
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
