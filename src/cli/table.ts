import { printable } from '../logging/index.ts'
import { padToWidth, textWidth } from './text_width.ts'

/** Rows of text in columns, two spaces apart. What a terminal would not show as itself is escaped. */
export function table(rows: readonly (readonly string[])[]): string {
  const shown = rows.map((row) => row.map(printable))
  const widths: number[] = []
  for (const row of shown) {
    for (const [index, cell] of row.entries()) widths[index] = Math.max(widths[index] ?? 0, textWidth(cell))
  }
  return shown
    .map((row) =>
      row
        .map((cell, index) => padToWidth(cell, widths[index] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n')
}
