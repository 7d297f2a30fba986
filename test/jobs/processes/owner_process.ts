import { once } from 'node:events'
import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { buildProgram } from '../../application/built_program.ts'

let program: string | undefined

/** Starts a process that joins the queue of a directory, which it owns when nobody does.
 * @returns kills it, and resolves when it is gone
 */
export async function startOwner(directory: string): Promise<() => Promise<void>> {
  program ??= buildProgram(join(import.meta.dirname, 'owner_process_main.ts'))
  const child = spawn(process.execPath, [program, directory], { stdio: ['ignore', 'pipe', 'inherit'] })
  await once(child.stdout, 'data')
  return async () => {
    const ended = once(child, 'exit')
    child.kill('SIGKILL')
    await ended
  }
}
