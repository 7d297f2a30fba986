import { answerQuestions } from '../measuring/own_process.ts'
import type { Measurement } from '../measuring/room.ts'
import { contenders } from './contenders.ts'
import { type Ground, type Operation, type Operations, SHAPES } from './operations.ts'

/** A contender's own process: says that it is ready (or why it can't be), then measures as often as it is told. */
const [name = '', ground = '{}', operation = ''] = process.argv.slice(2)
let turn = 0

await prepare()

async function prepare(): Promise<void> {
  const operations = await contenders[name]!(JSON.parse(ground) as Ground)
  if (typeof operations === 'string') return answerQuestions(operations)
  const work = operations[operation as Operation]
  answerQuestions({ measure: (seconds) => measure(work, seconds), memory: () => memory(work), async stop() {} })
}

async function measure(work: Operations[Operation], seconds: number): Promise<Measurement> {
  const first = turn
  const cpu = process.cpuUsage()
  const begun = performance.now()
  do {
    for (let i = 0; i < 8; i++) {
      const answer = work(turn++)
      if (isThenable(answer)) await answer
    }
  } while (performance.now() - begun < seconds * 1000)
  const { user, system } = process.cpuUsage(cpu)
  return { operations: turn - first, seconds: (performance.now() - begun) / 1000, cpuSeconds: (user + system) / 1e6 }
}

async function memory(work: Operations[Operation]): Promise<{ rss: number; heap: number }> {
  while (operation === '10,000 query shapes' && turn < SHAPES) await work(turn++)
  for (let i = 0; i < 3; i++) globalThis.gc!()
  const { rss, heapUsed } = process.memoryUsage()
  return { rss, heap: heapUsed }
}

/** Also what isn't a Promise: Knex's transactions. */
function isThenable(answer: unknown): boolean {
  return typeof answer === 'object' && answer !== null && 'then' in answer
}
