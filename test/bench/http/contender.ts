import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import type { Contender, Measurement, Running } from '../measuring/room.ts'
import { Load } from './load.ts'
import type { Scenario } from './scenario.ts'

/** A server in a process of its own, and the load on it. */
export function serverContender(name: string, scenario: Scenario, requests: readonly Buffer[]): Contender {
  return { name, start: () => startServer(name, scenario, requests) }
}

async function startServer(name: string, scenario: Scenario, requests: readonly Buffer[]): Promise<Running> {
  const server = fork(join(import.meta.dirname, 'server.ts'), [name, JSON.stringify(scenario)], {
    env: { ...process.env, NODE_ENV: 'production' },
    // Logs go where nothing reads them.
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  })
  const ended = once(server, 'exit').then(() => Promise.reject(new Error(`${name} ended before it served`)))
  const [port] = (await Promise.race([once(server, 'message'), ended])) as [number]
  return {
    measure: (seconds) => measure(server, port, requests, seconds),
    async stop() {
      server.kill()
      await once(server, 'exit')
    },
  }
}

// Connections are made anew each round: servers close those that were idle while the others had their turn.
async function measure(server: ChildProcess, port: number, requests: readonly Buffer[], seconds: number): Promise<Measurement> {
  const load = await Load.connect(port, requests)
  const before = await cpuOf(server)
  const { operations, seconds: took } = await load.run(seconds)
  const cpuSeconds = (await cpuOf(server)) - before
  load.close()
  return { operations, seconds: took, cpuSeconds }
}

async function cpuOf(server: ChildProcess): Promise<number> {
  server.send('cpu')
  const [seconds] = (await once(server, 'message')) as [number]
  return seconds
}
