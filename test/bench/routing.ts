import { fork } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { buildSources } from './measuring/built.ts'
import { installPeers } from './measuring/peers.ts'
import type { Case, Contender, Measurement, Room } from './measuring/room.ts'

const contenders = ['Regauge', 'find-my-way', "Express's router"]

/** Recognitions a second: 4,096 different requests all over tables of three sizes, each contender in a process of its own. */
const routing: Room = {
  title: 'Routing',
  notes: [
    'Regauge also recognises a format at the end of each path, and gives the first declared of all routes that fit.',
    'A boot draws about 1,500 routes in a fresh process, compiles them, recognises one path and makes the URL helpers; its CPU time has all threads.',
    'The figure of one contender at another size says how much a route costs that a request does not ask for.',
  ],
  async cases() {
    installPeers({ 'find-my-way': '9.10.2', router: '2.3.0' })
    buildSources()
    return [...[20, 500, 2000].map((size) => caseOf(size)), boot]
  },
}

export default routing

const boot: Case = {
  name: 'boot',
  unit: 'boots',
  baseline: 'Regauge',
  contenders: [{ name: 'Regauge', start: async () => ({ measure: measureBoots, async stop() {} }) }],
}

async function measureBoots(seconds: number): Promise<Measurement> {
  const until = performance.now() + seconds * 1000
  const total = { operations: 0, seconds: 0, cpuSeconds: 0 }
  do {
    const [one] = (await once(fork(join(import.meta.dirname, 'routing/boot.ts')), 'message')) as [Required<Measurement>]
    total.operations += one.operations
    total.seconds += one.seconds
    total.cpuSeconds += one.cpuSeconds ?? 0
  } while (performance.now() < until)
  return total
}

function caseOf(size: number): Case {
  return {
    name: `${size} routes`,
    unit: 'recognitions',
    baseline: 'find-my-way',
    contenders: contenders.map((name) => finderContender(name, size)),
  }
}

function finderContender(name: string, size: number): Contender {
  return {
    name,
    async start() {
      const finder = fork(join(import.meta.dirname, 'routing/finder.ts'), [name, String(size)])
      await once(finder, 'message')
      return {
        async measure(seconds) {
          finder.send(seconds)
          const [measurement] = (await once(finder, 'message')) as [Measurement]
          return measurement
        },
        async stop() {
          finder.kill()
          await once(finder, 'exit')
        },
      }
    },
  }
}
