import { openSync, writeSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { EmbeddedBackend, Job, JobRunner, useJobBackend } from '../../../src/jobs/index.ts'
import { diaryOf } from './queue_process.ts'
import { collectingLogger } from '../queue_directory.ts'

const [directory, mode] = process.argv.slice(2)
const backend = new EmbeddedBackend({
  directory: directory!,
  logger: collectingLogger([]),
  segmentBytes: (mode === 'flood' ? 1024 : 64) * 1024,
})
const say = (line: string) => writeSync(1, `${line}\n`)

if (mode === 'hold') {
  say('ready')
  for await (const line of createInterface({ input: process.stdin })) {
    const [number, textLength] = line.split(' ').map(Number)
    const job = { queue: 'default', name: 'Example', data: { number, text: 'x'.repeat(textLength ?? 0) } }
    await backend.add([job]).then(
      () => say(`added ${number}`),
      (error: Error & { code: string }) => say(`${error.code} ${error.message}`),
    )
  }
} else if (mode === 'hang') {
  await backend.add([{ queue: 'hanging', name: 'Example', data: {} }])
  const hang = async () => {
    // What is on disk after this includes that the job was started.
    await backend.add([{ queue: 'default', name: 'Example', data: {} }])
    say('started')
    return new Promise<never>(() => {})
  }
  await backend.process(hang, { queues: ['hanging'], concurrency: 1 })
} else if (mode === 'steps') {
  class StepJob extends Job {
    async perform() {
      await this.step('first', () => {})
      await this.step('second', async () => {
        // What is on disk after this includes that the first step is done.
        await backend.add([{ queue: 'nobody', name: 'Example', data: {} }])
        say('started')
        await new Promise(() => {})
      })
    }
  }
  useJobBackend(backend)
  await StepJob.performLater()
  await new JobRunner(backend, {
    classes: [StepJob],
    logger: collectingLogger([]),
    workers: [{ queues: ['default'], concurrency: 1 }],
  }).start()
} else if (mode === 'families') {
  say('ready')
  await backend.process(
    async ({ name, run }) => {
      if (name === 'Child') return { kind: 'completed' }
      const children = await run!.children!()
      return children.length === 3 ? { kind: 'completed' } : { kind: 'failed', error: { name: 'Error', message: 'a child is missing' } }
    },
    { queues: ['*'], concurrency: 4 },
  )
  for (let family = Date.now() * 1000; ; family++) {
    const jobs = [1, 2, 3].map((number) => ({ queue: 'default', name: 'Child', data: { family, number } }))
    await backend.add([{ queue: 'default', name: 'Parent', data: { family }, constraints: { children: { jobs, onFailure: 'fail' } } }])
    say(String(family))
  }
} else if (mode === 'constrained') {
  const diary = openSync(diaryOf(directory!), 'a')
  const note = (line: string) => writeSync(diary, `${line}\n`)
  const running = new Map<string, number>()
  const count = (key: string, change: number) => {
    const now = (running.get(key) ?? 0) + change
    running.set(key, now)
    if (now > 2) note(`exceeded ${key}`)
  }
  const tick = { key: 'tick', schedule: 'every second', cron: '* * * * * *', catchUp: 'all' } as const
  await backend.schedule([{ ...tick, job: { queue: 'default', name: 'Tick', data: {} } }])
  say('ready')
  await backend.process(
    async ({ name, data }) => {
      if (name === 'Tick') return { kind: 'completed' }
      const key = `account/${(data['number'] as number) % 3}`
      count(key, 1)
      await new Promise(setImmediate)
      count(key, -1)
      note(`ran ${data['number']}`)
      return { kind: 'completed' }
    },
    { queues: ['*'], concurrency: 10 },
  )
  let number = Date.now() * 1000
  const enqueue = async (isUnique: boolean) => {
    for (;;) {
      const mine = number++
      const limit = { key: `account/${mine % 3}`, to: 2, duration: 60_000 }
      const unique = { key: `unique/${mine % 5}`, until: 'executed', conflict: 'discard' } as const
      const [id] = await backend.add([
        { queue: 'default', name: 'Example', data: { number: mine }, constraints: { limit, ...(isUnique && { unique }) } },
      ])
      if (id !== null) note(`added ${mine}`)
    }
  }
  await Promise.all(Array.from({ length: 8 }, (_, index) => enqueue(index % 2 === 0)))
} else {
  const diary = openSync(diaryOf(directory!), 'a')
  const note = (line: string) => writeSync(diary, `${line}\n`)
  let isReady = mode !== 'flood'
  if (isReady) say('ready')
  await backend.process(
    async ({ data }) => {
      note(`ran ${data['number']}`)
      if ((data['number'] as number) % 7 === 0 && data['again'] === undefined) {
        return { kind: 'retry', data: { ...data, again: true }, queue: 'default', priority: 0, runAt: Date.now() + 5 }
      }
      return { kind: 'completed' }
    },
    { queues: ['*'], concurrency: 4 },
  )
  let number = Date.now() * 1000
  const text = mode === 'flood' ? { text: 'x'.repeat(300) } : {}
  const enqueue = async () => {
    for (;;) {
      const mine = number++
      await backend.add([{ queue: 'default', name: 'Example', data: { number: mine, ...text } }])
      note(`added ${mine}`)
      if (isReady) continue
      isReady = true
      say('ready')
    }
  }
  await Promise.all(Array.from({ length: mode === 'flood' ? 300 : 8 }, enqueue))
}
