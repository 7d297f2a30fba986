import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import type { MigrationList } from '@prisma/schema-engine-wasm/schema_engine_bg'
import { writeAtomically } from '../generate/index.ts'

const LOCK = 'migration_lock.toml'
const SCRIPT = 'migration.sql'

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

/** Writes a new migration whole or not at all. */
export function writeMigration(folder: string, name: string, script: string, provider: string): void {
  const temporary = path.join(folder, `.${name}.tmp`)
  mkdirSync(temporary, { recursive: true })
  writeFileSync(path.join(temporary, SCRIPT), script)
  renameSync(temporary, path.join(folder, name))
  writeAtomically(path.join(folder, LOCK), `# Written by regauge; belongs under version control.\nprovider = "${provider}"\n`)
}

function readScript(folder: string, name: string): string {
  return readFileSync(path.join(folder, name, SCRIPT), 'utf8')
}
