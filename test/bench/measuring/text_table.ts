import type { CaseResult } from './measure_case.ts'

/** A case as text: one line a contender. */
export function textTable({ name, unit, baseline, contenders }: CaseResult): string {
  const rows = contenders.map((one) => {
    if (one.skipped !== undefined) return [one.name, '–', '–', one.skipped]
    const cpu = one.cpuMicroseconds === undefined ? '–' : one.cpuMicroseconds.toFixed(one.cpuMicroseconds < 1 ? 3 : 1)
    return [one.name, rate(one.perSecond!), one.ratio?.toFixed(2) ?? '–', cpu]
  })
  const lines = [[name, `${unit}/s`, `of ${baseline}`, `CPU µs each`], ...rows]
  const widths = [0, 1, 2, 3].map((column) => Math.max(...lines.map((line) => line[column]!.length)))
  return lines.map((line) => line.map((cell, i) => (i === 0 ? cell.padEnd(widths[i]!) : cell.padStart(widths[i]!))).join('  ')).join('\n')
}

function rate(perSecond: number): string {
  return perSecond < 100 ? perSecond.toFixed(2) : Math.round(perSecond).toLocaleString('en')
}
