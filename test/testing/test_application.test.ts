import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'chai'
import { type TestApplication, testApplication } from 'regauge/testing'
import { applicationWith, ordersWith, removeFolders } from '../application/folder.ts'

const configuration = (lines: string): string =>
  `import { configure } from 'regauge'\nexport default configure((config) => {\n${lines}\n})\n`
const schemaOf = (model: string): string => `datasource db {
  provider = "sqlite"
}
generator client {
  provider = "prisma-client"
  output   = "generated/client"
}
model ${model} {
  id Int @id @default(autoincrement())
  name String
}
`
const nobody = 'redis://127.0.0.1:1'
const counting = {
  'app/jobs/count_job.ts': `import { Job } from 'regauge'\nexport class CountJob extends Job {\n  perform() {}\n}\n`,
  'app/controllers/counts_controller.ts': `import { cache } from 'regauge'
import { CountJob } from '../jobs/count_job.ts'
import { ApplicationController } from './application_controller.ts'
export class CountsController extends ApplicationController {
  async create() {
    await CountJob.performLater()
    const before = this.session['count'] ?? 0
    this.session['count'] = 1
    await cache.clear()
    this.render({ json: { before } })
  }
}
`,
  'config/routes.ts':
    "import { draw } from 'regauge'\nexport default draw(({ resources }) => void resources('counts', { only: ['create'] }))\n",
}

describe('an application under test', () => {
  let application: TestApplication
  afterEach(async () => {
    await application.stop()
    removeFolders()
  })

  it('has a queue, sessions and a cache of its own where those of all environments are elsewhere', async () => {
    const elsewhere = `
      config.jobs.backend = { bullmq: { connection: '${nobody}', timeout: 200 } }
      config.session.store = 'redis'
      config.session.redis.connection = '${nobody}'
      config.cacheStore = new Proxy({}, { get() { throw new Error('The cache of others was used') } })`
    application = await testApplication({
      root: applicationWith({ ...counting, 'config/application.ts': configuration(elsewhere) }),
      holdsJobs: true,
    })
    const answers = [await application.post('/counts')]
    answers.push(await application.post('/counts', { headers: { cookie: answers[0]!.headers.get('set-cookie')!.split(';')[0]! } }))
    expect(await Promise.all(answers.map((answer) => answer.json()))).to.deep.equal([{ before: 0 }, { before: 1 }])
    await application.jobs.assertEnqueuedJobs(2)
    await application.jobs.clearEnqueuedJobs()
    await application.jobs.assertNoEnqueuedJobs()
  })

  it('has other databases of its own, with their schemas', async () => {
    const root = applicationWith({
      'db/schema.prisma': schemaOf('Person'),
      'db/animals/schema.prisma': schemaOf('Dog'),
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
      'app/controllers/dogs_controller.ts': `import { connectedTo } from 'regauge'
import { Dog } from '../models/dog.ts'
import { Person } from '../models/person.ts'
import { ApplicationController } from './application_controller.ts'
export class DogsController extends ApplicationController {
  async create() {
    await Dog.createOrThrow({ name: 'Rex' })
    await Person.createOrThrow({ name: 'Ann' })
    const people = await connectedTo({ role: 'reading' }, () => Person.count())
    this.render({ json: { dogs: await Dog.count(), people } })
  }
}
`,
      'config/routes.ts':
        "import { draw } from 'regauge'\nexport default draw(({ resources }) => void resources('dogs', { only: ['create'] }))\n",
      'config/application.ts': configuration(`
        config.database.others = {
          replica: { url: 'file:replica.sqlite3', replicaOf: 'primary' },
          animals: { url: 'file:animals.sqlite3' },
        }
        config.database.roles = { reading: 'replica' }`),
    })
    application = await testApplication({ root })
    expect(await (await application.post('/dogs')).json()).to.deep.equal({ dogs: 1, people: 1 })
    for (const name of ['animals', 'replica']) expect(existsSync(join(root, `${name}.sqlite3`)), name).to.equal(false)
  })

  it('leaves nothing of a test in the folder of the application', async () => {
    const root = ordersWith()
    application = await testApplication({ root })
    await application.stop()
    const folders = ['tmp', 'storage'].filter((folder) => existsSync(join(root, folder)))
    const left = folders.flatMap((folder) => readdirSync(join(root, folder)))
    expect(left.filter((name) => name !== 'local_secret.txt')).to.deep.equal([]) // that is kept for the next time
  })
})
