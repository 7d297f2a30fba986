import { fork } from 'node:child_process'
import { once } from 'node:events'
import type { Measurement, Memory, Running } from './room.ts'

/** What a contender's process is asked: to measure for so many seconds, what it holds, or to end. */
export type Question = number | 'memory' | 'stop'

/** Starts a contender in a process of its own, so that its memory can be told, and nobody's code and garbage slow down another's. The program says null
 * when it is ready, or why it can't be; then it answers questions, see {@link answerQuestions}.
 * @param tellsMemory whether it can be asked what it holds: it may collect garbage then */
export async function startOwnProcess(
  name: string,
  program: string,
  args: readonly string[],
  tellsMemory = false,
): Promise<Running | string> {
  const child = fork(program, args, {
    execArgv: [...process.execArgv, ...(tellsMemory ? ['--expose-gc'] : [])],
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
  const ask = <T>(question: Question): Promise<T> => {
    child.send(question)
    return answer<T>()
  }
  const stop = async (): Promise<void> => {
    if (child.connected) child.send('stop')
    await ended
  }
  const reason = await answer<string | null>().catch((error: Error) => error.message)
  if (reason !== null) {
    await stop()
    return reason
  }
  const measure = (seconds: number) => ask<Measurement>(seconds)
  return tellsMemory ? { measure, memory: () => ask<Memory>('memory'), stop } : { measure, stop }
}

/** Says in a contender's process that it is ready, or why not, and answers what it is asked. */
export function answerQuestions(running: Running | string): void {
  process.on('message', (question: Question) => void respond(running, question))
  process.on('disconnect', () => process.exit())
  process.send!(typeof running === 'string' ? running : null)
}

async function respond(running: Running | string, question: Question): Promise<void> {
  if (question === 'stop') {
    if (typeof running !== 'string') await running.stop()
    process.exit()
  }
  if (typeof running !== 'string') process.send!(await (question === 'memory' ? running.memory!() : running.measure(question)))
}

/** The line of a stack trace that says what was wrong. */
function reasonIn(complaints: string): string {
  return /^\w*Error.*$/m.exec(complaints)?.[0] ?? complaints.trim().split('\n').at(-1) ?? ''
}
