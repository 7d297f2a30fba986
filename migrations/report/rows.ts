/** What became of a construct: ported; ported with something a person should read; or left in Ruby. */
export type PortStatus = 'ported' | 'note' | 'left'

/** Which porter speaks. */
export type PortKind = 'routes' | 'schema' | 'models'

/** One construct of the Rails application, and what became of it. */
export interface PortRow {
  readonly kind: PortKind
  /** Path of the Ruby file, from the root of the Rails application. */
  readonly file: string
  readonly line: number
  /** What it is: `resources :articles`, `add_index`. */
  readonly construct: string
  readonly status: PortStatus
  /** Why it needs a look, or why it was left. Empty for what was simply ported. */
  readonly reason: string
}

/** How many rows of each status there are. */
export type PortCounts = Record<PortStatus, number>

/** Counts rows by status.
 *
 * @example countRows([]) // { ported: 0, note: 0, left: 0 }
 */
export function countRows(rows: readonly PortRow[]): PortCounts {
  const counts: PortCounts = { ported: 0, note: 0, left: 0 }
  for (const row of rows) counts[row.status]++
  return counts
}

/** A text on one line, cut to a length that a table can hold. */
export function shorten(text: string, length = 60): string {
  const line = text.replace(/[\s\p{Cc}]+/gu, ' ').trim()
  return line.length <= length ? line : `${line.slice(0, length - 1)}…`
}
