import { runGolden } from './outcome.ts'

const flags = process.argv.slice(2).filter((argument) => argument.startsWith('--'))
const files = process.argv.slice(2).filter((argument) => !argument.startsWith('--'))
if (files.length === 0 || flags.some((flag) => flag !== '--verbose' && flag !== '--json')) {
  console.error('usage: npm run goldens -- FILE… [--verbose] [--json]')
  process.exit(2)
}

const outcomes = []
for (const file of files) outcomes.push(await runGolden(file))
if (flags.includes('--json')) console.log(JSON.stringify(outcomes, null, 2))
else {
  for (const { file, total, passed, listed, failures, stale } of outcomes) {
    console.log(`${file}: passed ${passed} of ${total}, ${listed.length} listed differences`)
    if (stale.length > 0) console.log(`  listed as differences, but pass: ${stale.join(', ')}`)
    if (!flags.includes('--verbose')) continue
    for (const { id, reason } of failures) console.log(`  failed ${id}\n    ${reason.replaceAll('\n', '\n    ')}`)
    for (const { id, reason } of listed) console.log(`  differs ${id}: ${reason}`)
  }
}
if (outcomes.some(({ failures, stale }) => failures.length + stale.length > 0)) process.exitCode = 1
