import { createRequire } from 'node:module'
import type { ErrorMiddleware } from '../../src/http/index.ts'
import { hosts } from '../adapters/express/hosts.ts'

// A process of its own for one host: what instruments Node itself can't be taken out again.
const [name, reporter] = process.argv.slice(2)
const errors: ErrorMiddleware[] = []
if (reporter === 'sentry') {
  const { expressErrorHandler } = createRequire(import.meta.url)('@sentry/node') as { expressErrorHandler(): ErrorMiddleware }
  errors.push(expressErrorHandler())
}
process.send!(await hosts.find((one) => one.name === name)!.serve([], { errors }))
