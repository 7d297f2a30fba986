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
    'The figure of one contender at another size says how much a route costs that a request does not ask for.',
  ],
  async cases() {
    installPeers({ 'find-my-way': '9.10.2', router: '2.3.0' })
    buildSources()
    return [20, 500, 2000].map((size) => caseOf(size))
  },
}

export default routing

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
