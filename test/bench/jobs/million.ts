import { fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Figure } from '../measuring/figures.ts'

/** What the program tells. Bytes are those a job takes. */
export interface MillionReport {
  readonly seconds: number
  readonly heapBytes: number
  readonly residentBytes: number
}

/** A million jobs of 100 bytes: what they take in memory, once added and once read from disk, and how long a start with them takes. */
export async function million(state: 'waiting' | 'delayed'): Promise<Figure[]> {
  const directory = await mkdtemp(join(tmpdir(), 'regauge-bench-'))
  try {
    const added = await run('add', state, directory)
    const opened = await run('open', state, directory)
    return [
      { name: 'resident memory a job, after they were added', value: added.residentBytes, unit: 'bytes', aim: 'at most 400' },
      { name: 'of it heap and buffers', value: added.heapBytes, unit: 'bytes' },
      { name: 'resident memory a job, after a start', value: opened.residentBytes, unit: 'bytes', aim: 'at most 400' },
      { name: 'of it heap and buffers', value: opened.heapBytes, unit: 'bytes' },
      { name: 'start', value: opened.seconds, unit: 's', aim: 'under 5' },
    ]
  } finally {
    await rm(directory, { recursive: true })
  }
}

async function run(task: 'add' | 'open', state: string, directory: string): Promise<MillionReport> {
  const execArgv = [...process.execArgv, '--expose-gc']
  const child = fork(join(import.meta.dirname, 'million_program.ts'), [task, state, directory], { execArgv })
  const [report] = (await once(child, 'message')) as [MillionReport]
  if (child.exitCode === null) await once(child, 'exit')
  return report
}
