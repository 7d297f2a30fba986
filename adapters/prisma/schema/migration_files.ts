import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import type { MigrationList } from '@prisma/schema-engine-wasm/schema_engine_bg'
import { shown, writeAtomically } from '../generate/index.ts'
import { EXTRAS_FILE } from './extras.ts'
import { statementsOf } from './statements.ts'

const LOCK = 'migration_lock.toml'
const SCRIPT = 'migration.sql'
const DOWN = 'down.sql'

/** The names of the migrations in a folder, in the order in which they run. */
export function migrationNames(folder: string): string[] {
  if (!existsSync(folder)) return []
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && existsSync(path.join(folder, entry.name, SCRIPT)))
    .map((entry) => entry.name)
    .sort()
}

/** The migrations of a folder as the engine takes them. */
export function migrationList(folder: string): MigrationList {
  const lock = path.join(folder, LOCK)
  return {
    baseDir: folder,
    shadowDbInitScript: '',
    lockfile: { path: LOCK, content: existsSync(lock) ? readFileSync(lock, 'utf8') : null },
    migrationDirectories: migrationNames(folder).map((name) => ({
      path: name,
      migrationFile: { path: SCRIPT, content: { tag: 'ok' as const, value: readScript(folder, name) } },
    })),
  }
}

/** The digest that the ledger keeps of a migration's script. */
export function scriptChecksum(folder: string, name: string): string {
  return createHash('sha256').update(readScript(folder, name)).digest('hex')
}

/** A migration to be written. */
export interface NewMigration {
  readonly name: string
  readonly script: string
  /** What leads back. */
  readonly down: string
  /** The SQL beside the schema as it was; undefined when there is none. */
  readonly extras: string | undefined
}

/** Writes a new migration whole or not at all. */
export function writeMigration(folder: string, { name, script, down, extras }: NewMigration, provider: string): void {
  const temporary = path.join(folder, `.${name}.tmp`)
  mkdirSync(temporary, { recursive: true })
  writeFileSync(path.join(temporary, SCRIPT), script)
  writeFileSync(path.join(temporary, DOWN), down)
  if (extras !== undefined) writeFileSync(path.join(temporary, EXTRAS_FILE), extras)
  renameSync(temporary, path.join(folder, name))
  writeAtomically(path.join(folder, LOCK), `# Written by regauge; belongs under version control.\nprovider = "${provider}"\n`)
}

/** The name of the next migration: the time to the second, always after that of the last one, and what it does. */
export function nextName(folder: string, title: string): string {
  const last = Number(migrationNames(folder).at(-1)?.slice(0, 14) ?? 0)
  const now = Number(new Date().toISOString().replace(/\D/g, '').slice(0, 14))
  return `${Math.max(now, last < farFuture ? last + 1 : 0)}_${folderName(title)}`
}

/** Migrations that somebody numbered by hand to come last stay the last. */
const farFuture = 9_000_01_01_00_00_00

function folderName(title: string): string {
  return (
    title
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, '_')
      .replace(/^_|_$/g, '')
      .slice(0, 100) || 'migration'
  )
}

/** The script that leads back behind a migration; undefined when it has none. */
export function downScript(folder: string, name: string): string | undefined {
  const file = path.join(folder, name, DOWN)
  if (!existsSync(file)) return undefined
  const text = readFileSync(file, 'utf8')
  return statementsOf(text).length > 0 ? text : undefined
}

/** Where a script is wrong: its file, and the line where what the database names stands once.
 * @param reason what the database said: `near "TABEL": syntax error`
 */
export function placeInScript(folder: string, name: string, reason: string, file: typeof SCRIPT | typeof DOWN = SCRIPT): string {
  const place = shown(path.join(folder, name, file))
  const near = /\bnear ["']([^"'\n]+)/.exec(reason)?.[1] // MySQL tells all that follows
  if (near === undefined) return place
  const lines = readFileSync(path.join(folder, name, file), 'utf8').split('\n')
  const places = lines.flatMap((line, index) => (line.includes(near) ? [index + 1] : []))
  return places.length === 1 ? `${place}:${places[0]}` : place
}

function readScript(folder: string, name: string): string {
  return readFileSync(path.join(folder, name, SCRIPT), 'utf8')
}
