import { run } from '../../src/cli/program.ts'
import type { Outcome } from './command.ts'

/** Where a command runs, and what it finds there. */
export interface Surroundings {
  readonly cwd?: string
  readonly env?: Readonly<Record<string, string>>
}

let before: Promise<unknown> = Promise.resolve()

/** Runs `regauge` with these words inside of this process, which spares it the start of another, as from a shell whose output is a pipe. What it
 * writes is kept from the terminal. One command runs after another, however they are called. */
export function regaugeHere(args: readonly string[], surroundings: Surroundings = {}): Promise<Outcome> {
  const outcome = before.then(() => runIn(args, surroundings))
  before = outcome.catch(() => {})
  return outcome
}

async function runIn(args: readonly string[], { cwd, env = {} }: Surroundings): Promise<Outcome> {
  const output = { stdout: '', stderr: '' }
  const restores = (['stdout', 'stderr'] as const).map((name) => keepOutput(process[name], (text) => (output[name] += text)))
  const [folder, variables] = [process.cwd(), { ...process.env }]
  if (cwd !== undefined) process.chdir(cwd)
  Object.assign(process.env, env)
  for (const name of ['NODE_ENV', 'REGAUGE_ENV', 'PORT', 'NO_COLOR'].filter((name) => env[name] === undefined)) delete process.env[name]
  try {
    const status = await run(args)
    return { status, ...output }
  } finally {
    for (const name of Object.keys(process.env)) if (!(name in variables)) delete process.env[name]
    Object.assign(process.env, variables)
    process.chdir(folder)
    for (const restore of restores) restore()
  }
}

/** Takes what is written to a stream, which for as long is no terminal. */
function keepOutput(stream: NodeJS.WriteStream, take: (text: string) => void): () => void {
  const { write, isTTY } = stream
  stream.write = ((text: string | Uint8Array) => {
    take(String(text))
    return true
  }) as typeof write
  stream.isTTY = false
  return () => Object.assign(stream, { write, isTTY })
}
