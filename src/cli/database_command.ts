import type { Command } from 'commander'
import type { DatabaseTasks } from '../application/index.ts'
import { type AppOptions, applicationCommand } from './application_command.ts'

/** What every command that works on a database takes. */
export interface DatabaseOptions extends AppOptions {
  /** One of `config.database.others`. */
  readonly database?: string
}

/** Adds a command that works on a database of an application.
 * @example databaseCommand(program, 'db:status', 'list the migrations').action(status)
 */
export function databaseCommand(program: Command, name: string, description: string): Command {
  return applicationCommand(program, name, description).option('--database <name>', 'another database than the primary one')
}

/** Gives a command the option without which it loses nothing. */
export function changesData(command: Command): Command {
  return command.option('--accept-data-loss', 'go on when columns or tables with data are dropped')
}

/** The tasks of the database that the options name. */
export async function tasksOf({ root, env, database }: DatabaseOptions): Promise<DatabaseTasks> {
  const { databaseTasks } = await import('../application/index.ts')
  return databaseTasks(root, env, undefined, database)
}
