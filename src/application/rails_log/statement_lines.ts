import { currentFilter, rubyNotation } from '../../logging/index.ts'
import type { NotificationEvent } from '../../notifications/index.ts'
import { milliseconds } from './action_lines.ts'

/** `  Order Load (0.1ms)  select … where "id" = ?  [["id", 1]]`; the values of columns that must not be logged are masked. */
export function statementLine({ payload, duration }: NotificationEvent): string | undefined {
  if (payload['name'] === 'SCHEMA') return undefined
  const name = [...(payload['cached'] === true ? ['CACHE'] : []), ...(payload['name'] === null ? [] : [String(payload['name'])])].join(' ')
  const binds = payload['binds'] as readonly { readonly name: string | null; readonly value: unknown }[]
  const filter = currentFilter()
  const pairs = binds.map(({ name: column, value }) => [column, filter({ [column ?? '?']: value })[column ?? '?']])
  const shown = pairs.length === 0 ? '' : `  ${rubyNotation(pairs)}`
  return `  ${name} (${milliseconds(duration)})  ${String(payload['sql'])}${shown}`
}
