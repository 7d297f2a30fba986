import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { Command } from 'commander'
import type { DatabaseTasks } from '../../application/index.ts'
import { Silenced } from '../report_error.ts'
import { ConfirmationMissing, SeedsMissing } from '../errors.ts'
import { type AppOptions, applicationCommand } from '../application_command.ts'
import { printResult } from '../output.ts'

/** The `db:` commands: the schema's way into the database. */
export function register(program: Command): void {
  applicationCommand(program, 'db:generate', 'write the client, the metadata and the types of db/schema.prisma').action(generate)
  applicationCommand(program, 'db:push', 'make the database have the tables of db/schema.prisma, without migrations')
    .option('--accept-data-loss', 'go on when columns or tables with data are dropped')
    .action(push)
  applicationCommand(program, 'db:migrate', 'run the pending migrations')
    .option('--name <name>', 'first write a migration for what the schema has beyond them')
    .option('--accept-data-loss', 'go on when columns or tables with data are dropped')
    .action(migrate)
  applicationCommand(program, 'db:status', 'list the migrations and whether they ran').action(status)
  applicationCommand(program, 'db:diff', 'print the SQL that leads from the migrations to the schema').action(diff)
  applicationCommand(program, 'db:seed', 'run db/seeds.ts').action(seed)
  applicationCommand(program, 'db:reset', 'throw the database away and make it anew')
    .option('--force', 'without it nothing happens')
    .action(reset)
}

async function tasksOf({ root, env }: AppOptions): Promise<DatabaseTasks> {
  const { databaseTasks } = await import('../../application/index.ts')
  return databaseTasks(root, env)
}

async function generate(options: AppOptions): Promise<void> {
  const tasks = await tasksOf(options)
  const result = await tasks.generate()
  printResult(options, result, () => (result.client || result.register ? 'Generated db/generated.' : 'db/generated is up to date.'))
}

async function push(options: AppOptions & { acceptDataLoss?: boolean }): Promise<void> {
  const tasks = await tasksOf(options)
  const result = await tasks.push({ acceptDataLoss: options.acceptDataLoss ?? false })
  printResult(options, result, () =>
    [
      ...result.warnings.map((warning) => `warning: ${warning}`),
      result.changed
        ? `Pushed the schema: ${result.steps} ${result.steps === 1 ? 'statement' : 'statements'}.`
        : 'The database has the schema already.',
      ...(existsSync(join(options.root, extras)) ? [`${extras} isn't run by this command: run it with the database's own client.`] : []),
    ].join('\n'),
  )
}

/** What Prisma's language can't say; the porter of the schema writes it. */
const extras = 'db/schema_extras.sql'

async function migrate(options: AppOptions & { name?: string; acceptDataLoss?: boolean }): Promise<void> {
  const tasks = await tasksOf(options)
  const { name, acceptDataLoss = false } = options
  const result = await tasks.migrate(name === undefined ? { acceptDataLoss } : { name, acceptDataLoss })
  printResult(options, result, () =>
    result.applied.length === 0 ? 'Nothing to migrate.' : result.applied.map((migration) => `migrated ${migration}`).join('\n'),
  )
}

async function status(options: AppOptions): Promise<void> {
  const result = await (await tasksOf(options)).status()
  printResult(options, result, () => {
    if (!result.hasDatabase) return 'The database does not exist. Make it with `regauge db:push` or `regauge db:migrate`.'
    if (result.migrations.length === 0) return 'There are no migrations.'
    return result.migrations.map(({ name, state }) => `${state.padEnd(8)} ${name}`).join('\n')
  })
  if (!result.isUpToDate || !result.hasDatabase) throw new Silenced()
}

async function diff(options: AppOptions): Promise<void> {
  const result = await (await tasksOf(options)).diff()
  printResult(options, result, () => result.script.trimEnd() || '-- nothing to change')
}

async function seed(options: AppOptions): Promise<void> {
  const { boot, findSource, importFile } = await import('../../application/index.ts')
  const file = findSource(options.root, 'db/seeds')
  if (!file) throw new SeedsMissing({ file: join(options.root, 'db/seeds.ts') })
  const application = await boot({ root: options.root, env: options.env, serves: false })
  try {
    const { default: seeds } = await application.run(() => importFile(options.root, file))
    if (typeof seeds === 'function') await application.run(() => seeds())
  } finally {
    await application.stop()
  }
  printResult(options, { seeded: true }, () => 'Seeded the database.')
}

async function reset(options: AppOptions & { force?: boolean }): Promise<void> {
  const tasks = await tasksOf(options)
  if (!options.force) throw new ConfirmationMissing({ action: `throw away everything in ${tasks.url}` })
  const result = await tasks.reset()
  printResult(options, result, () => 'The database is empty again.')
}
