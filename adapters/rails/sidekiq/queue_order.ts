import type { ProcessOptions } from '../../../src/jobs/index.ts'

/** In which order the queues are asked for a job: as the worker's patterns are given or, with weights, by lot. Those that one pattern covers take turns. */
export class QueueOrder {
  readonly #patterns: readonly string[]
  readonly #weights: ProcessOptions['weights']
  #names: readonly string[] = []
  #turn = 0

  constructor({ queues, weights }: Pick<ProcessOptions, 'queues' | 'weights'>) {
    this.#patterns = queues
    this.#weights = weights
  }

  /** @param names the queues that there are */
  update(names: readonly string[]): void {
    this.#names = names
  }

  /** All that are asked. */
  get all(): string[] {
    return [...new Set(this.#patterns.flatMap((pattern) => this.#covered(pattern)))]
  }

  /** The queues, for the next job. */
  next(): string[] {
    this.#turn++
    const patterns = this.#weights === undefined ? this.#patterns : byLot(this.#patterns, this.#weights)
    const inTurns = (names: readonly string[]) => {
      const first = this.#turn % Math.max(names.length, 1)
      return [...names.slice(first), ...names.slice(0, first)]
    }
    return [...new Set(patterns.flatMap((pattern) => inTurns(this.#covered(pattern))))]
  }

  #covered(pattern: string): readonly string[] {
    return pattern.endsWith('*') ? this.#names.filter((name) => name.startsWith(pattern.slice(0, -1))) : [pattern]
  }
}

/** An order in which one of twice the weight comes first twice as often: Sidekiq's rule. */
function byLot(patterns: readonly string[], weights: Readonly<Record<string, number>>): string[] {
  const weightOf = (pattern: string) => (Object.hasOwn(weights, pattern) ? weights[pattern]! : 1)
  return patterns
    .map((pattern) => ({ pattern, lot: Math.random() ** (1 / Math.max(weightOf(pattern), Number.MIN_VALUE)) }))
    .sort((a, b) => b.lot - a.lot)
    .map(({ pattern }) => pattern)
}
