import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'

const children: ChildProcess[] = []

/** Serves one host in a process that something has instrumented before all else.
 * @param instrument the module loaded first, beside this one
 * @param reporter whose error handler the host registers
 */
export async function serveInstrumented(
  instrument: string,
  host: string,
  reporter = '',
): Promise<{ url: string; recorded: () => Promise<unknown[]> }> {
  const loaders = ['--conditions=regauge-source', '--import', 'tsx', '--import', join(import.meta.dirname, instrument)]
  const child = fork(join(import.meta.dirname, 'host.ts'), [host, reporter], {
    execArgv: loaders,
    env: { ...process.env, NODE_ENV: 'test' },
  })
  children.push(child)
  const next = async () => {
    const ended = once(child, 'exit').then(() => Promise.reject(new Error('the host ended')))
    const [message] = (await Promise.race([once(child, 'message'), ended])) as [unknown]
    return message
  }
  const url = String(await next())
  const recorded = async () => {
    child.send('recorded')
    return (await next()) as unknown[]
  }
  return { url, recorded }
}

/** Ends what `serveInstrumented` has started: for `afterEach`. */
export async function endInstrumented(): Promise<void> {
  await Promise.all(
    children.splice(0).map(async (child) => {
      if (child.exitCode !== null) return
      const ended = once(child, 'exit')
      child.kill('SIGKILL')
      await ended
    }),
  )
}
