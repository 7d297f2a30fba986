import { type ChildProcess, spawn } from 'node:child_process'
import { createInterface, type Interface } from 'node:readline'
import { join } from 'node:path'
import { buildProgram } from '../../application/built_program.ts'

let program: string | undefined

/** A process that owns a queue and does what it is told over its standard input. */
export interface QueueProcess {
  readonly process: ChildProcess
  readonly pid: number
  /** What it says. */
  readonly lines: Interface
  /** Adds a job; resolves with what the process answered when it was stored or refused. */
  add(number: number, textLength?: number): Promise<string>
  kill(signal: NodeJS.Signals): void
}

/** Where a process under load writes what it did, line by line: a file, because a full pipe would tear lines. */
export function diaryOf(directory: string): string {
  return `${directory}/diary`
}

/** Starts a process that owns the queue in `directory`; resolves when it has it.
 * @param mode 'hold' adds jobs on command, 'load' adds and runs jobs as fast as it can, 'flood' adds so many that they pile up, 'hang' has started a job that doesn't end,
 *   'steps' one that is in its second step, 'constrained' is 'load' with limits, unique jobs and a schedule, 'families' with parents of three children
 * @param shell a command line to run the program under, with `$@` for the program
 */
export async function startQueueProcess(
  directory: string,
  mode: 'hold' | 'load' | 'flood' | 'hang' | 'steps' | 'constrained' | 'families' = 'hold',
  shell?: string,
): Promise<QueueProcess> {
  program ??= buildProgram(join(import.meta.dirname, 'queue_process_main.ts'))
  const command = [process.execPath, program, directory, mode]
  const [file, ...args] = shell === undefined ? command : ['sh', '-c', shell, 'sh', ...command]
  const child = spawn(file!, args, { stdio: ['pipe', 'pipe', 'inherit'] })
  const lines = createInterface({ input: child.stdout! })
  const next = () => new Promise<string>((resolve) => lines.once('line', resolve))
  await next()
  return {
    process: child,
    pid: child.pid!,
    lines,
    async add(number, textLength = 0) {
      const answer = next()
      child.stdin!.write(`${number} ${textLength}\n`)
      return answer
    },
    kill: (signal) => child.kill(signal),
  }
}
