import { expect } from 'chai'
import { EmbeddedBackend, type JobBackend, type MoveMemory, type MoveState, moveJobs, type RecurringJob } from '../../../src/jobs/index.ts'

/** A schedule that isn't due soon. */
export const yearly: RecurringJob = {
  key: 'yearly',
  schedule: '0 0 1 1 *',
  cron: '0 0 1 1 *',
  timeZone: 'UTC',
  catchUp: 'skip',
  job: { queue: 'default', name: 'Yearly', data: { arguments: [] } },
}

/** What is remembered of a move in a test. */
export function memoryOfMove(): MoveMemory & { state: string | undefined } {
  return {
    state: undefined,
    read() {
      return this.state === undefined ? undefined : (JSON.parse(this.state) as MoveState)
    },
    write(state) {
      this.state = JSON.stringify(state)
    },
    forget() {
      this.state = undefined
    },
  }
}

const later = Date.now() + 3_600_000

/** Fills a backend with jobs of all kinds that can be moved: `count` of each. */
export async function fill(backend: JobBackend, count: number): Promise<void> {
  const numbers = Array.from({ length: count }, (_, index) => index)
  const job = (number: number) => ({ queue: 'default', name: 'Example', data: { job_id: `job-${number}`, number } })
  await backend.add(numbers.map((number) => ({ ...job(number), queue: 'failing' })))
  let failed = 0
  let done = () => {}
  const isDone = new Promise<void>((resolve) => (done = resolve))
  const worker = await backend.process(
    async () => {
      if (++failed === count) done()
      return { kind: 'failed', error: { name: 'TypeError', message: 'no stock' } }
    },
    { queues: ['failing'], concurrency: 1 },
  )
  await isDone
  await worker.stop()
  await backend.add(numbers.map((number) => job(1000 + number)))
  await backend.add(numbers.map((number) => ({ ...job(2000 + number), priority: 3 })))
  await backend.add(numbers.map((number) => ({ ...job(3000 + number), runAt: later })))
  await backend.add(numbers.map((number) => ({ ...job(4000 + number), queue: 'stopped' })))
  await backend.pause!('stopped')
  await backend.schedule!([yearly], { yearly: { after: Date.now() - 1000, lastAt: 1_767_225_600_000 } })
}

/** Expects all that `fill` added, and nothing else, once; runs what waits. */
export async function expectFilled(backend: JobBackend, count: number): Promise<void> {
  const range = (from: number) => Array.from({ length: count }, (_, index) => from + index)
  expect(await backend.paused!()).to.deep.equal(['stopped'])
  const started: number[] = []
  const worker = await backend.process(
    async ({ data, attempt }) => {
      expect(attempt).to.equal(1)
      started.push(data['number'] as number)
      return { kind: 'completed' }
    },
    { queues: ['default', 'failing', 'stopped'], concurrency: 1 },
  )
  // The failed ones of a server are told from the others when a worker comes.
  for (;;) {
    const { failed, prioritized } = await backend.counts()
    if (failed === count && prioritized === 0 && started.length >= 2 * count) break
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
  await worker.stop()
  // Two of one priority that a server hands out at the same time may begin in either order.
  expect(started.toSorted((a, b) => a - b)).to.deep.equal([...range(1000), ...range(2000)])
  const failed = await backend.list('failed', { limit: 1000 })
  expect(failed.map(({ data }) => data['number'] as number).toSorted((a, b) => a - b)).to.deep.equal(range(0))
  for (const job of failed) {
    expect(job).to.include({ queue: 'failing', name: 'Example', attempts: 1 })
    expect(job.error).to.include({ name: 'TypeError', message: 'no stock' })
  }
  expect(await backend.retry(failed.map(({ id }) => id))).to.equal(count)
  await complete(backend, 'failing', count)
  const delayed = await backend.list('delayed', { limit: 1000 })
  expect(delayed.map(({ data }) => data['number'] as number).toSorted((a, b) => a - b)).to.deep.equal(range(3000))
  for (const { runAt } of delayed) expect(runAt).to.be.within(later - 1000, later + 1000)
  const waiting = await backend.list('waiting', { limit: 1000 })
  expect(waiting.map(({ data, queue }) => [queue, data['number']])).to.deep.equal(range(4000).map((number) => ['stopped', number]))
}

/** Lets jobs of a queue run, which are then done. */
async function complete(backend: JobBackend, queue: string, count: number): Promise<void> {
  let ran = 0
  const worker = await backend.process(
    async () => {
      ran++
      return { kind: 'completed' }
    },
    { queues: [queue], concurrency: 1 },
  )
  while (ran < count) await new Promise((resolve) => setTimeout(resolve, 5))
  await worker.stop()
  expect(await backend.counts()).to.include({ failed: 0, active: 0 })
}

/** A process that dies with one of its calls: the first ones are answered, that one was carried out or not, and all after it fail. */
export function dyingProcess(calls: number, isCarriedOut: boolean): (backend: JobBackend) => JobBackend {
  let left = calls
  const die = (work: () => unknown) => {
    left--
    if (left >= 0) return work()
    const carriedOut = left === -1 && isCarriedOut ? Promise.resolve(work()) : Promise.resolve()
    return carriedOut.then(() => Promise.reject(new Error('died')))
  }
  return (backend) =>
    new Proxy(backend, {
      get(target, name) {
        const value: unknown = Reflect.get(target, name)
        return typeof value === 'function' ? (...args: unknown[]) => die(() => value.apply(target, args)) : value
      },
    })
}

/** Moves the jobs that `fill` adds again and again, each time by a process that dies one call later, until one doesn't die.
 * @param check looks at what came of them
 * @returns how many died */
export async function moveDyingAtEachCall(
  isCarriedOut: boolean,
  fill: (from: JobBackend) => Promise<unknown>,
  check: (from: JobBackend, to: JobBackend) => Promise<unknown>,
): Promise<number> {
  for (let calls = 0; ; calls++) {
    const [from, to] = [new EmbeddedBackend({ durability: 'memory' }), new EmbeddedBackend({ durability: 'memory' })]
    await fill(from)
    const hasDied = await moveThroughDeath(from, to, calls, isCarriedOut)
    await check(from, to)
    await from.close()
    await to.close()
    if (!hasDied) return calls
  }
}

/** Moves jobs with a process that dies with one of its calls, and then with one that doesn't.
 * @returns whether the first one died
 */
export async function moveThroughDeath(from: JobBackend, to: JobBackend, calls: number, isCarriedOut: boolean): Promise<boolean> {
  const memory = memoryOfMove()
  const move = (through: (backend: JobBackend) => JobBackend) =>
    moveJobs({
      from: { name: 'embedded', backend: through(from) },
      to: { name: 'bullmq', backend: through(to) },
      memory,
      recurring: [yearly],
    })
  const error = await move(dyingProcess(calls, isCarriedOut)).catch((thrown: Error) => thrown)
  if (!(error instanceof Error)) return false
  if (error.message !== 'died') throw error
  await move((backend) => backend)
  return true
}
