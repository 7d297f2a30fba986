import { join } from 'node:path'
import type { Command } from 'commander'
import { databaseCommand, type DatabaseOptions, tasksOf } from '../database_command.ts'
import { ConfirmationMissing, SeedsMissing } from '../errors.ts'
import { printResult } from '../output.ts'

interface ForcedOptions extends DatabaseOptions {
  readonly force?: boolean
  readonly seed?: boolean
}

/** The `db:` commands that make a database, fill it, and throw it away. */
export function register(program: Command): void {
  databaseCommand(program, 'db:create', 'make the database, without tables').action(create)
  databaseCommand(program, 'db:drop', 'throw the database away').option('--force', 'without it nothing happens').action(drop)
  databaseCommand(program, 'db:seed', 'run db/seeds.ts').action(seed)
  databaseCommand(program, 'db:reset', 'throw the database away, make it anew and run db/seeds.ts when it is there')
    .option('--force', 'without it nothing happens')
    .option('--no-seed', 'leave the tables empty')
    .action(reset)
}

async function create(options: DatabaseOptions): Promise<void> {
  const tasks = await tasksOf(options)
  const result = await tasks.create()
  printResult(options, result, () => (result.created ? 'Created the database.' : 'The database exists already.'))
}

async function drop(options: ForcedOptions): Promise<void> {
  const tasks = await tasksOf(options)
  if (!options.force) throw new ConfirmationMissing({ action: `drop ${shown(tasks.url)}` })
  const result = await tasks.drop()
  printResult(options, result, () => (result.dropped ? 'Dropped the database.' : 'There was no database.'))
}

async function reset(options: ForcedOptions): Promise<void> {
  const tasks = await tasksOf(options)
  if (!options.force) throw new ConfirmationMissing({ action: `throw away everything in ${shown(tasks.url)}` })
  const result = await tasks.reset()
  const seeded = options.seed !== false && options.database === undefined && (await runSeeds(options)) !== undefined
  printResult(options, { ...result, seeded }, () => (seeded ? 'The database is new, and seeded.' : 'The database is empty again.'))
}

async function seed(options: DatabaseOptions): Promise<void> {
  if ((await runSeeds(options)) === undefined) throw new SeedsMissing({ file: join(options.root, 'db/seeds.ts') })
  printResult(options, { seeded: true }, () => 'Seeded the database.')
}

/** Runs `db/seeds` inside of the application; undefined when there is none. */
async function runSeeds({ root, env }: DatabaseOptions): Promise<string | undefined> {
  const { boot, findSource, importFile } = await import('../../application/index.ts')
  const file = findSource(root, 'db/seeds')
  if (file === undefined) return undefined
  const application = await boot({ root, env, serves: false })
  try {
    const { default: seeds } = await application.run(() => importFile(root, file))
    if (typeof seeds === 'function') await application.run(() => seeds())
  } finally {
    await application.stop()
  }
  return file
}

/** A URL without its password. */
function shown(url: string): string {
  return url.replace(/^([a-z0-9+]+:\/\/[^:/@]*):.*@/i, '$1:…@')
}
