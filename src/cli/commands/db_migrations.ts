import { type Command, Option } from 'commander'
import { positiveNumber } from '../arguments.ts'
import { changesData, databaseCommand, type DatabaseOptions, tasksOf } from '../database_command.ts'
import { printResult } from '../output.ts'
import { Silenced } from '../report_error.ts'

interface MigrateOptions extends DatabaseOptions {
  readonly name?: string
  readonly draft?: boolean
  readonly acceptDataLoss?: boolean
  readonly baseline?: boolean
  readonly acceptDrift?: boolean
  readonly applied?: string
  readonly rolledBack?: string
}

/** The `db:` commands about migrations. */
export function register(program: Command): void {
  changesData(databaseCommand(program, 'db:migrate', 'run the pending migrations'))
    .option('--name <name>', 'first write a migration for what the schema has beyond them')
    .option('--draft', 'with --name: write the migration, to be completed by hand, and run nothing')
    .addOption(
      new Option('--baseline', 'begin with migrations at a database that has the tables already').conflicts([
        'draft',
        'applied',
        'rolledBack',
      ]),
    )
    .option('--accept-drift', 'with --baseline: begin although the database differs from the schema')
    .addOption(new Option('--applied <migration>', 'say that a migration was completed by hand').conflicts(['name', 'rolledBack']))
    .addOption(new Option('--rolled-back <migration>', 'say that a migration that failed was undone by hand').conflicts(['name']))
    .action(migrate)
  changesData(databaseCommand(program, 'db:rollback', 'undo the last migration'))
    .option('--step <number>', 'undo so many', positiveNumber, 1)
    .action(rollback)
  databaseCommand(program, 'db:status', 'list the migrations and whether they ran').action(status)
  databaseCommand(program, 'db:diff', 'print the SQL that leads from the migrations to the schema')
    .addOption(new Option('--from <place>', 'where it begins').choices(['migrations', 'database']).default('migrations'))
    .action(diff)
}

async function migrate(options: MigrateOptions): Promise<void> {
  if (options.baseline) return baseline(options)
  if (options.applied !== undefined) return resolve(options, options.applied, 'applied')
  if (options.rolledBack !== undefined) return resolve(options, options.rolledBack, 'rolled_back')
  const tasks = await tasksOf(options)
  const { name, draft = false, acceptDataLoss = false } = options
  const onDone = progress(options, 'migrated')
  const result = await tasks.migrate({ ...(name !== undefined && { name }), draft, acceptDataLoss, onDone })
  if (options.json) printResult(options, result, () => '')
  else if (draft && result.created !== null) process.stdout.write(`wrote    db/migrations/${result.created}\n`)
  else if (result.applied.length === 0) process.stdout.write(`Nothing to migrate.${withoutMigration(await tasks.lacking())}\n`)
}

/** Changes of the schema wait for somebody to name them. */
function withoutMigration([first, ...more]: readonly string[]): string {
  if (first === undefined) return ''
  const lacking = more.length === 0 ? first : `${first} and ${more.length} more`
  return ` The database lacks the ${lacking}: \`regauge db:migrate --name …\` writes the migration.`
}

/** Tells each migration when it is done, not at the end. */
function progress({ json }: DatabaseOptions, verb: string): (name: string) => void {
  return (name) => {
    if (!json) process.stdout.write(`${verb} ${name}\n`)
  }
}

async function baseline(options: MigrateOptions): Promise<void> {
  const { name: title, acceptDrift = false } = options
  const result = await (await tasksOf(options)).baseline({ ...(title !== undefined && { title }), acceptDrift })
  printResult(options, result, () => `The database counts as having ${result.created}; migrations go on from there.`)
}

async function resolve(options: MigrateOptions, name: string, as: 'applied' | 'rolled_back'): Promise<void> {
  await (await tasksOf(options)).resolve(name, as)
  printResult(options, { migration: name, as }, () => `${name} counts as ${as === 'applied' ? 'applied' : 'rolled back, and runs again'}.`)
}

async function rollback(options: DatabaseOptions & { step: number; acceptDataLoss?: boolean }): Promise<void> {
  const { step: steps, acceptDataLoss = false } = options
  const result = await (await tasksOf(options)).rollback({ steps, acceptDataLoss, onDone: progress(options, 'rolled back') })
  if (options.json) printResult(options, result, () => '')
  else if (result.rolledBack.length === 0) process.stdout.write('Nothing to roll back.\n')
}

async function status(options: DatabaseOptions): Promise<void> {
  const result = await (await tasksOf(options)).status()
  printResult(options, result, () => {
    if (!result.hasDatabase) return 'The database does not exist. Make it with `regauge db:push` or `regauge db:migrate`.'
    const rails = result.rails && `Rails ran ${result.rails.migrations} migrations here, up to ${result.rails.version ?? 'none'}.`
    const lines = result.migrations.map(({ name, state }) => `${state.padEnd(8)} ${name}`)
    return [
      ...(rails === undefined ? [] : [rails]),
      ...(lines.length > 0 ? lines : ['There are no migrations. `regauge db:migrate --name …` writes one.']),
    ].join('\n')
  })
  if (!result.isUpToDate || !result.hasDatabase) throw new Silenced()
}

async function diff(options: DatabaseOptions & { from: 'migrations' | 'database' }): Promise<void> {
  const result = await (await tasksOf(options)).diff(options.from)
  printResult(options, result, () => result.script.trimEnd() || '-- nothing to change')
}
