import { expect } from 'chai'
import pg from 'pg'
import { bullmqBackend } from '../../../adapters/bullmq/index.ts'
import { QueueRefused, QueueUnreachable } from '../../../src/jobs/index.ts'

const url = process.env['TEST_POSTGRES_URL'] ?? 'postgresql://postgres@127.0.0.1:5432/postgres'

describe('jobs on BullMQ over a PostgreSQL that is out of order', () => {
  const database = `regauge_faults_${process.pid}`
  before(() => administer(`CREATE DATABASE ${database}`))
  after(() => administer(`DROP DATABASE ${database} WITH (FORCE)`))

  const at = (changes: Partial<URL>) => Object.assign(new URL(url), { pathname: `/${database}` }, changes).href

  async function enqueue(connection: string): Promise<unknown> {
    const backend = await bullmqBackend({ connection, prefix: 'test' })
    try {
      return await backend.add([{ queue: 'default', name: 'Example', data: {} }]).catch((error: unknown) => error)
    } finally {
      await backend.close()
    }
  }

  it('are refused while nothing listens', async () => {
    const error = await enqueue(at({ host: '127.0.0.1:1' }))
    expect(error).to.be.instanceOf(QueueUnreachable)
    expect((error as Error).message).to.equal("The job queue can't be reached: connect ECONNREFUSED 127.0.0.1:1.")
  })

  it('are refused where there is no such database, or user', async () => {
    const noDatabase = await enqueue(at({ pathname: '/none_such' }))
    expect(noDatabase).to.be.instanceOf(QueueRefused)
    expect((noDatabase as Error).message).to.equal('The job queue takes no jobs: database "none_such" does not exist.')
    const noUser = await enqueue(at({ username: 'none_such' }))
    expect(noUser).to.be.instanceOf(QueueRefused)
  })

  it('are refused by a server that only reads, and taken when it writes', async () => {
    expect((await enqueue(at({}))) as string[]).to.have.length(1)
    await administer(`ALTER DATABASE ${database} SET default_transaction_read_only = on`)
    const error = await enqueue(at({}))
    expect(error).to.be.instanceOf(QueueRefused)
    expect((error as Error).message).to.match(/^The job queue takes no jobs: cannot execute .* in a read-only transaction\.$/)
    await administer(`ALTER DATABASE ${database} SET default_transaction_read_only = off`)
    expect((await enqueue(at({}))) as string[]).to.have.length(1)
  })
})

async function administer(statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  await client.query(statement)
  await client.end()
}
