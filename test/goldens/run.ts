import { parseArgs } from 'node:util'
import { runGolden } from './outcome.ts'

const usage = `usage: npm run goldens -- FILE… [--app RAILS_APP] [--database DATABASE] [--verbose] [--json]

The runner is chosen by the file's name. With --app the file is the route table of that Rails application, whose routes are ported and compared.
With --database (sqlite, postgresql, mysql) the queries run on another database than the one they were recorded on.`

const databases = ['sqlite', 'postgresql', 'mysql']

const { values: flags, positionals: files } = readArguments()
if (flags.database !== undefined) process.env['GOLDENS_DATABASE'] = flags.database
const outcomes = []
for (const file of files) outcomes.push(await runGolden(file, flags.app))
if (flags.json) console.log(JSON.stringify(outcomes, null, 2))
else {
  for (const { file, total, passed, ways, listed, failures, stale } of outcomes) {
    const counts = ways?.map((one) => `${one.passed} of ${one.total} ${one.way}`).join(', ') ?? `${passed} of ${total}`
    console.log(`${file}: passed ${counts}, ${listed.length} listed differences`)
    if (stale.length > 0) console.log(`  listed as differences, but pass: ${stale.join(', ')}`)
    if (!flags.verbose) continue
    for (const { id, reason } of failures) console.log(`  failed ${id}\n    ${reason.replaceAll('\n', '\n    ')}`)
    for (const { id, reason } of listed) console.log(`  differs ${id}: ${reason}`)
  }
}
if (outcomes.some(({ failures, stale }) => failures.length + stale.length > 0)) process.exitCode = 1

function readArguments() {
  try {
    const read = parseArgs({
      allowPositionals: true,
      options: { app: { type: 'string' }, database: { type: 'string' }, verbose: { type: 'boolean' }, json: { type: 'boolean' } },
    })
    const { database } = read.values
    if (database !== undefined && !databases.includes(database)) throw new Error(`There is no database '${database}' to run on.`)
    if (read.positionals.length > 0) return read
  } catch (error) {
    console.error((error as Error).message)
  }
  console.error(usage)
  process.exit(2)
}
