import { expect } from 'chai'
import { SidekiqBackend, SidekiqClient } from '../../../adapters/rails/index.ts'
import type { JobHandler, Outcome } from '../../../src/jobs/index.ts'
import { sidekiqStage } from './sidekiq_stage.ts'

const processors = 'regauge:sidekiq:processors'

describe('a worker on the queues of Sidekiq', () => {
  const stage = sidekiqStage(10)
  const push = (...args: unknown[]) => new SidekiqClient(stage.redis).job('HardJob').performAsync(...args)
  const listed = async () =>
    (await Promise.all((await stage.redis.keys('regauge:sidekiq:running:*')).map((key) => stage.redis.llen(key)))).at(0) ?? 0
  const until = async (isSo: () => boolean | Promise<boolean>) => {
    while (!(await isSo())) await new Promise((resolve) => setTimeout(resolve, 5))
  }
  /** A backend that hears what Redis answered when it was asked for a job, once `heard` lets it. */
  const backendHearing = (heard: (answer: unknown) => unknown, poll: number) =>
    new SidekiqBackend(
      {
        call: async (command, ...args) => {
          const answer = await stage.redis.call(command, ...args)
          return command === 'EVAL' && String(args[0]).includes('LMOVE') ? heard(answer) : answer
        },
      },
      { poll },
    )

  it('stops without a pause when it is asking for a job', async () => {
    let answerIt = () => {}
    const isAnswered = new Promise<void>((resolve) => (answerIt = resolve))
    const backend = backendHearing((answer) => isAnswered.then(() => answer), 120_000)
    const worker = await backend.process(async () => ({ kind: 'completed' }), { queues: ['default'], concurrency: 1 })
    const stopped = worker.stop()
    answerIt()
    expect(await stopped).to.deep.equal({ unfinished: 0 })
  })

  it('asks again before a pause when a job has ended meanwhile, which may be waiting once more', async () => {
    let isHeld = false
    let answerIt = () => {}
    const hear = (answer: unknown) => {
      if (answer !== null || isHeld) return answer
      isHeld = true
      return new Promise((resolve) => (answerIt = () => resolve(answer)))
    }
    let runs = 0
    let end = () => {}
    const ended = new Promise<void>((resolve) => (end = resolve))
    const handler: JobHandler = async ({ data }): Promise<Outcome> => {
      if (++runs === 2) return { kind: 'completed' }
      await ended
      return { kind: 'retry', data, queue: 'default', priority: 0, runAt: 0 }
    }
    await push('again')
    const worker = await backendHearing(hear, 120_000).process(handler, { queues: ['default'], concurrency: 2 })
    await until(() => isHeld)
    end()
    await until(async () => (await listed()) === 0)
    // The worker has to have read, too, that the job is in its queue again.
    await new Promise((resolve) => setImmediate(resolve))
    answerIt()
    await until(() => runs === 2)
    await worker.stop()
  })

  it('runs a job whose handing over was lost with the connection', async () => {
    let isLost = false
    const hear = (answer: unknown) => {
      if (answer === null || isLost) return answer
      isLost = true
      throw new Error('Connection is closed.')
    }
    const seen: unknown[] = []
    const handler: JobHandler = async ({ data }) => {
      seen.push(data['arguments'])
      return { kind: 'completed' }
    }
    await push('lost')
    const worker = await backendHearing(hear, 5).process(handler, { queues: ['default'], concurrency: 2 })
    await until(() => seen.length === 1)
    await worker.stop()
    expect(await stage.redis.keys('regauge:sidekiq:*')).to.deep.equal([])
  })

  it('leaves a job whose handing over was lost to others when it stops', async () => {
    const hear = (answer: unknown) => {
      if (answer === null) return answer
      throw new Error('Connection is closed.')
    }
    const id = await push('lost')
    const worker = await backendHearing(hear, 120_000).process(async () => ({ kind: 'completed' }), { queues: ['default'], concurrency: 1 })
    await until(async () => (await listed()) === 1)
    await worker.stop()
    expect((await stage.backend.list('waiting')).map((job) => job.id)).to.deep.equal([id])
    expect(await stage.redis.keys('regauge:sidekiq:*')).to.deep.equal([])
  })

  it('shows that it lives while all its places are taken, and while it waits for jobs to end', async () => {
    let end = () => {}
    let hasBegun = false
    const handler: JobHandler = async () => {
      hasBegun = true
      await new Promise<void>((resolve) => (end = resolve))
      return { kind: 'completed' }
    }
    await push('long')
    const worker = await stage.backend.process(handler, { queues: ['default'], concurrency: 1 })
    await until(() => hasBegun)
    const [id] = await stage.redis.smembers(processors)
    const isShown = async () =>
      (await stage.redis.exists(`regauge:sidekiq:alive:${id}`)) === 1 && (await stage.redis.sismember(processors, id!)) === 1
    const hide = () => stage.redis.del(`regauge:sidekiq:alive:${id}`, processors)
    await hide()
    await until(isShown)
    const stopped = worker.stop()
    await hide()
    await until(isShown)
    end()
    await stopped
    expect(await stage.redis.keys('regauge:sidekiq:*')).to.deep.equal([])
  })
})
