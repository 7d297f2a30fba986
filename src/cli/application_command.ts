import { resolve } from 'node:path'
import { type Command, Option } from 'commander'

/** What every command that works on an application takes. */
export interface AppOptions {
  /** The application's folder, absolute. */
  readonly root: string
  readonly env?: string
  readonly json?: boolean
}

/** Adds a command that works on an application: with `--root`, `--env` and `--json`.
 * @example applicationCommand(program, 'db:status', 'list the migrations').action(status)
 */
export function applicationCommand(program: Command, name: string, description: string): Command {
  return program
    .command(name)
    .description(description)
    .addOption(
      new Option('--root <folder>', 'the application').default(process.cwd(), 'this folder').argParser((folder) => resolve(folder)),
    )
    .option('--env <name>', 'development, test, production, … (default: REGAUGE_ENV, NODE_ENV or development)')
    .option('--json', 'as JSON')
}
