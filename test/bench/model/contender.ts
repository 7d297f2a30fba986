import { fork } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import type { Contender, Measurement, Memory, Running } from '../measuring/room.ts'
import type { Ground, Operation } from './operations.ts'

/** A contender in a process of its own, so that its memory can be told and nobody's code slows down another's.
 * @param breakGround answers the database it works on, or why there is none
 */
export function contender(name: string, operation: Operation, breakGround: () => Promise<Ground | string>): Contender {
  return {
    name,
    async start() {
      const ground = await breakGround()
      return typeof ground === 'string' ? ground : startProcess(name, operation, ground)
    },
  }
}

async function startProcess(name: string, operation: Operation, ground: Ground): Promise<Running | string> {
  const child = fork(join(import.meta.dirname, 'process.ts'), [name, JSON.stringify(ground), operation], {
    execArgv: [...process.execArgv, '--expose-gc'],
    env: { ...process.env, NODE_ENV: 'production' },
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  })
  let complaints = ''
  child.stderr!.on('data', (chunk) => (complaints = (complaints + chunk).slice(-4_000)))
  const ended = once(child, 'exit').then(() => new Error(`${name} ended: ${reasonIn(complaints)}`))
  const answer = async <T>(): Promise<T> => {
    const said = await Promise.race([once(child, 'message') as Promise<[T]>, ended])
    if (said instanceof Error) throw said
    return said[0]
  }
  const ask = <T>(question: number | 'memory'): Promise<T> => {
    child.send(question)
    return answer<T>()
  }
  const stop = async (): Promise<void> => {
    child.kill()
    await ended
  }
  const reason = await answer<string | null>().catch((error: Error) => error.message)
  if (reason !== null) {
    await stop()
    return reason
  }
  return { measure: (seconds) => ask<Measurement>(seconds), memory: () => ask<Memory>('memory'), stop }
}

/** The line of a stack trace that says what was wrong. */
function reasonIn(complaints: string): string {
  return /^\w*Error.*$/m.exec(complaints)?.[0] ?? complaints.trim().split('\n').at(-1) ?? ''
}
