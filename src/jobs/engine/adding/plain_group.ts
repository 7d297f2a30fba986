import type { Waiter } from '../../journal/index.ts'
import type { RecordBlock } from '../records/record_block.ts'
import type { RecordPlace } from './addition.ts'

/** What takes in the jobs of a group. */
export interface PlainTarget {
  /** A job is on disk. */
  enter(job: PlainJob): void
  /** A job couldn't be stored. */
  forget(job: RecordPlace): void
  /** All jobs of a group are in the queue. */
  entered(): void
  /** Whoever added them knows: the group may take others. */
  told(group: PlainGroup): void
}

/** A plain job that isn't on disk yet. */
export interface PlainJob {
  readonly sequence: number
  readonly queue: string
  /** Milliseconds since the epoch; 0 is at once. */
  readonly runAt: number
  /** What its record is in… */
  readonly block: RecordBlock
  /** …and where that begins. */
  readonly at: number
}

/** What a call is answered, of its subject and the job's id. */
export type Tell = (subject: never, id: string) => unknown

/** Plain jobs that were added one behind the other, whose records go to disk together, and who waits for them: all promises follow one, whose handlers run
 * in the order in which they were given. So nothing is kept of a call but its promise and a few numbers, and while a thousand wait, the processor finds
 * what it needs of them close. */
export class PlainGroup implements Waiter {
  readonly #target: PlainTarget
  /** While so many batches have been taken it takes more jobs. */
  #batch = -1
  #size = 0
  #told = 0
  readonly #sequences: number[] = []
  readonly #queues: string[] = []
  readonly #times: number[] = []
  readonly #blocks: (RecordBlock | undefined)[] = []
  readonly #places: number[] = []
  readonly #subjects: unknown[] = []
  readonly #answers: (Tell | undefined)[] = []
  #stored!: Promise<void>
  #resolve!: () => void
  #reject!: (error: Error) => void

  constructor(target: PlainTarget) {
    this.#target = target
  }

  get size(): number {
    return this.#size
  }

  /** Begins anew, without a job.
   * @param batch how many batches the journal has taken */
  begin(batch: number): void {
    this.#batch = batch
    this.#size = this.#told = 0
    this.#stored = new Promise((resolve, reject) => {
      this.#resolve = resolve
      this.#reject = reject
    })
  }

  /** Whether its jobs go with a batch that isn't taken yet. */
  isOpen(batch: number): boolean {
    return this.#batch === batch
  }

  /** Takes no more jobs. */
  close(): void {
    this.#batch = -1
  }

  /** Takes in a job.
   * @returns what `tell` answers, when the job is on disk */
  add({ sequence, queue, runAt, block, at }: PlainJob, subject: unknown, tell: Tell): Promise<unknown> {
    const index = this.#size++
    this.#sequences[index] = sequence
    this.#queues[index] = queue
    this.#times[index] = runAt
    this.#blocks[index] = block
    this.#places[index] = at
    this.#subjects[index] = subject
    this.#answers[index] = tell
    block.unsettled++
    return this.#stored.then(this.#answer)
  }

  /** Calls `visit` with each record. */
  forEachRecord(visit: (place: RecordPlace) => void): void {
    for (let index = 0; index < this.#size; index++) visit({ bytes: this.#blocks[index]!.bytes, at: this.#places[index]! })
  }

  stored(): void {
    this.close()
    for (let index = 0; index < this.#size; index++) {
      const block = this.#blocks[index]!
      this.#target.enter({
        sequence: this.#sequences[index]!,
        queue: this.#queues[index]!,
        runAt: this.#times[index]!,
        block,
        at: this.#places[index]!,
      })
      block.unsettled--
      this.#blocks[index] = undefined
    }
    this.#resolve()
    this.#target.entered()
  }

  failed(error: Error): void {
    this.close()
    this.forEachRecord((place) => this.#target.forget(place))
    for (let index = 0; index < this.#size; index++) {
      this.#blocks[index]!.unsettled--
      this.#blocks[index] = this.#subjects[index] = this.#answers[index] = undefined
    }
    this.#reject(error)
  }

  /** What the next of the calls is answered. */
  readonly #answer = (): unknown => {
    const index = this.#told++
    const tell = this.#answers[index]!
    const subject = this.#subjects[index]
    this.#answers[index] = this.#subjects[index] = undefined
    const id = String(this.#sequences[index]!)
    if (this.#told === this.#size) this.#target.told(this)
    return tell(subject as never, id)
  }
}
