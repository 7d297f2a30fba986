import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { join } from 'node:path'
import { buildProgram } from '../../../application/built_program.ts'

let program: string | undefined

/** What a process does with the queues of a directory. */
export type Mode = 'load' | 'hang' | 'hold' | 'full' | 'ahead'

/** A process that owns the queues of a directory. */
export interface QueueProcess {
  readonly child: ChildProcess
  /** Kills it and waits until it is gone. */
  kill(): Promise<void>
}

/** Starts a process and waits until it says that it is ready.
 * @param shell a command line to run it under, with `$@` for the program */
export async function startProcess(directory: string, mode: Mode, shell?: string): Promise<QueueProcess> {
  program ??= buildProgram(join(import.meta.dirname, 'program.ts'))
  const command = [process.execPath, program, directory, mode]
  const [file = '', ...args] = shell === undefined ? command : ['sh', '-c', shell, 'sh', ...command]
  const child = spawn(file, args, { stdio: ['ignore', 'pipe', 'inherit'] })
  await new Promise((resolve) => createInterface({ input: child.stdout }).once('line', resolve))
  const kill = async () => {
    const closed = once(child, 'close')
    child.kill('SIGKILL')
    await closed
  }
  return { child, kill }
}

/** What the process noted, line by line: a word and what it is about. */
export function notesOf(directory: string): [word: string, subject: string][] {
  const lines = readFileSync(`${directory}/notes`, 'utf8').split('\n').slice(0, -1)
  return lines.map((line) => {
    const [word = '', ...subject] = line.split(' ')
    return [word, subject.join(' ')]
  })
}
