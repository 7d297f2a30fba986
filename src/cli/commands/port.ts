import { basename, join, resolve } from 'node:path'
import { type Command, Option } from 'commander'
import { registerTypeScript } from '../../application/loading/typescript.ts'
import { oneName } from '../arguments.ts'
import { isEmptyFolder, writeMissing } from '../missing_files.ts'
import { Silenced } from '../report_error.ts'
import { skeletonFiles } from '../templates/application.ts'
import { version } from '../version.ts'

const kinds = ['routes', 'schema', 'models'] as const
/** What `all` ports: what runs as it is. Models are asked for by name, since they name jobs and others that no porter reads yet. */
const together: readonly Kind[] = ['routes', 'schema']
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
  readonly regauge: string
}

/** `regauge port`: Rails in, TypeScript out. */
export function register(program: Command): void {
  program
    .command('port')
    .description('port a Rails application: its routes, its schema, its models')
    .usage('[options] [routes|schema|models|all] <rails-app>')
    .argument('<what>', 'what to port: routes, schema, models, or all (routes and schema); all when only the folder is given')
    .argument('[rails-app]', 'the folder of the Rails application; it is read, never run')
    .option('-o, --out <folder>', 'the folder of the TypeScript application; for routes also the file (routes.ts)', '.')
    .addOption(new Option('--provider <name>', 'the database of the schema').choices(['sqlite', 'postgresql', 'mysql']).default('sqlite'))
    .option('--check', 'write nothing; fail when what is on disk differs')
    .option('--dry-run', 'write nothing; say what would be written')
    .option('--force', 'overwrite files that were edited since the last port')
    .option('--strict', 'fail when anything was left as Ruby')
    .option('--env <name>', 'decide conditions on Rails.env for this environment, instead of porting them')
    .option(
      '--regauge <specifier>',
      'what the package.json of a new application asks for (all, into an empty folder)',
      oneName,
      `^${version}`,
    )
    .option('--json', 'the report as JSON; for routes with the table that they draw (without --out nothing is written)')
    .action(run)
}

async function run(first: string, second: string | undefined, options: PortOptions, command: Command): Promise<void> {
  const [what, from] = second === undefined ? (['all', first] as const) : [first, second]
  if (!isKind(what)) command.error(`error: '${what}' can't be ported; routes, schema, models or all can.`)
  const { drawPortedRoutes, formatReport, port, remainingRuby } = await import('../../../migrations/index.ts')
  const { out: to, check = false, force = false, provider, json = false, strict, env: environment } = options
  const showsTable = json && what === 'routes'
  const dryRun = options.dryRun ?? (showsTable && command.getOptionValueSource('out') === 'default')
  const isNew = what === 'all' && !check && !dryRun && isEmptyFolder(to)
  const result = await port({
    from,
    to,
    only: what === 'all' ? together : [what],
    check,
    dryRun,
    force,
    provider,
    environment,
  })
  const made = isNew ? writeMissing(to, skeletonFiles(nameOf(to), { regauge: options.regauge })) : []
  if (showsTable) {
    await registerTypeScript()
    const routes = await drawPortedRoutes(from, { environment })
    process.stdout.write(`${JSON.stringify({ ...result, routes }, null, 2)}\n`)
  } else if (json) {
    process.stdout.write(`${JSON.stringify({ ...result, made, remaining: remainingRuby(from) }, null, 2)}\n`)
  } else {
    const report = [...made.map((file) => `made      ${join(to, file)}`), formatReport(result)]
    if (what === 'all') report.push(...remainingText(remainingRuby(from)))
    process.stdout.write(`${report.join('\n')}\n`)
  }
  if (!result.ok || (strict && result.counts.left > 0)) throw new Silenced()
}

function isKind(what: string): what is Kind | 'all' {
  return what === 'all' || (kinds as readonly string[]).includes(what)
}

/** A name that a package may have, of the folder's. */
function nameOf(folder: string): string {
  return (
    basename(resolve(folder))
      .replace(/[^\w-]+/g, '-')
      .replace(/^[^a-z]+/i, '') || 'application'
  )
}

/** Folders that `port models` reads. */
const ofModels: readonly string[] = ['models', 'validators']

function remainingText(remaining: readonly { folder: string; files: number }[]): string[] {
  const counted = (areModels: boolean) =>
    remaining.flatMap(({ folder, files }) => (ofModels.includes(folder) === areModels ? [`${files} in app/${folder}`] : [])).join(', ')
  const [models, others] = [counted(true), counted(false)]
  return [
    ...(remaining.length > 0 ? [''] : []),
    ...(models === '' ? [] : [`Next, files of Ruby that \`regauge port models\` ports: ${models}`]),
    ...(others === '' ? [] : [`To carry over by hand, files of Ruby: ${others}`]),
  ]
}
