import { Command, CommanderError } from 'commander'
import { printableLines } from './output.ts'
import { isSilenced, reportError } from './report_error.ts'
import { version } from './version.ts'

/** A module under `commands/`: adds its commands to the program. */
export interface CommandModule {
  register(program: Command): void
}

/** Runs the command line and answers with the exit status: 0 done, 1 failed, 2 wrong usage.
 *
 * @param args the words after `regauge`
 * @example await run(['routes', '--json'])
 */
export async function run(args: readonly string[]): Promise<number> {
  const program = new Command('regauge')
    .description('Moves Rails API applications to TypeScript, and runs them in one process.')
    .version(version, '-v, --version')
    .exitOverride()
    .showSuggestionAfterError()
    .showHelpAfterError('Run `regauge --help` for the commands.')
    .configureHelp({ sortSubcommands: true })
    .configureOutput({ outputError: (text, write) => write(printableLines(text)) })
  for (const command of await commandModules()) command.register(program)
  for (const command of program.commands) explainErrors(command, command.name())
  if (args.length === 0) {
    program.outputHelp()
    return 0
  }
  try {
    await program.parseAsync(args, { from: 'user' })
    return typeof process.exitCode === 'number' ? process.exitCode : 0
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2
    if (!isSilenced(error)) reportError(error)
    return 1
  }
}

/** Says of each command, and of those below it, where what it takes is explained. */
function explainErrors(command: Command, words: string): void {
  command.exitOverride().showHelpAfterError(`Run \`regauge ${words} --help\` for its options.`)
  for (const inner of command.commands) explainErrors(inner, `${words} ${inner.name()}`)
}

async function commandModules(): Promise<CommandModule[]> {
  return Promise.all([
    import('./commands/callbacks.ts'),
    import('./commands/console.ts'),
    import('./commands/daemons.ts'),
    import('./commands/credentials.ts'),
    import('./commands/db.ts'),
    import('./commands/db_lifecycle.ts'),
    import('./commands/db_migrations.ts'),
    import('./commands/db_pull.ts'),
    import('./commands/events.ts'),
    import('./commands/generate.ts'),
    import('./commands/jobs.ts'),
    import('./commands/jobs_move.ts'),
    import('./commands/middleware.ts'),
    import('./commands/new.ts'),
    import('./commands/port.ts'),
    import('./commands/routes.ts'),
    import('./commands/schedules.ts'),
    import('./commands/server.ts'),
    import('./commands/version.ts'),
  ])
}
