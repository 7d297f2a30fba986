import type { CaseResult, ContenderResult } from './measure_case.ts'

/** A case as text: one line a contender, and below them why others couldn't run. */
export function textTable({ name, unit, baseline, contenders }: CaseResult): string {
  const measured = contenders.filter((one) => one.skipped === undefined)
  const hasMemory = measured.some((one) => one.memory !== undefined)
  const head = [name, `${unit}/s`, `of ${baseline}`, `CPU µs each`, ...(hasMemory ? ['RSS MB', 'heap MB'] : [])]
  const lines = [head, ...measured.map((one) => cells(one, hasMemory))]
  const widths = head.map((_, column) => Math.max(...lines.map((line) => line[column]!.length)))
  const table = lines.map((line) => line.map((cell, i) => (i === 0 ? cell.padEnd(widths[i]!) : cell.padStart(widths[i]!))).join('  '))
  const skipped = contenders.flatMap((one) => (one.skipped === undefined ? [] : [`${one.name}: ${one.skipped}`]))
  return [...table, ...skipped].join('\n')
}

function cells(one: ContenderResult, hasMemory: boolean): string[] {
  const cpu = one.cpuMicroseconds === undefined ? '–' : one.cpuMicroseconds.toFixed(one.cpuMicroseconds < 1 ? 3 : 1)
  const memory = hasMemory ? [megabytes(one.memory?.rss), megabytes(one.memory?.heap)] : []
  return [one.name, rate(one.perSecond!), one.ratio?.toFixed(2) ?? '–', cpu, ...memory]
}

function rate(perSecond: number): string {
  return perSecond < 100 ? perSecond.toFixed(2) : Math.round(perSecond).toLocaleString('en')
}

function megabytes(bytes: number | undefined): string {
  return bytes === undefined ? '–' : (bytes / 1e6).toFixed(1)
}
