import Table from 'cli-table3'
import type { PortResult } from '../port.ts'
import { countRows, type PortCounts, type PortRow } from './rows.ts'

/** How a report is told. */
export interface ReportOptions {
  /** As JSON: `{ ok, counts, files, rows }`. */
  readonly json?: boolean
}

/** Tells what a port did: the files, what needs a look, and the counts. What was simply ported is counted only.
 *
 * @example formatReport(await port({ from, to }))
 */
export function formatReport(result: PortResult, { json = false }: ReportOptions = {}): string {
  if (json) return JSON.stringify(result, null, 2)
  const looks = result.rows.filter(({ status }) => status !== 'ported')
  return [filesText(result), ...(looks.length > 0 ? [rowsText(looks)] : []), countsText(result), ...hints(result)].join('\n\n')
}

function filesText({ files }: PortResult): string {
  return files.map(({ path, status, line }) => `${status.padEnd(9)} ${path}${status === 'different' ? `:${line}` : ''}`).join('\n')
}

function rowsText(rows: readonly PortRow[]): string {
  const table = new Table({ chars: borderless, style: { head: [], border: [], 'padding-left': 0, 'padding-right': 2 } })
  table.push(...rows.map(({ file, line, status, construct, reason }) => [`${file}:${line}`, status, construct, reason]))
  return table
    .toString()
    .split('\n')
    .map((line) => line.trimEnd())
    .join('\n')
}

/** The counts of all, and where several porters ran, of each. */
function countsText({ counts, rows }: PortResult): string {
  const kinds = [...new Set(rows.map(({ kind }) => kind))]
  const each = kinds.map((kind) => `${kind}: ${counted(countRows(rows.filter((row) => row.kind === kind)))}`)
  return [...(kinds.length > 1 ? each : []), counted(counts)].join('\n')
}

function counted({ ported, note, left }: PortCounts): string {
  return `${ported} ported, ${note} with a note, ${left} left as Ruby`
}

function hints({ files, counts }: PortResult): string[] {
  const named = (status: string) => files.filter((file) => file.status === status).map(({ path }) => path)
  const kept = named('kept')
  const stale = named('stale')
  const differing = [...named('different'), ...named('missing')]
  return [
    ...(counts.left > 0 ? ['What was left stands in the output as a `// PORT:` comment.'] : []),
    ...(kept.length > 0 ? [`${kept.join(', ')}: edited since the last port, and kept. Port again with --force to overwrite.`] : []),
    ...(stale.length > 0 ? [`${stale.join(', ')}: written by an earlier port, and needed no longer.`] : []),
    ...(differing.length > 0 ? [`${differing.join(', ')}: not what the porter writes. Port again without --check to update.`] : []),
  ]
}

const borderless = Object.fromEntries(
  [
    'top',
    'top-mid',
    'top-left',
    'top-right',
    'bottom',
    'bottom-mid',
    'bottom-left',
    'bottom-right',
    'left',
    'left-mid',
    'mid',
    'mid-mid',
    'right',
    'right-mid',
    'middle',
  ].map((name) => [name, '']),
)
