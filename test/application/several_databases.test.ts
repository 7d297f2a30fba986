import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'chai'
import { type Application, boot, connectedTo } from 'regauge'
import { databaseTasks } from '../../src/application/index.ts'
import { subscribed } from '../../src/notifications/index.ts'
import { applicationWith, removeFolders } from './folder.ts'
import { rejection } from '../model/rejection.ts'

const schemaOf = (models: string): string => `datasource db {
  provider = "sqlite"
}
generator client {
  provider = "prisma-client"
  output   = "generated/client"
}
${models}
`
const files = {
  'db/schema.prisma': schemaOf('model Person {\n  id Int @id @default(autoincrement())\n  name String\n}'),
  'db/animals/schema.prisma': schemaOf('model Dog {\n  id Int @id @default(autoincrement())\n  name String\n}'),
  'app/models/person.ts': "import { Model } from 'regauge'\nexport class Person extends Model('Person') {}\n",
  'app/models/animals_record.ts': `import { AbstractModel } from 'regauge'
import type { Animals } from '../../db/animals/generated/register.ts'
export class AnimalsRecord extends AbstractModel<Animals> {
  static { this.connectsTo({ database: { writing: 'animals' } }) }
}
`,
  'app/models/dog.ts': `import { modelOf } from 'regauge'
import { AnimalsRecord } from './animals_record.ts'
export class Dog extends modelOf(AnimalsRecord)('Dog') {}
`,
  'app/controllers/people_controller.ts': `import { ApplicationController } from './application_controller.ts'
import { Person } from '../models/person.ts'
export class PeopleController extends ApplicationController {
  async index() { this.render({ json: { role: Person.currentRole, writes: !Person.isPreventingWrites(), names: await Person.order('id').pluck('name') } }) }
  async create() {
    const person = await Person.createOrThrow({ name: 'Ann' })
    this.render({ json: { role: Person.currentRole, name: person.name } })
  }
  async twice() { this.render({ json: [await Person.count(), await Person.count(), (await Person.create({ name: 'b' })).name, await Person.count()] }) }
  async sneak() { this.render({ json: await Person.createOrThrow({ name: 'sneaked' }) }) }
}
`,
  'config/routes.ts': `import { draw } from 'regauge'
export default draw(({ resources, get }) => {
  resources('people', { only: ['index', 'create'] })
  get('sneak', { to: 'people#sneak' })
  get('twice', { to: 'people#twice' })
})
`,
}
const configuration = (lines: string): string =>
  `import { configure } from 'regauge'\nexport default configure((config) => {\n${lines}\n})\n`
const databases = `
config.database.url = 'file:main.sqlite3'
config.database.others = {
  replica: { url: 'file:replica.sqlite3', replicaOf: 'primary' },
  animals: { url: 'file:animals.sqlite3' },
}
config.database.roles = { reading: 'replica' }
config.session.key = '_databases'
`

describe('an application with several databases', () => {
  const applications: Application[] = []

  afterEach(async () => {
    for (const application of applications.splice(0)) await application.stop()
    removeFolders()
  })

  async function push(root: string): Promise<void> {
    for (const name of ['primary', 'animals']) await (await databaseTasks(root, 'test', undefined, name)).push({})
    await (await databaseTasks(root, 'test', 'file:replica.sqlite3')).push({})
  }
  async function start(settings: string): Promise<{ root: string; url: string; application: Application }> {
    const root = applicationWith({ ...files, 'config/application.ts': configuration(settings) })
    await push(root)
    const application = await boot({ root, env: 'test', configure: ({ http }) => void Object.assign(http, { port: 0, host: '127.0.0.1' }) })
    applications.push(application)
    return { root, application, url: (await application.start()).url }
  }
  const browse = async (url: string, path: string, options: RequestInit & { cookie?: string } = {}) => {
    const { cookie, ...rest } = options
    const response = await fetch(url + path, { ...rest, headers: cookie === undefined ? {} : { cookie } })
    return {
      status: response.status,
      body: (await response.json()) as Record<string, unknown>,
      cookie: response.headers.get('set-cookie')?.split(';')[0],
    }
  }
  const modelIn = async (root: string, file: string, name: string) =>
    (
      (await import(join(root, 'app/models', file))) as Record<
        string,
        { count(): Promise<number>; create(values: object): Promise<unknown>; transaction<T>(work: () => T): T; currentRole: string }
      >
    )[name]!

  it('opens them all, with the schema of each, and tells their types apart', async () => {
    const { root, application } = await start(databases)
    const [Person, Dog] = [await modelIn(root, 'person.ts', 'Person'), await modelIn(root, 'dog.ts', 'Dog')]
    await application.run(async () => {
      await Dog.create({ name: 'Rex' })
      expect([await Dog.count(), await Person.count()]).to.deep.equal([1, 0])
    })
    const main = readFileSync(join(root, 'db/generated/register.ts'), 'utf8')
    const animals = readFileSync(join(root, 'db/animals/generated/register.ts'), 'utf8')
    expect(main).to.include('Person: typeof Person').and.not.include('Dog')
    expect(animals).to.include('export interface Animals').and.include('Dog: typeof Dog').and.not.include('Person')
  })

  it('binds the classes of each application in a process to its own databases, and leaves nothing when one stops', async () => {
    const [one, two] = [await start(databases), await start(databases)]
    const [first, second] = [await modelIn(one.root, 'person.ts', 'Person'), await modelIn(two.root, 'person.ts', 'Person')]
    await first.create({ name: 'Ann' })
    expect([await first.count(), await second.count()]).to.deep.equal([1, 0])
    await one.application.stop()
    expect(await second.count()).to.equal(0)
    await two.application.stop()
    expect(() => second.currentRole).to.throw('was used before a database was set')
  })

  it('sends requests that read to the replica, where nothing is written', async () => {
    const { url } = await start(`${databases}config.database.selector = {}`)
    expect((await browse(url, '/people', { method: 'POST' })).body).to.deep.equal({ role: 'writing', name: 'Ann' })
    expect((await browse(url, '/people')).body).to.deep.equal({ role: 'reading', writes: false, names: [] })
    expect((await browse(url, '/sneak')).body['error'] ?? (await browse(url, '/sneak')).status).to.not.equal(200)
  })

  it('opens transactions on a replica that can only be read', async () => {
    const { root, application } = await start(databases)
    const Person = await modelIn(root, 'person.ts', 'Person')
    const read = () => Person.transaction(() => Person.count())
    expect(await application.run(() => connectedTo({ role: 'reading' }, read))).to.equal(0)
    const write = () => Person.create({ name: 'Ann' })
    const error = await rejection(
      application.run(() => connectedTo({ role: 'reading', preventWrites: false }, write)) as Promise<unknown>,
      Error,
    )
    expect(error.message).to.match(/readonly database/)
  })

  it('lets a client that has just written read what it wrote, for the delay', async () => {
    const { url } = await start(`${databases}config.database.selector = { delay: 3600 }`)
    const { cookie } = await browse(url, '/people', { method: 'POST' })
    expect((await browse(url, '/people', { cookie: cookie! })).body).to.deep.equal({ role: 'writing', writes: false, names: ['Ann'] })
    expect((await browse(url, '/people')).body['role']).to.equal('reading')
  })

  it('reads from the replica again when the delay is over', async () => {
    const { url } = await start(`${databases}config.database.selector = { delay: 0 }`)
    const { cookie } = await browse(url, '/people', { method: 'POST' })
    expect((await browse(url, '/people', { cookie: cookie! })).body['role']).to.equal('reading')
  })

  it('asks a memory of its own where there are no sessions', async () => {
    const memory =
      '{ lastWrite: () => Promise.resolve(globalThis.lastWriteOfTest), noteWrite: (_request, time) => { globalThis.lastWriteOfTest = time } }'
    const { url } = await start(
      `${databases}config.session.store = 'disabled'\nconfig.database.selector = { delay: 3600, memory: ${memory} }`,
    )
    expect((await browse(url, '/people')).body['role']).to.equal('reading')
    await browse(url, '/people', { method: 'POST' })
    expect((await browse(url, '/people')).body['role']).to.equal('writing')
  })

  it('remembers the answers of queries within a request when that is wanted', async () => {
    const queries: [unknown, boolean][] = []
    const { url } = await start(`${databases}config.database.queryCache = true`)
    const asked = await subscribed(
      'sql.active_record',
      ({ payload }) => queries.push([payload['name'], payload['cached'] === true]),
      async () => (await browse(url, '/twice')).body,
    )
    expect(asked).to.deep.equal([0, 0, 'b', 1])
    expect(queries.filter(([name]) => name === 'Person Count').map(([, cached]) => cached)).to.deep.equal([false, true, false])
  })

  describe('refuses at boot', () => {
    const refusal = async (settings: string) => {
      const root = applicationWith({ ...files, 'config/application.ts': configuration(settings) })
      return (await rejection(boot({ root, env: 'test' }), Error)).message
    }

    it('roles and replicas of databases that are not there', async () => {
      expect(
        await refusal(
          "config.database.roles = { reading: 'replca' }\nconfig.database.others = { replica: { url: 'file:x', replicaOf: 'primary' } }",
        ),
      ).to.include("config.database.roles.reading can't be 'replca'; expected one of 'primary', 'replica'. Did you mean replica?")
      expect(await refusal("config.database.others = { replica: { url: 'file:x', replicaOf: 'main' } }")).to.include(
        "config.database.others.replica.replicaOf can't be 'main'",
      )
      expect(await refusal('config.database.others = { animals: {} }')).to.include("config.database.others.animals can't be undefined")
    })

    it('a selector without sessions or without a replica', async () => {
      expect(await refusal("config.session.store = 'disabled'\nconfig.database.selector = {}")).to.include('sessions')
      expect(await refusal('config.database.selector = {}')).to.include("config.database.roles.reading can't be undefined")
    })

    it('classes that name a database that the configuration lacks', async () => {
      const root = applicationWith({ ...files, 'config/application.ts': configuration("config.database.url = 'file:main.sqlite3'") })
      await (await databaseTasks(root, 'test')).push({})
      expect((await rejection(boot({ root, env: 'test' }), Error)).message).to.include("The configuration has no database 'animals'.")
    })
  })

  it('has no tasks for replicas', async () => {
    const root = applicationWith({ ...files, 'config/application.ts': configuration(databases) })
    expect((await rejection(databaseTasks(root, 'test', undefined, 'replica'), Error)).message).to.include('a replica of primary')
    expect((await rejection(databaseTasks(root, 'test', undefined, 'animal'), Error)).message).to.include('Did you mean animals?')
  })
})
