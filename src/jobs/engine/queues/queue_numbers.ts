/** Queues by numbers that are small, and how many jobs each has. A name is there as long as a job is: those that are used for a few jobs only, such as
 * those of customers, don't pile up. */
export class QueueNumbers {
  readonly #numbers = new Map<string, number>()
  readonly #names: string[] = []
  readonly #counts: number[] = []
  /** Numbers that are given to the next names. */
  readonly #free: number[] = []

  /** The number of a queue; undefined when it has no job. */
  get(name: string): number | undefined {
    return this.#numbers.get(name)
  }

  /** Counts a job.
   * @returns the number of its queue */
  add(name: string): number {
    const number = this.#numbers.get(name) ?? this.#enter(name)
    this.#counts[number]!++
    return number
  }

  /** Counts a job no longer. */
  remove(number: number): void {
    if (--this.#counts[number]! > 0) return
    this.#numbers.delete(this.#names[number]!)
    this.#free.push(number)
  }

  /** The names, and how many jobs each has. */
  *[Symbol.iterator](): Generator<[name: string, jobs: number], void> {
    for (const [name, number] of this.#numbers) yield [name, this.#counts[number]!]
  }

  #enter(name: string): number {
    const number = this.#free.pop() ?? this.#counts.length
    this.#numbers.set(name, number)
    this.#names[number] = name
    this.#counts[number] = 0
    return number
  }
}
