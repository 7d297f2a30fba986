import { openSync, writeSync } from 'node:fs'
import { FlowProducer, Queue, Worker } from 'bullmq'
import { configureQueues, installEmbeddedBackend } from '../../../../adapters/bullmq/embedded/index.ts'

const [directory = '', mode] = process.argv.slice(2)
const { now } = Date
/** The clock of this process is an hour ahead of the others'. */
if (mode === 'ahead') Date.now = () => now() + 3_600_000
configureQueues({ directory: `${directory}/queues`, slackBytes: 100_000 })
installEmbeddedBackend()
const connection = {}
const notes = openSync(`${directory}/notes`, 'a')
const note = (line: string) => writeSync(notes, `${line}\n`)
const queue = new Queue('work', { connection })
queue.on('error', () => {})

if (mode === 'load') {
  const flows = new FlowProducer({ connection })
  const process = async ({ name, attemptsMade }: { name: string; attemptsMade: number }) => {
    if (name.endsWith('7') && attemptsMade === 0) throw new Error('once more')
    note(`ran ${name}`)
  }
  new Worker('work', process, { connection, concurrency: 4, maxStalledCount: 1000, stalledInterval: 1000, lockDuration: 2000 }).on(
    'error',
    () => {},
  )
  writeSync(1, 'ready\n')
  let number = Date.now() * 1000 + (globalThis.process.pid % 1000)
  const options = { attempts: 3, backoff: { type: 'fixed', delay: 3 }, removeOnComplete: { count: 50 } }
  const add = async (kind: number) => {
    for (;;) {
      const name = `${number++}`
      const children = [{ name: `${name}-child`, queueName: 'work', opts: options }]
      const adding =
        kind === 0
          ? flows.add({ name, queueName: 'work', opts: options, children }).then(() => note(`added ${name}-child`))
          : queue.add(name, {}, { ...options, priority: kind === 1 ? 3 : 0, delay: kind === 2 ? 5 : 0 })
      await adding.then(
        () => note(`added ${name}`),
        // The owner was killed before it said so.
        (error: Error) => note(`refused ${name} ${Reflect.get(error, 'code')}`),
      )
    }
  }
  await Promise.all([0, 1, 2, 3, 4, 5].map(add))
} else if (mode === 'hang') {
  await queue.add('hanging', {})
  const hang = async () => {
    // What is on disk after this includes that the job was started.
    await queue.add('other', {}, { delay: 100_000 })
    writeSync(1, 'started\n')
    return new Promise<never>(() => {})
  }
  new Worker('work', hang, { connection })
} else if (mode === 'full') {
  for (const [name, length] of [
    ['small', 10],
    ['large', 200_000],
    ['last', 10],
  ] as const) {
    await queue.add(name, { text: 'x'.repeat(length) }).then(
      () => note(`added ${name}`),
      (error: Error) => note(`refused ${name} ${Reflect.get(error, 'code')} ${error.message}`),
    )
  }
  writeSync(1, 'ready\n')
  setInterval(() => {}, 1000)
} else {
  await queue.add('held', {})
  writeSync(1, 'ready\n')
  setInterval(() => {}, 1000)
}
