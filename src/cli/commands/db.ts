import type { Command } from 'commander'
import { changesData, databaseCommand, type DatabaseOptions, tasksOf } from '../database_command.ts'
import { printResult } from '../output.ts'

/** The `db:` commands that bring the schema into the database without migrations. */
export function register(program: Command): void {
  databaseCommand(program, 'db:generate', 'write the client, the metadata and the types of db/schema.prisma').action(generate)
  changesData(databaseCommand(program, 'db:push', 'make the database have the tables of db/schema.prisma, without migrations')).action(push)
}

async function generate(options: DatabaseOptions): Promise<void> {
  const tasks = await tasksOf(options)
  const result = await tasks.generate()
  printResult(options, result, () => (result.client || result.register ? 'Generated db/generated.' : 'db/generated is up to date.'))
}

async function push(options: DatabaseOptions & { acceptDataLoss?: boolean }): Promise<void> {
  const tasks = await tasksOf(options)
  const result = await tasks.push({ acceptDataLoss: options.acceptDataLoss ?? false })
  printResult(options, result, () =>
    [
      ...result.warnings.map((warning) => `warning: ${warning}`),
      result.changed
        ? `Pushed the schema: ${result.steps} ${result.steps === 1 ? 'statement' : 'statements'}.`
        : 'The database has the schema already.',
    ].join('\n'),
  )
}
