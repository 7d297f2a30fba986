import { relative } from 'node:path'
import type { Command } from 'commander'
import { type AppOptions, applicationCommand } from '../application_command.ts'
import { expressionText, oneName } from '../arguments.ts'
import { printResult } from '../output.ts'

interface RoutesOptions extends AppOptions {
  readonly controller?: string
  readonly grep?: string
  readonly expanded?: boolean
  readonly unused?: boolean
  readonly types?: boolean
  readonly out?: string
}

/** `regauge routes`: the route table, in the layout of `rails routes`; with `--types` the declarations of the URL helpers. */
export function register(program: Command): void {
  applicationCommand(program, 'routes', 'list the routes')
    .option('-c, --controller <name>', 'only those of a controller', oneName)
    .option('-g, --grep <expression>', 'only those whose name, verb, path or target matches', expressionText)
    .option('-E, --expanded', 'a block a route, with the line it is drawn at')
    .option('-u, --unused', "only those whose controller or action doesn't exist")
    .option('--types', 'write the declarations of the URL helpers, so that the compiler checks their names and arguments')
    .option('--out <file>', 'where --types writes (default: config/route_helpers.d.ts)', oneName)
    .action((options: RoutesOptions) => (options.types ? writeTypes(options) : list(options)))
}

async function list(options: RoutesOptions): Promise<void> {
  const { describeRoutes } = await import('../../application/index.ts')
  const { rows, text } = await describeRoutes(options.root, { ...options, width: process.stdout.columns })
  printResult(options, rows, () => text)
}

async function writeTypes({ root, out, ...options }: RoutesOptions): Promise<void> {
  const { describeHelpers } = await import('../../application/index.ts')
  const { file, hasChanged } = await describeHelpers(root, out)
  const shown = relative(process.cwd(), file)
  printResult(options, { file, hasChanged }, () => (hasChanged ? `Wrote ${shown}` : `${shown} is up to date`))
}
