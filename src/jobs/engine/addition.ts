import type { Waiter } from '../journal/index.ts'
import type { EngineJob } from './engine_job.ts'
import type { RecordTexts } from './put_record.ts'

/** What takes in the jobs of an addition. */
export interface AdditionTarget {
  enter(addition: Addition): void
  forget(addition: Addition): void
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
  /** What becomes of each entry: a job, or nothing when it isn't stored. */
  readonly outcomes: (EngineJob | undefined)[] = []
  /** The jobs that are new. */
  readonly fresh: EngineJob[] = []
  /** What their records say, until these are written. */
  readonly texts: RecordTexts[] = []
  /** The jobs whose place they take. */
  readonly replaced: EngineJob[] = []
  /** What is remembered when they are stored, and only then. */
  note: AddedNote | undefined

  constructor(target: AdditionTarget, resolve: (ids: (string | null)[]) => void, reject: (error: Error) => void) {
    this.#target = target
    this.#resolve = resolve
    this.#reject = reject
  }

  add(job: EngineJob, texts: RecordTexts): void {
    this.outcomes.push(job)
    this.fresh.push(job)
    this.texts.push(texts)
  }

  /** Where the records are. */
  get records(): readonly RecordPlace[] {
    return this.note === undefined ? this.fresh : [...this.fresh, this.note]
  }

  stored(): void {
    this.#target.enter(this)
    this.#resolve(this.outcomes.map((job) => job?.id ?? null))
  }

  failed(error: Error): void {
    this.#target.forget(this)
    this.#reject(error)
  }
}
