import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'chai'
import { boot } from 'regauge'
import { databaseTasks } from '../../src/application/index.ts'
import { buildPackage } from './built_package.ts'
import { ordersWith, removeFolders, repository } from './folder.ts'

buildPackage() // for the process that dies

const schema = readFileSync(join(repository, 'test/applications/orders/db/schema.prisma'), 'utf8')
const table = `
model JobOutbox {
  id         String   @id
  entry      String
  created_at DateTime
  @@map("job_outbox")
}
`
const files = {
  'config/initializers/jobs.ts':
    "import { configure } from 'regauge'\nexport default configure((config) => { config.jobs.outbox = true })\n",
  // Commits an order and the news of it, and is killed before the queue has the job.
  'place_and_die.ts': `import { boot, publish } from 'regauge'
import { Order } from './app/models/order.ts'
import { OrderPlaced } from './app/events/order_placed.ts'
const application = await boot({ root: import.meta.dirname, env: 'test' })
application.jobs!.add = () => process.kill(process.pid, 'SIGKILL') as never
await application.run(() =>
  Order.transaction(async () => {
    const order = await Order.createOrThrow({ amount: 3, product_id: 7 })
    await publish(new OrderPlaced({ order }))
  }),
)
`,
}

describe('an application with an outbox', () => {
  afterEach(removeFolders)

  const settings = (root: string) => ({
    root,
    env: 'test',
    configure: ({ http }: { http: { port: number; host: string | undefined } }) => void Object.assign(http, { port: 0, host: '127.0.0.1' }),
  })

  it('delivers an event whose process was killed right after the commit', async function () {
    this.timeout(60_000)
    const root = ordersWith({ ...files, 'db/schema.prisma': schema + table })
    await (await databaseTasks(root, 'test')).push({})
    const words = ['--import', import.meta.resolve('tsx'), join(root, 'place_and_die.ts')]
    const child = spawn(process.execPath, words, { stdio: ['ignore', 'ignore', 'inherit'] })
    const [, signal] = (await once(child, 'exit')) as [number | null, string | null]
    expect(signal).to.equal('SIGKILL')

    const application = await boot(settings(root))
    const sold = async () => (await application.database!.query('SELECT sold FROM inventories WHERE product_id = 7', [])).rows[0]?.[0]
    try {
      expect((await application.jobs!.counts()).waiting).to.equal(0)
      await application.start()
      while ((await sold()) !== 3) await new Promise((resolve) => setTimeout(resolve, 10))
      expect((await application.database!.query('SELECT count(*) FROM job_outbox', [])).rows[0]![0]).to.equal(0)
    } finally {
      await application.stop()
    }
  })

  it('does not boot without the table', async () => {
    const root = ordersWith(files)
    await (await databaseTasks(root, 'test')).push({})
    const error = await boot(settings(root)).catch((thrown: Error) => thrown)
    expect((error as Error).message).to.equal("The database can't keep jobs until they are in the queue: there is no table job_outbox.")
  })
})
