import { QueueUnreadable } from '../errors.ts'
import type { EngineJob } from './engine_job.ts'
import { JobState } from './job_state.ts'
import { isRecordOf, maySleep } from './records/put_record.ts'
import type { RecordBlock } from './records/record_block.ts'
import { RecordPlaces } from './records/record_places.ts'
import { restoreJob } from './records/restore_job.ts'

const jobsPerPage = 256

interface Page {
  readonly number: number
  size: number
  /** Those that are there as objects… */
  awake: (EngineJob | undefined)[] | undefined
  /** …and those that are only records. */
  asleep: RecordPlaces | undefined
}

/** All jobs by their sequence number, and by age. Numbers are given in order, so that pages with a place for each take a third of the memory of
 * a map, and less than half of its time. A job that only waits, for its turn or its time, may sleep: where its record is is all that is kept, and the
 * job is made of it when somebody asks. */
export class JobTable {
  /** The page used last, which stays when it is empty: the next job may go there. */
  #page = newPage(0)
  readonly #pages = new Map([[0, this.#page]])

  /** A job, awake from now on. @throws QueueUnreadable (REGAUGE_QUEUE_UNREADABLE) */
  get(sequence: number): EngineJob | undefined {
    const page = this.#pageOf(sequence)
    const place = sequence % jobsPerPage
    const awake = page?.awake?.[place]
    if (awake !== undefined || page?.asleep === undefined) return awake
    const job = asleepAt(page.asleep, sequence)
    if (job !== undefined) this.set(job)
    return job
  }

  /** A job as it is: one that sleeps goes on sleeping, and this is a copy of it. */
  peek(sequence: number): EngineJob | undefined {
    const page = this.#pageOf(sequence)
    return page && jobAt(page, sequence)
  }

  has(sequence: number): boolean {
    const page = this.#pageOf(sequence)
    return page !== undefined && isTaken(page, sequence % jobsPerPage)
  }

  /** Whether a job is there as an object. */
  isAwake(sequence: number): boolean {
    return this.#pageOf(sequence)?.awake?.[sequence % jobsPerPage] !== undefined
  }

  /** Whether a job that was put into a queue for its turn still waits there for it. Those that sleep do. */
  waits(sequence: number, queue: string): boolean {
    const page = this.#pageOf(sequence)
    const place = sequence % jobsPerPage
    const awake = page?.awake?.[place]
    if (awake !== undefined) return awake.state === JobState.waiting && awake.heapIndex < 0 && awake.queue === queue
    return page?.asleep !== undefined && page.asleep.startOf(place) > 0
  }

  set(job: EngineJob): void {
    const page = this.#roomFor(job.sequence)
    const place = job.sequence % jobsPerPage
    page.asleep?.delete(place)
    page.awake ??= new Array<EngineJob | undefined>(jobsPerPage).fill(undefined)
    page.awake[place] = job
  }

  /** Takes in a new job: it sleeps, if there is nothing of it that must be known. */
  enter(job: EngineJob, block: RecordBlock): void {
    if (maySleep(job.bytes, job.at, job.state)) {
      if (job.state === JobState.delayed) block.staysInMemory = true
      this.sleep(job.sequence, block, job.at)
    } else {
      block.isReferredTo = true
      this.set(job)
    }
  }

  /** Keeps no more of a job than where its record is. */
  sleep(sequence: number, block: RecordBlock, at: number): void {
    const page = this.#roomFor(sequence)
    const place = sequence % jobsPerPage
    if (page.awake !== undefined) page.awake[place] = undefined
    page.asleep ??= new RecordPlaces(jobsPerPage)
    page.asleep.set(place, block, at)
  }

  /** Notes that the record of a job is somewhere else now. */
  moved({ sequence, state, at }: EngineJob, block: RecordBlock): void {
    const asleep = this.#pageOf(sequence)?.asleep
    const place = sequence % jobsPerPage
    if (asleep === undefined || asleep.startOf(place) === 0) return
    if (state === JobState.delayed) block.staysInMemory = true
    asleep.set(place, block, at)
  }

  delete(sequence: number): void {
    const page = this.#pageOf(sequence)
    const place = sequence % jobsPerPage
    if (page === undefined || !isTaken(page, place)) return
    if (page.awake !== undefined) page.awake[place] = undefined
    page.asleep?.delete(place)
    if (--page.size === 0 && page !== this.#page) this.#pages.delete(page.number)
  }

  /** All jobs, oldest first. Others may come and go meanwhile: those that come are left out, but for a few of the newest.
   * @param unreadable takes the numbers of those that can't be read back, and why */
  *values(unreadable: Map<number, QueueUnreadable>): Generator<EngineJob, void> {
    for (const page of this.#byAge()) {
      for (let place = 0; place < jobsPerPage; place++) {
        const sequence = page.number * jobsPerPage + place
        const job = orUnreadable(
          () => jobAt(page, sequence),
          (error) => void unreadable.set(sequence, error),
        )
        if (job !== undefined) yield job
      }
    }
  }

  /** The block that holds the record of a job that sleeps. */
  blockOf(sequence: number): RecordBlock | undefined {
    const asleep = this.#pageOf(sequence)?.asleep
    const place = sequence % jobsPerPage
    return asleep === undefined || asleep.startOf(place) === 0 ? undefined : asleep.blockOf(place)
  }

  /** Those that don't sleep, oldest first. */
  *awake(): Generator<EngineJob, void> {
    for (const { awake } of this.#byAge()) for (const job of awake ?? []) if (job !== undefined) yield job
  }

  /** Calls one of two functions with each job, oldest first: those that sleep are where their record is. It may wake them. */
  forEach(visit: (job: EngineJob) => void, visitAsleep: (sequence: number, bytes: Buffer, at: number) => void): void {
    for (const page of this.#byAge()) {
      for (let place = 0; place < jobsPerPage; place++) {
        const awake = page.awake?.[place]
        const start = page.asleep?.startOf(place) ?? 0
        if (awake !== undefined) visit(awake)
        else if (start > 0) visitAsleep(page.number * jobsPerPage + place, page.asleep!.blockOf(place).bytes, start)
      }
    }
  }

  *#byAge(): Generator<Page, void> {
    for (const number of [...this.#pages.keys()].sort((a, b) => a - b)) {
      const page = this.#pages.get(number)
      if (page !== undefined) yield page
    }
  }

  #pageOf(sequence: number): Page | undefined {
    const number = pageNumber(sequence)
    if (this.#page.number === number) return this.#page
    const page = this.#pages.get(number)
    return page && this.#use(page)
  }

  /** The page of a job that is set now. */
  #roomFor(sequence: number): Page {
    let page = this.#pageOf(sequence)
    if (page === undefined) {
      page = newPage(pageNumber(sequence))
      this.#pages.set(page.number, page)
      this.#use(page)
    }
    if (!isTaken(page, sequence % jobsPerPage)) page.size++
    return page
  }

  #use(page: Page): Page {
    if (this.#page.size === 0) this.#pages.delete(this.#page.number)
    this.#page = page
    return page
  }
}

/** What `read` answers; where the disk doesn't give a job back, what `instead` does. @throws QueueClosed, and other errors than that */
export function orUnreadable<T>(read: () => T, instead: (error: QueueUnreadable) => T): T {
  try {
    return read()
  } catch (error) {
    if (error instanceof QueueUnreadable) return instead(error)
    throw error
  }
}

function newPage(number: number): Page {
  return { number, size: 0, awake: undefined, asleep: undefined }
}

function pageNumber(sequence: number): number {
  return Math.floor(sequence / jobsPerPage)
}

function isTaken({ awake, asleep }: Page, place: number): boolean {
  return awake?.[place] !== undefined || (asleep !== undefined && asleep.startOf(place) > 0)
}

function jobAt({ awake, asleep }: Page, sequence: number): EngineJob | undefined {
  return awake?.[sequence % jobsPerPage] ?? (asleep && asleepAt(asleep, sequence))
}

function asleepAt(asleep: RecordPlaces, sequence: number): EngineJob | undefined {
  const place = sequence % jobsPerPage
  const start = asleep.startOf(place)
  if (start === 0) return undefined
  const block = asleep.blockOf(place)
  const bytes = block.refer()
  if (isRecordOf(bytes, start, sequence)) return restoreJob(bytes, start)
  throw new QueueUnreadable({ file: block.file, reason: `job ${sequence} is not where it was written` })
}
