import type { Waiter } from '../../journal/index.ts'
import type { EngineJob } from '../engine_job.ts'
import type { RecordBlock } from '../records/record_block.ts'

/** What takes in the jobs of an addition. */
export interface AdditionTarget {
  enter(addition: Addition): void
  forget(addition: Addition): void
  remove(job: EngineJob): void
}

/** Where a record is. */
export interface RecordPlace {
  readonly bytes: Buffer
  readonly at: number
}

/** The record of a note, and the one that it takes the place of. */
export interface AddedNote extends RecordPlace {
  readonly job: EngineJob
  readonly before: RecordPlace
}

/** One call of `add`, until its jobs are on disk or refused. */
export class Addition implements Waiter {
  readonly #target: AdditionTarget
  readonly #resolve: (ids: (string | null)[]) => void
  readonly #reject: (error: Error) => void
  /** The new jobs, in the order of the entries; another id, or null, stands for an entry that is no new job. */
  readonly outcomes: (EngineJob | string | null)[]
  /** The jobs whose place they take. */
  replaced: readonly EngineJob[] = none
  /** What is remembered when they are stored, and only then. */
  note: AddedNote | undefined = undefined

  /** The block that its records are in, and those before, where it took more than one: they stay as they are until it is told. */
  #block: RecordBlock | undefined = undefined
  /** How many records were written for it, one by one. */
  records = 0
  #blocks: readonly RecordBlock[] = none
  #others: readonly Addition[] = none
  #refusal: Error | undefined = undefined

  constructor(target: AdditionTarget, entries: number, resolve: (ids: (string | null)[]) => void, reject: (error: Error) => void) {
    this.#target = target
    this.#resolve = resolve
    this.#reject = reject
    // Most calls add one job: an array that grows would take ten times the memory.
    this.outcomes = entries === 1 ? [null] : new Array<EngineJob | string | null>(entries).fill(null)
  }

  /** Notes that a record was written for it. */
  wroteTo(block: RecordBlock): void {
    this.records++
    if (block === this.#block) return
    block.unsettled++
    if (this.#block !== undefined) this.#blocks = [...this.#blocks, this.#block]
    this.#block = block
  }

  /** Notes that a new job takes the place of another. */
  replace(job: EngineJob): void {
    this.replaced = [...this.replaced, job]
  }

  /** Notes that this call adds a job again that another one adds, and which isn't stored yet. */
  dependOn(other: Addition): void {
    if (other !== this) this.#others = [...this.#others, other]
  }

  /** Calls `visit` with each new job. */
  forEachJob(visit: (job: EngineJob) => void): void {
    for (const outcome of this.outcomes) if (isJob(outcome)) visit(outcome)
  }

  /** Calls `visit` with each record that was written for it. */
  forEachRecord(visit: (place: RecordPlace) => void): void {
    this.forEachJob(visit)
    if (this.note !== undefined) visit(this.note)
  }

  stored(): void {
    this.#target.enter(this)
    this.#settle()
    const { outcomes } = this
    if (this.#others.length > 0 && this.#others.some(({ refusal }) => refusal !== undefined)) this.#withdraw()
    else this.#resolve(outcomes.length === 1 ? [idOf(outcomes[0]!)] : outcomes.map(idOf))
  }

  /** Why its jobs couldn't be stored. */
  get refusal(): Error | undefined {
    return this.#refusal
  }

  failed(error: Error): void {
    this.#refusal = error
    this.#target.forget(this)
    this.#settle()
    this.#reject(error)
  }

  #settle(): void {
    if (this.#block !== undefined) this.#block.unsettled--
    for (const block of this.#blocks) block.unsettled--
    this.#block = undefined
    this.#blocks = none
  }

  /** Another call failed, which adds a job that this one counts on. */
  #withdraw(): void {
    this.forEachJob((job) => this.#target.remove(job))
    this.#reject(this.#others.find(({ refusal }) => refusal !== undefined)!.refusal!)
  }
}

/** Whether an entry has become a new job. */
export function isJob(outcome: EngineJob | string | null): outcome is EngineJob {
  return outcome !== null && typeof outcome === 'object'
}

const none: readonly never[] = []

function idOf(outcome: EngineJob | string | null): string | null {
  return outcome === null || typeof outcome === 'string' ? outcome : outcome.id
}
