import type { Command } from 'commander'
import { type AppOptions, applicationCommand } from '../application_command.ts'
import { printResult } from '../output.ts'

/** `regauge routes`: the route table, in the layout of `rails routes`. */
export function register(program: Command): void {
  applicationCommand(program, 'routes', 'list the routes')
    .option('-c, --controller <name>', 'only those of a controller')
    .option('-g, --grep <expression>', 'only those whose name, verb, path or target matches')
    .option('-E, --expanded', 'a block a route, with the line it is drawn at')
    .action(list)
}

async function list(options: AppOptions & { controller?: string; grep?: string; expanded?: boolean }): Promise<void> {
  const { describeRoutes } = await import('../../application/index.ts')
  const { rows, text } = await describeRoutes(options.root, { ...options, width: process.stdout.columns })
  printResult(options, rows, () => text)
}
