import { Argument, type Command, Option } from 'commander'
import { registerTypeScript } from '../../application/typescript.ts'
import { Silenced } from '../report_error.ts'

const kinds = ['routes', 'schema'] as const
type Kind = (typeof kinds)[number]

interface PortOptions {
  readonly out: string
  readonly provider: 'sqlite' | 'postgresql' | 'mysql'
  readonly check?: boolean
  readonly dryRun?: boolean
  readonly force?: boolean
  readonly strict?: boolean
  readonly json?: boolean
  readonly env?: string
}

/** `regauge port`: Rails in, TypeScript out. */
export function register(program: Command): void {
  program
    .command('port')
    .description('port a Rails application: its routes, its schema, or all that can be ported')
    .addArgument(new Argument('<what>', 'what to port').choices([...kinds, 'all']))
    .argument('<rails-app>', 'the folder of the Rails application; it is read, never run')
    .option('-o, --out <folder>', 'the folder of the TypeScript application; for routes also the file (routes.ts)', '.')
    .addOption(new Option('--provider <name>', 'the database of the schema').choices(['sqlite', 'postgresql', 'mysql']).default('sqlite'))
    .option('--check', 'write nothing; fail when what is on disk differs')
    .option('--dry-run', 'write nothing; say what would be written')
    .option('--force', 'overwrite files that were edited since the last port')
    .option('--strict', 'fail when anything was left as Ruby')
    .option('--env <name>', 'decide conditions on Rails.env for this environment, instead of porting them')
    .option('--json', 'the report as JSON; for routes with the table that they draw (without --out nothing is written)')
    .action(run)
}

async function run(what: Kind | 'all', from: string, options: PortOptions, command: Command): Promise<void> {
  const { drawPortedRoutes, formatReport, port } = await import('../../../migrations/index.ts')
  const { out: to, check = false, force = false, provider, json = false, strict, env: environment } = options
  const showsTable = json && what === 'routes'
  const dryRun = options.dryRun ?? (showsTable && command.getOptionValueSource('out') === 'default')
  const result = await port({ from, to, only: what === 'all' ? kinds : [what], check, dryRun, force, provider, environment })
  if (showsTable) {
    await registerTypeScript()
    const routes = await drawPortedRoutes(from, { environment })
    process.stdout.write(`${JSON.stringify({ ...result, routes }, null, 2)}\n`)
  } else process.stdout.write(`${formatReport(result, { json })}\n`)
  if (!result.ok || (strict && result.counts.left > 0)) throw new Silenced()
}
