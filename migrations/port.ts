import { existsSync, readFileSync, statSync } from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'
import { Ledger } from './ledger.ts'
import { portModels } from './models/index.ts'
import type { PortedFile } from './ported_file.ts'
import { countRows, type PortCounts, type PortKind, type PortRow } from './report/rows.ts'
import { portRoutes } from './routes/index.ts'
import { type Provider, portSchema } from './schema/index.ts'
import { writeFiles } from './write_files.ts'

/** What to port, from where and to where. */
export interface PortOptions {
  /** The root of the Rails application. */
  readonly from: string
  /** The root of the TypeScript application; when routes alone are ported, it may be the file of routes itself (`api/config/routes.ts`). */
  readonly to: string
  /** Which porters run; all unless given. */
  readonly only?: readonly PortKind[]
  /** Says what would be written, and writes nothing. */
  readonly dryRun?: boolean
  /** Compares with what is on disk, and writes nothing. */
  readonly check?: boolean
  /** Overwrites files that were edited since the last port. */
  readonly force?: boolean
  /** The database of the schema: `sqlite` unless given. */
  readonly provider?: Provider
  /** Conditions on `Rails.env` in routes are answered for this environment; without it they stay conditions. */
  readonly environment?: string | undefined
}

/** What became of an output file: `written` (or it would be, in a dry run); `unchanged`; `kept`, since a person edited it;
 * `stale`, since the porter writes it no longer; in a check, `different` or `missing`. */
export type PortedFileStatus = 'written' | 'unchanged' | 'kept' | 'stale' | 'different' | 'missing'

/** One output file of a run. */
export interface PortedFileResult {
  readonly path: string
  readonly kind: PortKind
  readonly status: PortedFileStatus
  /** The first line that differs from what is on disk, counted from 1. */
  readonly line?: number
}

/** What a run did, and what became of each construct. */
export interface PortResult {
  readonly from: string
  readonly to: string
  readonly files: readonly PortedFileResult[]
  readonly rows: readonly PortRow[]
  readonly counts: PortCounts
  /** False when a check found a difference. */
  readonly ok: boolean
}

type Porter = (options: PortOptions) => { files: PortedFile[]; rows: PortRow[] } | Promise<{ files: PortedFile[]; rows: PortRow[] }>

const porters: Record<PortKind, Porter> = {
  routes: ({ from, environment }) => portRoutes(from, { environment }),
  schema: ({ from, provider }) => portSchema(from, provider),
  models: ({ from, provider }) => portModels(from, provider),
}

/** Ports a Rails application: reads its Ruby without running it, and writes TypeScript and a Prisma schema. All files are written, or none.
 *
 * @throws MissingSource, BrokenRuby, UnexpectedRuby with file, line and what was expected; UnwritableOutput
 * @example const { counts } = await port({ from: '../rails-app', to: './api', only: ['routes'] })
 */
export async function port(options: PortOptions): Promise<PortResult> {
  const kinds = (Object.keys(porters) as PortKind[]).filter((kind) => options.only?.includes(kind) ?? true)
  const [from, to] = [resolve(options.from), rootOf(options, kinds)]
  const outputs: { kind: PortKind; files: PortedFile[]; rows: PortRow[] }[] = []
  for (const kind of kinds) outputs.push({ kind, ...placed(await porters[kind]({ ...options, from, to }), options.to, to) })
  const ledger = Ledger.of(to)
  const known = new Set(outputs.flatMap(({ files }) => files.map(({ path }) => path)))
  const stale = kinds.flatMap((kind) => ledger.pathsOf(kind).map((path) => ({ path, kind, status: 'stale' as const })))
  const files = [
    ...outputs.flatMap(({ kind, files }) => files.map((file) => decide(file, kind, ledger, to, options))),
    ...stale.filter(({ path }) => !known.has(path) && existsSync(join(to, path))),
  ]
  if (!options.check && !options.dryRun) await write(to, outputs, files, ledger)
  const rows = outputs.flatMap(({ rows }) => rows).sort((left, right) => compare(left.file, right.file) || left.line - right.line)
  return { from, to, files, rows, counts: countRows(rows), ok: !files.some(({ status }) => status === 'different' || status === 'missing') }
}

/** Where paths of files begin: the folder named, or that of the file named. */
function rootOf({ to }: PortOptions, kinds: readonly PortKind[]): string {
  return to.endsWith('.ts') && kinds.length === 1 && kinds[0] === 'routes' ? dirname(resolve(to)) : resolve(to)
}

/** When a file was named, the routes go to it, and the files that they import beside it. */
function placed<T extends { files: PortedFile[] }>(output: T, named: string, root: string): T {
  if (resolve(named) === root) return output
  const path = (file: PortedFile) => (file.path === 'config/routes.ts' ? basename(named) : file.path.replace(/^config\//, ''))
  return { ...output, files: output.files.map((file) => ({ ...file, path: path(file) })) }
}

function decide({ path, text }: PortedFile, kind: PortKind, ledger: Ledger, root: string, options: PortOptions): PortedFileResult {
  const target = join(root, path)
  const current = textAt(target)
  if (current === undefined) return { path, kind, status: options.check ? 'missing' : 'written' }
  if (current === text) return { path, kind, status: 'unchanged' }
  const line = firstDifference(current, text)
  if (options.check) return { path, kind, status: 'different', line }
  return { path, kind, status: options.force || ledger.wrote(path, current) ? 'written' : 'kept', line }
}

async function write(
  root: string,
  outputs: readonly { kind: PortKind; files: PortedFile[] }[],
  results: readonly PortedFileResult[],
  ledger: Ledger,
): Promise<void> {
  const status = new Map(results.map((result) => [result.path, result.status]))
  const written: PortedFile[] = []
  for (const { kind, files } of outputs) {
    for (const file of files) {
      if (status.get(file.path) === 'kept') continue
      ledger.record(file.path, kind, file.text)
      if (status.get(file.path) === 'written') written.push(file)
    }
  }
  const entry = ledger.toFile()
  if (textAt(join(root, entry.path)) !== entry.text) written.push(entry)
  await writeFiles(root, written)
}

/** The text of a file; undefined when there is none. What stands in its place is found out by writing. */
function textAt(path: string): string | undefined {
  return existsSync(path) && statSync(path).isFile() ? readFileSync(path, 'utf8') : undefined
}

function firstDifference(left: string, right: string): number {
  const [before, after] = [left.split('\n'), right.split('\n')]
  return before.findIndex((line, index) => line !== after[index]) + 1 || before.length
}

function compare(left: string, right: string): number {
  return left < right ? -1 : Number(left > right)
}
