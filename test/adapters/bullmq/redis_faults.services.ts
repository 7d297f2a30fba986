import { expect } from 'chai'
import { Redis } from 'ioredis'
import { type BullmqConnection, bullmqBackend } from '../../../adapters/bullmq/index.ts'
import type { Logger } from '../../../src/logging/index.ts'
import { type JobBackend, QueueRefused, QueueUnreachable } from '../../../src/jobs/index.ts'
import { RedisServer } from '../../services/redis_server.ts'

describe('jobs on BullMQ over a Redis that is out of order', () => {
  let server: RedisServer
  let admin: Redis
  const open: JobBackend[] = []
  const problems: string[] = []
  const logger = {
    warn: () => {},
    error: (_: string, { error }: { error: Error }) => void problems.push(error.message),
  } as unknown as Logger

  before(async function () {
    const started = await RedisServer.start()
    if (started === undefined) this.skip()
    server = started
    admin = new Redis(server.url)
  })
  beforeEach(async () => {
    problems.splice(0)
    await admin.flushall()
  })
  afterEach(async () => {
    await admin.config('SET', 'requirepass', '', 'maxmemory', '0')
    await admin.replicaof('NO', 'ONE')
    for (const backend of open.splice(0)) await backend.close()
  })
  after(async () => {
    admin?.disconnect()
    await server?.remove()
  })

  async function backendOn(connection: BullmqConnection, timeout = 500): Promise<JobBackend> {
    const backend = await bullmqBackend({ connection, timeout, logger })
    open.push(backend)
    return backend
  }
  const job = (number: number) => ({ queue: 'default', name: 'Example', data: { number } })
  const refusalOf = (backend: JobBackend) => backend.add([job(1)]).then(String, (error: unknown) => error as Error)
  /** Performs until `count` jobs have ended, and says which. */
  async function perform(backend: JobBackend, count: number): Promise<unknown[]> {
    const ran: unknown[] = []
    const worker = await backend.process(
      async ({ data }) => {
        ran.push(data['number'])
        return { kind: 'completed' }
      },
      { queues: ['default'], concurrency: 5 },
    )
    while (ran.length < count) await new Promise((resolve) => setTimeout(resolve, 5))
    await worker.stop()
    return ran
  }

  it('are refused while nothing listens', async () => {
    const error = await refusalOf(await backendOn('redis://127.0.0.1:1'))
    expect(error).to.be.instanceOf(QueueUnreachable)
    expect((error as Error).message).to.equal(
      "The job queue can't be reached: it did not answer within 500 ms (connect ECONNREFUSED 127.0.0.1:1).",
    )
  })

  it('are refused with what Redis says of a wrong password, and of none', async () => {
    await admin.config('SET', 'requirepass', 'secret')
    const wrong = await refusalOf(await backendOn(server.url.replace('//', '//:wrong@')))
    expect(wrong).to.be.instanceOf(QueueRefused)
    expect((wrong as Error).message).to.equal('The job queue takes no jobs: WRONGPASS invalid username-password pair or user is disabled.')
    const none = await refusalOf(await backendOn(server.url))
    expect((none as Error).message).to.match(/^The job queue takes no jobs: NOAUTH /)
    expect(await refusalOf(await backendOn(server.url.replace('//', '//:secret@'), 10_000))).to.be.a('string')
  })

  it('are refused while its memory is full, and go on afterwards', async () => {
    const backend = await backendOn(server.url, 10_000)
    await backend.add([job(0)])
    await admin.config('SET', 'maxmemory', '1mb')
    const error = await refusalOf(backend)
    expect(error).to.be.instanceOf(QueueRefused)
    expect((error as Error).message).to.equal("The job queue takes no jobs: OOM command not allowed when used memory > 'maxmemory'.")
    await admin.config('SET', 'maxmemory', '0')
    await backend.add([job(2)])
    expect(await perform(backend, 2)).to.deep.equal([0, 2])
  })

  it('are done, one after the other, while its memory is full, which the worker finds when it looks for more', async () => {
    const backend = await backendOn(server.url, 10_000)
    await backend.add([job(0), job(1), job(2)])
    const ran: unknown[] = []
    const worker = await backend.process(
      async ({ data }) => {
        if (ran.push(data['number']) === 1) await admin.config('SET', 'maxmemory', '1mb')
        return { kind: 'completed' }
      },
      { queues: ['default'], concurrency: 1 },
    )
    const until = async (isSo: () => boolean | Promise<boolean>) => {
      while (!(await isSo())) await new Promise((resolve) => setTimeout(resolve, 5))
    }
    // Ending a job frees memory, and hands out the next by the same script, which Redis lets do both; only a look by itself is refused.
    await until(async () => Object.values(await backend.counts()).every((count) => count === 0))
    expect(ran).to.deep.equal([0, 1, 2])
    await until(() => problems.length > 0)
    expect(problems.every((problem) => problem.startsWith("OOM command not allowed when used memory > 'maxmemory'."))).to.equal(true)
    expect(await refusalOf(backend)).to.be.instanceOf(QueueRefused)
    await admin.config('SET', 'maxmemory', '0')
    await backend.add([job(3)])
    await until(() => ran.length === 4)
    await worker.stop()
    expect(ran).to.deep.equal([0, 1, 2, 3])
  })

  it('are refused by a replica, and taken when it is the master', async () => {
    const backend = await backendOn(server.url, 10_000)
    await backend.add([job(0)])
    await admin.replicaof('127.0.0.1', '1')
    const error = await refusalOf(backend)
    expect(error).to.be.instanceOf(QueueRefused)
    expect((error as Error).message).to.equal("The job queue takes no jobs: READONLY You can't write against a read only replica.")
    await admin.replicaof('NO', 'ONE')
    await backend.add([job(2)])
    expect(await perform(backend, 2)).to.deep.equal([0, 2])
  })

  it('are refused when it is too slow', async () => {
    const backend = await backendOn(server.url)
    await backend.add([job(0)])
    await admin.call('CLIENT', 'PAUSE', '100000', 'WRITE')
    const error = await refusalOf(backend)
    await admin.call('CLIENT', 'UNPAUSE')
    expect(error).to.be.instanceOf(QueueUnreachable)
    expect((error as Error).message).to.equal("The job queue can't be reached: it did not answer within 500 ms.")
  })

  it('wait while nobody can say whether they may begin, and do not fail', async () => {
    const backend = await backendOn(server.url)
    await admin.set('regauge:rate:starts:account/1', 'no starts')
    await backend.add([{ ...job(1), constraints: { rates: [{ key: 'account/1', to: 1, per: 1000 }] } }])
    const ran = perform(backend, 1)
    while ((await backend.counts()).delayed === 0) await new Promise((resolve) => setTimeout(resolve, 5))
    await admin.del('regauge:rate:starts:account/1')
    expect(await ran).to.deep.equal([1])
    expect((await backend.counts()).failed).to.equal(0)
  })
})
