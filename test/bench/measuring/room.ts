import type { FigureCase } from './figures.ts'

/** One room's benchmark: the default export of `test/bench/<room>.ts`. */
export interface Room {
  readonly title: string
  /** What a reader must know to compare: work that not all contenders do. */
  readonly notes?: readonly string[]
  /** What is compared, in the order of the table. Peers are installed here, see `installPeers`. */
  cases(): Promise<readonly Case[]>
  /** What is measured once, beside speeds. */
  readonly figures?: readonly FigureCase[]
  /** Removes what the cases made, after all of them. */
  finish?(): Promise<void>
}

/** One kind of work that several contenders do. */
export interface Case {
  readonly name: string
  /** What is counted: 'requests', 'jobs'. */
  readonly unit: string
  /** The contender that ratios are relative to. */
  readonly baseline: string
  readonly contenders: readonly Contender[]
}

/** One that does the work. */
export interface Contender {
  readonly name: string
  /** Starts it; a contender that can't run here (no Redis) answers with the reason. */
  start(): Promise<Running | string>
}

/** A started contender. */
export interface Running {
  /** Does the work for about so many seconds. */
  measure(seconds: number): Promise<Measurement>
  /** What its process holds after all rounds, garbage collected. */
  memory?(): Promise<Memory>
  stop(): Promise<void>
}

/** What one round took. */
export interface Measurement {
  readonly operations: number
  readonly seconds: number
  /** Processor time of the contender alone, in seconds; undefined where it can't be told from the load's. */
  readonly cpuSeconds?: number | undefined
}

/** What a process holds, in bytes. */
export interface Memory {
  readonly rss: number
  readonly heap: number
}
