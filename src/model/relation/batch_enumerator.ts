import type { ModelRecord } from '../record/model_record.ts'

/** What a batch can do to all its rows. */
interface Writable extends AsyncIterable<ModelRecord> {
  deleteAll(): Promise<number>
  updateAll(attributes: never, ...values: readonly unknown[]): Promise<number>
  touchAll(...given: readonly never[]): Promise<number>
  destroyAll(): Promise<ModelRecord[]>
  toArray(): Promise<ModelRecord[]>
}

/** A relation in a box: what a generator yields is awaited, and a relation that is awaited is its records. */
export interface Batch<R> {
  readonly relation: R
}

/** Something to iterate that knows how much there is to come. Each iteration asks the database anew. */
export class Walk<T> implements AsyncIterable<T> {
  readonly #start: () => AsyncIterable<T>
  readonly #size: () => Promise<number>

  constructor(start: () => AsyncIterable<T>, size: () => Promise<number>) {
    this.#start = start
    this.#size = size
  }

  [Symbol.asyncIterator](): AsyncIterator<T> {
    return this.#start()[Symbol.asyncIterator]()
  }

  /** How many records, or batches, there are: counted in the database. */
  size(): Promise<number> {
    return this.#size()
  }
}

/** The batches of a relation: to iterate, or to write to one after the other. Made by `inBatches`. */
export class Batches<R extends Writable> implements AsyncIterable<R> {
  readonly #walk: (load: boolean) => AsyncIterable<Batch<R>>

  constructor(walk: (load: boolean) => AsyncIterable<Batch<R>>) {
    this.#walk = walk
  }

  [Symbol.asyncIterator](): AsyncIterator<R> {
    const batches = this.#walk(false)[Symbol.asyncIterator]()
    return {
      next: async () => {
        const { done, value } = await batches.next()
        return done ? { done, value: undefined } : { done: false, value: value.relation }
      },
      return: async () => {
        await batches.return?.()
        return { done: true, value: undefined }
      },
    }
  }

  /** Calls `work` with each record of all batches. */
  async eachRecord(work: (record: Awaited<ReturnType<R['toArray']>>[number]) => unknown): Promise<void> {
    for await (const { relation } of this.#walk(true)) for (const record of await relation.toArray()) await work(record)
  }

  /** Deletes all rows, without callbacks.
   * @returns how many there were
   */
  deleteAll(): Promise<number> {
    return this.#sum((batch) => batch.deleteAll())
  }

  /** Updates all rows, without callbacks and validations.
   * @returns how many changed
   */
  updateAll(...args: Parameters<R['updateAll']>): Promise<number> {
    return this.#sum((batch) => batch.updateAll(...(args as Parameters<Writable['updateAll']>)))
  }

  /** Writes the time to the timestamps of all rows, and to other columns that are named; `{ time }` is another time than now. */
  touchAll(...given: Parameters<R['touchAll']>): Promise<number> {
    return this.#sum((batch) => batch.touchAll(...(given as readonly unknown[] as readonly never[])))
  }

  /** Destroys each record with its callbacks.
   * @returns how many were destroyed
   */
  destroyAll(): Promise<number> {
    return this.#sum(async (batch) => (await batch.destroyAll()).filter((record) => record.isDestroyed()).length)
  }

  async #sum(work: (batch: R) => Promise<number>): Promise<number> {
    let sum = 0
    for await (const { relation } of this.#walk(false)) sum += await work(relation)
    return sum
  }
}
