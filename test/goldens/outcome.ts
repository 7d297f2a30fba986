import { basename } from 'node:path'
import { differencesFor } from './differences.ts'
import { readGolden, type GoldenRunner } from './golden_file.ts'
import { inflectorRunner } from './runners/inflector.ts'
import { routingRunner } from './runners/routing/runner.ts'

/** Every kind of golden file that can be run. */
export const runners: readonly GoldenRunner[] = [inflectorRunner, routingRunner]

/** What running one file came to. */
export interface Outcome {
  readonly file: string
  readonly total: number
  readonly passed: number
  /** Failures that differences.yml lists, with their reasons. */
  readonly listed: readonly { readonly id: string; readonly reason: string }[]
  readonly failures: readonly { readonly id: string; readonly message: string }[]
  /** Listed differences that pass: lines to take out. */
  readonly stale: readonly string[]
}

/** Runs every case of a golden file. */
export async function runGolden(path: string): Promise<Outcome> {
  const name = basename(path)
  const runner = runners.find((one) => one.names.test(name))
  if (runner === undefined) throw new Error(`No runner knows files named ${name}.`)
  const differences = differencesFor(name)
  const listed: { id: string; reason: string }[] = []
  const failures: { id: string; message: string }[] = []
  const stale: string[] = []
  const cases = runner.cases(await readGolden(path))
  for (const { id, run } of cases) {
    const reason = Object.hasOwn(differences, id) ? differences[id] : undefined
    try {
      await run()
      if (reason !== undefined) stale.push(id)
    } catch (error) {
      if (reason !== undefined) listed.push({ id, reason })
      else
        failures.push({
          id,
          message: error instanceof Error ? (process.env['GOLDEN_STACKS'] ? error.stack! : error.message) : String(error),
        })
    }
  }
  return { file: path, total: cases.length, passed: cases.length - listed.length - failures.length, listed, failures, stale }
}
