import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'chai'
import { boot, type Configuration, RegaugeError } from 'regauge'
import { databaseTasks } from '../../src/application/index.ts'
import { folderOf, ordersWith, removeFolders } from './folder.ts'

const controller = (body: string) =>
  `import { ApplicationController } from './application_controller.ts'\nexport class OrdersController extends ApplicationController {\n${body}\nauthenticate() {}\nindex() {}\nshow() {}\ncreate() {}\n}\n`
const routes = (body: string) => `import { draw } from 'regauge'\nexport default draw(({ get, resources }) => {\n  ${body}\n})\n`
const model = (body: string) =>
  `import { Model } from 'regauge'\nexport class Order extends Model('Order') {\n  static {\n    ${body}\n  }\n}\n`
const configuration = (body: string) => `import { configure } from 'regauge'\nexport default configure((config) => {\n  ${body}\n})\n`

describe('an application that cannot boot', () => {
  afterEach(removeFolders)

  describe('names in the routes', () => {
    refuses(
      'a controller that does not exist',
      { 'config/routes.ts': routes("resources('ordres', { only: 'index' })") },
      'REGAUGE_UNKNOWN_CONTROLLER',
      [
        'GET /ordres(.:format)',
        '(config/routes.ts:3)',
        'app/controllers/ordres_controller.ts',
        'Did you mean app/controllers/orders_controller.ts?',
      ],
    )
    refuses(
      'an action that does not exist',
      { 'config/routes.ts': routes("get('list', { to: 'orders#idnex' })") },
      'REGAUGE_UNKNOWN_ACTION',
      ["'idnex'", 'OrdersController', 'GET /list(.:format) (config/routes.ts:3)', 'Did you mean index?'],
    )
    refuses(
      'a file that exports something else than what draw returns',
      { 'config/routes.ts': 'export default 1\n' },
      'REGAUGE_INVALID_CONFIGURATION',
      ['config/routes.ts', 'draw()'],
    )
    it('lets what does not serve boot while controllers and actions are still missing', async () => {
      const root = await orders({
        'config/routes.ts': routes("get('ordres', { to: 'ordres#index' })\n  get('list', { to: 'orders#idnex' })"),
      })
      const application = await boot({ root, env: 'test', serves: false })
      expect(application.classes().map(({ name }) => name)).to.include('Order')
      await application.stop()
    })

    it('refuses a folder without routes, saying how to make an application', async () => {
      const error = await bootError(folderOf())
      expect(error).to.include({ code: 'REGAUGE_NO_APPLICATION' })
      expect(error.hint).to.include('regauge new')
    })
  })

  describe('names in controllers', () => {
    refuses(
      'a callback without a method',
      { 'app/controllers/orders_controller.ts': controller("static { this.beforeAction('authentcate') }") },
      'REGAUGE_MISSING_CALLBACK',
      ["OrdersController has a callback 'authentcate'", 'Did you mean authenticate?'],
    )
    refuses(
      'a condition without a method',
      {
        'app/controllers/orders_controller.ts': controller(
          "static { this.beforeAction('authenticate', { if: 'isAdmn' }) }\nisAdmin() { return true }",
        ),
      },
      'REGAUGE_MISSING_CALLBACK',
      ["'isAdmn'", 'Did you mean isAdmin?'],
    )
    refuses(
      'a file without the class it is named after',
      { 'app/controllers/orders_controller.ts': 'export class Orders {}\n' },
      'REGAUGE_MISSING_EXPORT',
      ['app/controllers/orders_controller.ts should export class OrdersController, but exports Orders.'],
    )
    refuses(
      'a class that is no controller',
      { 'app/controllers/orders_controller.ts': 'export class OrdersController {}\n' },
      'REGAUGE_WRONG_PARENT',
      ["OrdersController in app/controllers/orders_controller.ts doesn't extend Controller"],
    )
  })

  describe('names in models', () => {
    refuses(
      'a model that the schema does not have',
      { 'app/models/order.ts': "import { Model } from 'regauge'\nexport class Order extends Model('Oder') {}\n" },
      'REGAUGE_UNKNOWN_MODEL',
      ['no model Oder', 'Did you mean Order?'],
    )
    refuses(
      'a validation of no column',
      { 'app/models/order.ts': model("this.validates('amout', { presence: true })") },
      'REGAUGE_MISSING_MODEL_METHOD',
      ["'amout'", 'Did you mean amount?'],
    )
    refuses(
      'a callback without a method',
      { 'app/models/order.ts': model("this.beforeSave('normalise')") },
      'REGAUGE_MISSING_MODEL_METHOD',
      ["'normalise'", 'beforeSave'],
    )
    refuses('an association with no model', { 'app/models/order.ts': model("this.hasMany('inventores')") }, 'REGAUGE_UNKNOWN_MODEL', [
      'Did you mean Inventory?',
    ])
    refuses(
      'an association by no column',
      { 'app/models/order.ts': model("this.belongsTo('inventory', { foreignKey: 'product' })") },
      'REGAUGE_UNKNOWN_COLUMN',
      ["'product'"],
    )
    refuses(
      'a schema that is not valid',
      { 'db/schema.prisma': 'datasource db {\n  provider = "sqlite"\n}\nmodel Order {\n  id Intt @id\n}\n' },
      'REGAUGE_SCHEMA_INVALID',
      ['db/schema.prisma:5', 'Intt'],
    )
  })

  describe('settings', () => {
    refuses('a setting that does not exist', { 'config/application.ts': configuration('config.naem = 1') }, 'REGAUGE_UNKNOWN_SETTING', [
      'config/application.ts: there is no setting config.naem.',
      'Did you mean name?',
    ])
    refuses('one in a group', { 'config/environments/test.ts': configuration('config.http.prt = 1') }, 'REGAUGE_UNKNOWN_SETTING', [
      'config/environments/test.ts: there is no setting config.http.prt.',
      'Did you mean port?',
    ])
    refuses(
      'a group that does not exist',
      { 'config/initializers/http.ts': configuration('config.htp.port = 1') },
      'REGAUGE_UNKNOWN_SETTING',
      ['config/initializers/http.ts: there is no setting config.htp.', 'Did you mean http?'],
    )
    refuses(
      'a value that is none of the possible ones',
      { 'config/application.ts': configuration("config.log.level = 'wran'") },
      'REGAUGE_INVALID_SETTING',
      ["config.log.level can't be 'wran'", "'debug', 'info', 'warn'", 'Did you mean warn?'],
    )
    refuses('a number out of range', { 'config/application.ts': configuration('config.http.port = 70_000') }, 'REGAUGE_INVALID_SETTING', [
      "config.http.port can't be 70000; expected a whole number from 0 to 65535",
    ])
    refuses('a time below none', { 'config/application.ts': configuration('config.http.writeTimeout = -1') }, 'REGAUGE_INVALID_SETTING', [
      "config.http.writeTimeout can't be -1; expected a whole number of 0 or more",
    ])
    refuses(
      'a queue that does not exist',
      { 'config/application.ts': configuration("config.jobs.backend = 'embeded'") },
      'REGAUGE_UNKNOWN_ADAPTER',
      ["no jobs adapter 'embeded'", 'Did you mean embedded?'],
    )
    refuses(
      'a queue with options that does not exist',
      { 'config/application.ts': configuration('config.jobs.backend = { bulmq: {} }') },
      'REGAUGE_UNKNOWN_ADAPTER',
      ["no jobs adapter 'bulmq'", 'Did you mean bullmq?'],
    )
    refuses(
      'a transport that does not exist',
      { 'config/application.ts': configuration("config.cable.transports = ['socketio']") },
      'REGAUGE_UNKNOWN_ADAPTER',
      ["no cable adapter 'socketio'", 'Did you mean socket.io?'],
    )
    refuses(
      'a database that nothing can open',
      { 'config/application.ts': configuration("config.database.url = 'oracle://host/name'") },
      'REGAUGE_DATABASE_URL',
      ['oracle'],
    )
    refuses(
      'a configuration file without a function',
      { 'config/application.ts': 'export const name = 1\n' },
      'REGAUGE_INVALID_CONFIGURATION',
      ['config/application.ts', 'default export'],
    )
    it('refuses an environment without a file, suggesting the ones there are', async () => {
      expect((await bootError(await orders({}), 'prodution')).message).to.match(
        /'prodution'.*config\/environments\/prodution\.ts.*Did you mean production\?/,
      )
      const staged = await orders({ 'config/environments/staging.ts': configuration('') })
      expect((await bootError(staged, 'stagin')).message).to.include('Did you mean staging?')
    })
  })

  describe('files', () => {
    refuses(
      'a syntax error',
      { 'app/controllers/orders_controller.ts': 'export class OrdersController {\n  show( {\n}\n' },
      'REGAUGE_LOAD_FAILED',
      [/^app\/controllers\/orders_controller\.ts:[34] could not be loaded: /],
    )
    refuses(
      'a syntax error in a file that another imports',
      { 'app/events/order_placed.ts': "\n\nexport const = 'x'\n" },
      'REGAUGE_LOAD_FAILED',
      [/^app\/events\/order_placed\.ts:3 could not be loaded: /],
    )
    refuses('a syntax error in the routes', { 'config/routes.ts': "export default\n\n  draw('\n" }, 'REGAUGE_LOAD_FAILED', [
      /^config\/routes\.ts:3 could not be loaded: /,
    ])
    refuses(
      'an import of what is not exported',
      { 'app/controllers/orders_controller.ts': "\nimport { Contrller } from 'regauge'\nexport const x = Contrller\n" },
      'REGAUGE_LOAD_FAILED',
      [/^app\/controllers\/orders_controller\.ts:2 could not be loaded: .*'Contrller'/],
    )
    refuses(
      'an import of a file that is not there',
      { 'app/controllers/orders_controller.ts': "import { x } from './nope.ts'\nexport const y = x\n" },
      'REGAUGE_LOAD_FAILED',
      ["app/controllers/orders_controller.ts could not be loaded: Cannot find module 'app/controllers/nope.ts'"],
    )
    refuses('a file that throws', { 'app/controllers/orders_controller.ts': "\n\nthrow new Error('no luck')\n" }, 'REGAUGE_LOAD_FAILED', [
      'app/controllers/orders_controller.ts:3 could not be loaded: no luck',
    ])
    refuses(
      'a configuration file that throws',
      { 'config/initializers/cache.ts': configuration("throw new Error('no cache')") },
      'REGAUGE_LOAD_FAILED',
      ['config/initializers/cache.ts:3 could not be loaded: no cache'],
    )
  })
})

describe('a boot that fails half-way', () => {
  afterEach(removeFolders)

  it('says what the work after initialisation threw, and closes the queue and the database', async () => {
    const root = await orders({
      'config/initializers/warm_up.ts': configuration("config.afterInitialize(() => {\n    throw new Error('cold')\n  })"),
    })
    expect((await bootError(root)).message).to.equal('cold')
    writeFileSync(join(root, 'config/initializers/warm_up.ts'), configuration(''))
    const again = await boot({ root: await moved(root), env: 'test' }) // the queue directory of the first is free again
    await again.stop()
  })

  it('leaves the queue free when a route is wrong', async () => {
    const root = await orders({ 'config/routes.ts': routes("get('list', { to: 'orders#nothing' })") })
    await bootError(root)
    const again = await boot({ root: await moved(root, { 'config/routes.ts': routes('') }), env: 'test' })
    await again.stop()
  })

  it('leaves no application to be the current one', async () => {
    const { application } = await import('regauge')
    await bootError(
      await orders({ 'config/initializers/warm_up.ts': configuration("config.afterInitialize(() => { throw new Error('cold') })") }),
    )
    expect(() => application())
      .to.throw(RegaugeError)
      .with.property('code', 'REGAUGE_NOT_BOOTED')
  })
})

/** An application whose files have other paths, so that they are loaded anew, on the queue and the database of another. */
async function moved(root: string, files: Record<string, string> = {}): Promise<string> {
  const url = `file:${join(root, 'storage/test.sqlite3')}`
  const text = configuration(`config.database.url = '${url}'; config.jobs.directory = '../${root.split('/').at(-1)}/storage/jobs/test'`)
  return ordersWith({ 'config/application.ts': text, ...files })
}

async function orders(files: Record<string, string>): Promise<string> {
  const root = ordersWith(files)
  mkdirSync(join(root, 'storage'))
  await (await databaseTasks(ordersWith(), 'test', `file:${join(root, 'storage/test.sqlite3')}`)).push({})
  return root
}

function refuses(what: string, files: Record<string, string>, code: string, parts: readonly (string | RegExp)[]): void {
  it(`refuses ${what}`, async () => {
    const error = await bootError(await orders(files))
    expect(error).to.include({ code })
    for (const part of parts) part instanceof RegExp ? expect(error.message).to.match(part) : expect(error.message).to.include(part)
  })
}

async function bootError(root: string, env = 'test'): Promise<RegaugeError> {
  const silent = (config: Configuration) => Object.assign(config.log, { level: config.log.level === 'info' ? 'silent' : config.log.level })
  const application = await boot({ root, env, configure: silent }).then(
    (booted) => booted,
    (error: RegaugeError) => error,
  )
  if (application instanceof Error) return application
  await application.stop()
  return expect.fail('it should not have booted')
}
