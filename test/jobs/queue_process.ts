import { type ChildProcess, spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

const program = fileURLToPath(new URL('./queue_process_main.ts', import.meta.url))

/** A process that owns a queue and does what it is told over its standard input. */
export interface QueueProcess {
  readonly process: ChildProcess
  readonly pid: number
  /** Adds a job; resolves with what the process answered when it was stored or refused. */
  add(number: number, textLength?: number): Promise<string>
  /** Called with every line the process writes. */
  onLine(listener: (line: string) => void): void
  kill(signal: NodeJS.Signals): void
}

/** Starts a process that owns the queue in `directory`; resolves when it has it.
 * @param mode 'hold' adds jobs on command, 'load' adds and runs jobs as fast as it can, 'hang' has started a job that doesn't end
 * @param shell a command line to run the program under, with `$@` for the program
 */
export async function startQueueProcess(directory: string, mode: 'hold' | 'load' | 'hang' = 'hold', shell?: string): Promise<QueueProcess> {
  const command = [process.execPath, '--conditions=regauge-source', '--import', 'tsx', program, directory, mode]
  const [file, ...args] = shell === undefined ? command : ['sh', '-c', shell, 'sh', ...command]
  const child = spawn(file!, args, { stdio: ['pipe', 'pipe', 'inherit'] })
  const listeners: ((line: string) => void)[] = []
  const lines = createInterface({ input: child.stdout! })
  lines.on('line', (line) => {
    for (const listener of listeners) listener(line)
  })
  const next = () => new Promise<string>((resolve) => lines.once('line', resolve))
  await next()
  return {
    process: child,
    pid: child.pid!,
    async add(number, textLength = 0) {
      const answer = next()
      child.stdin!.write(`${number} ${textLength}\n`)
      return answer
    },
    onLine: (listener) => listeners.push(listener),
    kill: (signal) => child.kill(signal),
  }
}
