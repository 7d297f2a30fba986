import { Argument, type Command, Option } from 'commander'
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
}

/** `regauge port`: Rails in, TypeScript out. */
export function register(program: Command): void {
  program
    .command('port')
    .description('port a Rails application: its routes, its schema, or all that can be ported')
    .addArgument(new Argument('<what>', 'what to port').choices([...kinds, 'all']))
    .argument('<rails-app>', 'the folder of the Rails application; it is read, never run')
    .option('-o, --out <folder>', 'the folder of the TypeScript application', '.')
    .addOption(new Option('--provider <name>', 'the database of the schema').choices(['sqlite', 'postgresql', 'mysql']).default('sqlite'))
    .option('--check', 'write nothing; fail when what is on disk differs')
    .option('--dry-run', 'write nothing; say what would be written')
    .option('--force', 'overwrite files that were edited since the last port')
    .option('--strict', 'fail when anything was left as Ruby')
    .option('--json', 'the report as JSON')
    .action(run)
}

async function run(what: Kind | 'all', from: string, options: PortOptions): Promise<void> {
  const { formatReport, port } = await import('../../../migrations/index.ts')
  const { out: to, check = false, dryRun = false, force = false, provider, json = false, strict } = options
  const result = await port({ from, to, only: what === 'all' ? kinds : [what], check, dryRun, force, provider })
  process.stdout.write(`${formatReport(result, { json })}\n`)
  if (!result.ok || (strict && result.counts.left > 0)) throw new Silenced()
}
