import { type ChildProcess, spawn } from 'node:child_process'
import { join } from 'node:path'
import { buildPackage, repository } from '../application/built_package.ts'

/** What `regauge` runs as a process: built while the files of tests are loaded, since that may take longer than a test may on a slow machine. */
export const main: string = join(buildPackage(), 'dist/src/cli/main.js')

/** What a command did. */
export interface Outcome {
  readonly status: number | null
  readonly stdout: string
  readonly stderr: string
}

/** How a command is run. */
export interface CommandOptions {
  readonly cwd?: string
  readonly env?: Record<string, string>
  /** What is typed: written to standard input, which is then closed. */
  readonly input?: string
  /** Whether more is typed while it runs. */
  readonly keepsInput?: boolean
}

/** Runs `regauge` with these words, as from a shell whose output is a pipe, until it ends. */
export async function regauge(args: readonly string[], options: CommandOptions = {}): Promise<Outcome> {
  return startRegauge(args, options).ended
}

/** A command that runs. */
export interface RunningCommand {
  readonly process: ChildProcess
  readonly ended: Promise<Outcome>
  /** Resolves with the match when standard output has it; rejects when the command ends before. */
  prints(pattern: RegExp): Promise<RegExpExecArray>
  /** The same of standard error. */
  says(pattern: RegExp): Promise<RegExpExecArray>
}

const running = new Set<ChildProcess>()

/** Ends what a test left running: for `afterEach`. */
export function endCommands(): void {
  for (const child of running) child.kill('SIGKILL')
}

/** Starts `regauge` with these words. */
export function startRegauge(
  args: readonly string[],
  { cwd = repository, env = {}, input, keepsInput }: CommandOptions = {},
): RunningCommand {
  const { NODE_ENV: _, REGAUGE_ENV: __, PORT: ___, NO_COLOR: ____, ...inherited } = process.env
  const child = spawn(process.execPath, [main, ...args], { cwd, env: { ...inherited, ...env } })
  running.add(child)
  const output = { stdout: '', stderr: '' }
  for (const name of ['stdout', 'stderr'] as const) child[name].setEncoding('utf8').on('data', (text: string) => (output[name] += text))
  if (!keepsInput) child.stdin.end(input)
  const ended = new Promise<Outcome>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (status) => {
      running.delete(child)
      resolve({ status, ...output })
    })
  })
  const printed = (name: 'stdout' | 'stderr', pattern: RegExp) =>
    new Promise<RegExpExecArray>((resolve, reject) => {
      const look = () => {
        const match = pattern.exec(output[name])
        if (match) resolve(match)
      }
      look()
      child[name].on('data', look)
      void ended.then(({ stdout, stderr }) => reject(new Error(`it ended without printing ${pattern}:\n${stdout}\n${stderr}`)))
    })
  return {
    process: child,
    ended,
    prints: (pattern) => printed('stdout', pattern),
    says: (pattern) => printed('stderr', pattern),
  }
}
