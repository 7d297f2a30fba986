import { InvalidStep } from '../errors.ts'
import type { Continuation } from './continuation.ts'

/** One step of a job while it runs: where it is, so that it goes on from there after an interruption.
 *
 * @example
 * await this.step('import', async (step) => {
 *   for await (const row of rowsFrom(step.cursor)) { await importRow(row); step.set(row.id + 1) }
 * }, { start: 0 })
 */
export class JobStep<Cursor = unknown> {
  readonly name: string
  /** Whether an earlier run of the job began it. */
  readonly isResumed: boolean
  readonly #continuation: Continuation
  #cursor: Cursor
  #isAdvanced = false

  constructor(name: string, cursor: Cursor, isResumed: boolean, continuation: Continuation) {
    this.name = name
    this.#cursor = cursor
    this.isResumed = isResumed
    this.#continuation = continuation
  }

  /** How far it is. */
  get cursor(): Cursor {
    return this.#cursor
  }

  /** Whether the cursor was moved since this run began. */
  get isAdvanced(): boolean {
    return this.#isAdvanced
  }

  /** Moves the cursor; a checkpoint. */
  set(cursor: Cursor): void {
    this.#cursor = cursor
    this.#isAdvanced = true
    this.#continuation.moved()
    this.checkpoint()
  }

  /** Moves the cursor to the next whole number, after `from` when it is given; a checkpoint.
   * @throws InvalidStep (REGAUGE_INVALID_STEP) when it is at none */
  advance(this: JobStep<number>, { from }: { readonly from?: number | undefined } = {}): void {
    const last: unknown = from ?? this.#cursor
    if (!Number.isInteger(last)) {
      const reason = `can't advance from ${JSON.stringify(last)}, which is no whole number: give it a start, { start: 0 }, or set the cursor.`
      throw new InvalidStep({ job: this.#continuation.job, step: this.name, reason })
    }
    this.set((last as number) + 1)
  }

  /** A place where the job may be interrupted, because its process stops; it goes on later. */
  checkpoint(): void {
    this.#continuation.checkpoint()
  }

  /** For messages. */
  get description(): string {
    return `at '${this.name}', cursor '${this.#cursor === undefined || this.#cursor === null ? 'nil' : JSON.stringify(this.#cursor)}'`
  }
}
