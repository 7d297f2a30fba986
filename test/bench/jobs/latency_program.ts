import { startRegauge } from '../http/servers/regauge.ts'
import type { SideWork } from './latency.ts'
import { text } from './payload.ts'
import { importBuilt } from '../measuring/built.ts'
import { openQueue } from './regauge.ts'

const jobsPerSecond = 10_000
const turnMilliseconds = 2

const { backend, jobs, stop } = await openQueue()
const { createLogger } = await importBuilt<typeof import('../../../src/logging/index.ts')>('src/logging/index.ts')
jobs.useJobBackend(backend)
class Example extends jobs.Job {
  perform(_number: number, _text: string) {}
}
let enqueueing: NodeJS.Timeout | undefined
let working: { stop(): Promise<unknown> } | undefined

process.on('message', (work: SideWork) => {
  void change(work).then(() => process.send!('changed'))
})
process.on('SIGTERM', () => {
  void change('nothing')
    .then(stop)
    .finally(() => process.exit())
})
process.on('disconnect', () => process.exit())
process.send!(await startRegauge({ routes: 20 }, 'plain', false))

async function change(work: SideWork): Promise<void> {
  clearInterval(enqueueing)
  await working?.stop()
  if (work === 'nothing') return
  if (work === 'enqueue and perform') await perform()
  const queue = work === 'enqueue' ? 'unserved' : 'served'
  let due = performance.now()
  enqueueing = setInterval(() => {
    const now = performance.now()
    for (; due < now; due += 1000 / jobsPerSecond) void Example.set({ queue }).performLater(42, text)
  }, turnMilliseconds)
}

async function perform(): Promise<void> {
  const worker = new jobs.JobRunner(backend, {
    classes: [Example],
    logger: createLogger({ level: 'error' }),
    workers: [{ queues: ['served'], concurrency: 10 }],
  })
  await worker.start()
  working = worker
}
