import { availableParallelism } from 'node:os'
import type { Configuration } from '../configuration.ts'
import { InvalidSetting } from '../errors.ts'

/** How many worker processes the configuration asks for; 0 to serve in this one.
 * @throws InvalidSetting for what is no number, and for what one process would keep from the others
 */
export function workerCount({ http, session }: Configuration): number {
  const { workers } = http
  const count = workers === 'auto' ? availableParallelism() : workers
  if (!Number.isInteger(count) || count < 0 || count > 1024) {
    throw new InvalidSetting({ setting: 'http.workers', value: String(workers), expected: "a whole number from 0 to 1024, or 'auto'" })
  }
  if (count > 1 && session.store === 'memory') {
    throw new InvalidSetting({
      setting: 'session.store',
      value: "'memory' with several workers",
      expected: "'cookie', 'database' or 'redis', which all of them see",
    })
  }
  return count > 1 ? count : 0
}

/** `WEB_CONCURRENCY` as the setting: a number or `auto`. */
export function workersFromEnvironment(): number | 'auto' {
  const text = process.env['WEB_CONCURRENCY'] ?? '0'
  return text === 'auto' ? text : text.trim() === '' ? 0 : Number(text)
}
