import type { Figure } from './figures.ts'

/** The figures of one kind. */
export interface FigureResult {
  readonly name: string
  readonly figures: readonly Figure[]
}

/** Figures as text: one a line. */
export function figureTable({ name, figures }: FigureResult): string {
  const rows = figures.map(({ name: of, value, unit, aim }) => [of, value >= 100 ? value.toFixed(0) : value.toFixed(2), unit, aim ?? ''])
  const lines = [[name, '', '', 'aim'], ...rows]
  const widths = [0, 1, 2, 3].map((column) => Math.max(...lines.map((line) => line[column]!.length)))
  return lines.map((line) => line.map((cell, i) => (i === 1 ? cell.padStart(widths[i]!) : cell.padEnd(widths[i]!))).join('  ')).join('\n')
}
