import type { Case, Contender, Measurement, Memory, Running } from './room.ts'

/** The medians of one contender. */
export interface ContenderResult {
  readonly name: string
  /** Operations a second; undefined when it couldn't run here. */
  readonly perSecond?: number
  /** Relative to the baseline, as the median of the rounds' ratios. */
  readonly ratio?: number
  /** Processor time an operation, in microseconds. */
  readonly cpuMicroseconds?: number | undefined
  /** Of its process after all rounds, where it has one. */
  readonly memory?: Memory
  /** Why it wasn't measured. */
  readonly skipped?: string
}

/** The table of one case. */
export interface CaseResult {
  readonly name: string
  readonly unit: string
  readonly baseline: string
  readonly contenders: readonly ContenderResult[]
}

interface Started {
  readonly name: string
  readonly running: Running | string
  readonly rounds: Measurement[]
  memory?: Memory
}

/** Measures the contenders in turn, round after round, so that what slows the machine down for a while slows down all of them. */
export async function measureCase(one: Case, options: { seconds: number; rounds: number }): Promise<CaseResult> {
  const started: Started[] = []
  try {
    for (const contender of one.contenders) started.push(await start(contender))
    await round(started, Math.min(1, options.seconds), false)
    for (let i = 0; i < options.rounds; i++) await round(started, options.seconds, true)
    for (const one of started) await remember(one)
  } finally {
    for (const { running } of started) if (typeof running !== 'string') await running.stop()
  }
  const baseline = started.find(({ name }) => name === one.baseline)
  const contenders = started.map((contender) => summarize(contender, baseline))
  return { name: one.name, unit: one.unit, baseline: one.baseline, contenders }
}

async function start(contender: Contender): Promise<Started> {
  return { name: contender.name, running: await contender.start(), rounds: [] }
}

async function round(started: readonly Started[], seconds: number, counts: boolean): Promise<void> {
  for (const { running, rounds } of started) {
    if (typeof running === 'string') continue
    const measurement = await running.measure(seconds)
    if (counts) rounds.push(measurement)
  }
}

async function remember(one: Started): Promise<void> {
  if (typeof one.running !== 'string' && one.running.memory !== undefined) one.memory = await one.running.memory()
}

function summarize({ name, running, rounds, memory }: Started, baseline: Started | undefined): ContenderResult {
  if (typeof running === 'string') return { name, skipped: running }
  const speeds = rounds.map(perSecond)
  const bases = baseline?.rounds.map(perSecond) ?? []
  const cpu = rounds.flatMap(({ cpuSeconds, operations }) => (cpuSeconds === undefined ? [] : [(cpuSeconds / operations) * 1e6]))
  return {
    name,
    perSecond: median(speeds),
    ...(bases.length > 0 && { ratio: median(speeds.map((speed, index) => speed / bases[index]!)) }),
    cpuMicroseconds: cpu.length > 0 ? median(cpu) : undefined,
    ...(memory !== undefined && { memory }),
  }
}

function perSecond({ operations, seconds }: Measurement): number {
  return operations / seconds
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  const middle = sorted.length >> 1
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2
}
