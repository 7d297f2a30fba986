import { once } from 'node:events'
import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'

const program = fileURLToPath(new URL('./owner_process_main.ts', import.meta.url))

/** Starts a process that joins the queue of a directory, which it owns when nobody does.
 * @returns kills it, and resolves when it is gone
 */
export async function startOwner(directory: string): Promise<() => Promise<void>> {
  const args = ['--conditions=regauge-source', '--import', 'tsx', program, directory]
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] })
  await once(child.stdout, 'data')
  return async () => {
    const ended = once(child, 'exit')
    child.kill('SIGKILL')
    await ended
  }
}
