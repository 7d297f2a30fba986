import { run } from '../../src/cli/program.ts'
import type { Outcome } from './command.ts'

/** Runs `regauge` with these words inside of this process, which spares it the start of another; what it writes is kept from the terminal. */
export async function regaugeHere(args: readonly string[], env: Record<string, string> = {}): Promise<Outcome> {
  const output = { stdout: '', stderr: '' }
  const restores = (['stdout', 'stderr'] as const).map((name) => {
    const write = process[name].write
    process[name].write = ((text: string | Uint8Array) => {
      output[name] += String(text)
      return true
    }) as typeof write
    return () => {
      process[name].write = write
    }
  })
  const before = { ...process.env }
  Object.assign(process.env, env)
  for (const name of ['NODE_ENV', 'REGAUGE_ENV'].filter((name) => env[name] === undefined)) delete process.env[name]
  try {
    const status = await run(args)
    return { status, ...output }
  } finally {
    for (const name of Object.keys(process.env)) if (!(name in before)) delete process.env[name]
    Object.assign(process.env, before)
    for (const restore of restores) restore()
  }
}
