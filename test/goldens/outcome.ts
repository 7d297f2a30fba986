import { basename } from 'node:path'
import { differencesFor } from './differences.ts'
import { type GoldenResult, readGolden, type WayResult } from './golden_file.ts'

type Run = (golden: never) => GoldenResult | Promise<GoldenResult>

/** The runner of each kind of golden file, by the beginning of its base name. */
const runners: readonly (readonly [baseName: string, load: () => Promise<{ run: Run }>])[] = [
  ['rails-routing', () => import('./runners/routing/runner.ts')],
  ['inflector', () => import('./runners/inflector.ts')],
  ['cable', () => import('./runners/cable.ts')],
  ['callbacks', () => import('./runners/callbacks.ts')],
  ['crypto', () => import('./runners/crypto.ts')],
  ['jobs', () => import('./runners/jobs.ts')],
  ['middleware', () => import('./runners/middleware.ts')],
  ['model_callbacks', () => import('./runners/model_callbacks.ts')],
  ['notifications', () => import('./runners/notifications.ts')],
  ['param_parsing', () => import('./runners/param_parsing.ts')],
  ['queries', () => import('./runners/queries.ts')],
  ['rendering', () => import('./runners/rendering.ts')],
  ['strong_params', () => import('./runners/strong_params.ts')],
  ['validations', () => import('./runners/validations.ts')],
]

/** What running one file came to, beside what is known to differ. */
export interface Outcome {
  readonly file: string
  readonly total: number
  readonly passed: number
  /** The same for each way in which the cases run, where there are several. */
  readonly ways?: readonly WayResult[]
  /** Failures that differences.yml lists, with their reasons. */
  readonly listed: readonly { readonly id: string; readonly reason: string }[]
  readonly failures: readonly { readonly id: string; readonly reason: string }[]
  /** Listed differences that pass: lines to take out. */
  readonly stale: readonly string[]
}

/** Runs every case of a golden file.
 *
 * @param root a Rails application: its routes are ported and compared with the file, which is an application's table
 * @throws Error when no runner knows files of that name
 */
export async function runGolden(path: string, root?: string): Promise<Outcome> {
  const name = basename(path)
  const golden = await readGolden(path)
  const run = isAppTable(golden) ? await appRunner(root) : await runnerFor(name)
  const { passed, failed, ways } = await run(golden as never)
  const differences = differencesFor(name)
  const isListed = ({ id }: { id: string }) => Object.hasOwn(differences, id)
  const failedIds = new Set(failed.map(({ id }) => id))
  return {
    file: path,
    total: passed + failed.length,
    passed,
    ...(ways !== undefined && { ways }),
    listed: failed.filter(isListed).map(({ id }) => ({ id, reason: differences[id]! })),
    failures: failed.filter((one) => !isListed(one)),
    stale: idsOf(golden).filter((id) => Object.hasOwn(differences, id) && !failedIds.has(id)),
  }
}

async function runnerFor(name: string): Promise<Run> {
  const runner = runners.find(([baseName]) => name.startsWith(baseName))
  if (runner === undefined)
    throw new Error(`No runner knows files named ${name}: there are ${runners.map(([baseName]) => baseName).join(', ')}.`)
  return (await runner[1]()).run
}

/** Tables of applications have the names of these, so what is in them says what they are. */
function isAppTable(golden: unknown): boolean {
  return typeof golden === 'object' && golden !== null && 'routes' in golden && 'probes' in golden
}

async function appRunner(root: string | undefined): Promise<Run> {
  if (root === undefined) return (await import('./runners/routing/app_table.ts')).run
  const { run } = await import('./runners/routing/ported_app.ts')
  return (golden) => run(golden, root)
}

function idsOf(golden: unknown): string[] {
  const cases = Array.isArray(golden) ? golden : (golden as { cases?: unknown }).cases
  return Array.isArray(cases) ? (cases as { id: string }[]).map(({ id }) => id) : []
}
