import { fileURLToPath } from 'node:url'
import { run } from '../../src/cli/program.ts'

// What a Rails team would type, on the sample: port it, make its database, serve it.
const rails = 'guides/conduit/rails'
const api = 'guides/conduit/api'

process.chdir(fileURLToPath(new URL('../..', import.meta.url)))
for (const command of [
  ['port', 'all', rails, '--out', api],
  ['db:push', '--root', api],
  ['server', '--root', api],
]) {
  process.stdout.write(`$ regauge ${command.join(' ')}\n`)
  const status = await run(command)
  if (status !== 0) process.exit(status)
}
