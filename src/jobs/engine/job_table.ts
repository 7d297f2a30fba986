import type { EngineJob } from './engine_job.ts'
import { JobState } from './job_state.ts'
import { maySleep, runAtOf } from './put_record.ts'
import { RecordPlaces } from './record_places.ts'
import { restoreJob } from './restore_job.ts'

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
 * a map, and less than half of its time. A job that only waits for its time may sleep: its record is all that is kept, and the job is made of
 * it when somebody asks. */
export class JobTable {
  /** The page used last, which stays when it is empty: the next job may go there. */
  #page = newPage(0)
  readonly #pages = new Map([[0, this.#page]])

  /** A job, awake from now on. */
  get(sequence: number): EngineJob | undefined {
    const page = this.#pageOf(sequence)
    const place = sequence % jobsPerPage
    const awake = page?.awake?.[place]
    if (awake !== undefined || page?.asleep === undefined) return awake
    const job = asleepAt(page.asleep, place)
    if (job !== undefined) this.set(job)
    return job
  }

  /** A job as it is: one that sleeps goes on sleeping, and this is a copy of it. */
  peek(sequence: number): EngineJob | undefined {
    const page = this.#pageOf(sequence)
    return page && jobAt(page, sequence % jobsPerPage)
  }

  /** When a job is to run that is delayed; undefined when it isn't, or isn't there. Nothing is made of its record. */
  runAtOfDelayed(sequence: number): number | undefined {
    const page = this.#pageOf(sequence)
    const place = sequence % jobsPerPage
    const awake = page?.awake?.[place]
    if (awake !== undefined) return awake.state === JobState.delayed ? awake.runAt : undefined
    const start = page?.asleep?.startOf(place) ?? 0
    return start > 0 ? runAtOf(page!.asleep!.bytesOf(place), start) : undefined
  }

  set(job: EngineJob): void {
    const page = this.#roomFor(job.sequence)
    const place = job.sequence % jobsPerPage
    page.asleep?.delete(place)
    page.awake ??= new Array<EngineJob | undefined>(jobsPerPage).fill(undefined)
    page.awake[place] = job
  }

  /** Lets a delayed job sleep, if there is nothing of it that must be known. */
  rest({ sequence, bytes, at }: EngineJob): void {
    if (maySleep(bytes, at)) this.sleep(sequence, bytes, at)
  }

  /** Keeps no more of a job than where its record is. */
  sleep(sequence: number, bytes: Buffer, at: number): void {
    const page = this.#roomFor(sequence)
    const place = sequence % jobsPerPage
    if (page.awake !== undefined) page.awake[place] = undefined
    page.asleep ??= new RecordPlaces(jobsPerPage)
    page.asleep.set(place, bytes, at)
  }

  /** Notes that the record of a job is somewhere else now. */
  moved({ sequence, bytes, at }: EngineJob): void {
    const asleep = this.#pageOf(sequence)?.asleep
    const place = sequence % jobsPerPage
    if (asleep !== undefined && asleep.startOf(place) > 0) asleep.set(place, bytes, at)
  }

  delete(sequence: number): void {
    const page = this.#pageOf(sequence)
    const place = sequence % jobsPerPage
    if (page === undefined || !isTaken(page, place)) return
    if (page.awake !== undefined) page.awake[place] = undefined
    page.asleep?.delete(place)
    if (--page.size === 0 && page !== this.#page) this.#pages.delete(page.number)
  }

  /** All jobs, oldest first. Others may come and go meanwhile: those that come are left out, but for a few of the newest. */
  *values(): Generator<EngineJob, void> {
    for (const page of this.#byAge()) {
      for (let place = 0; place < jobsPerPage; place++) {
        const job = jobAt(page, place)
        if (job !== undefined) yield job
      }
    }
  }

  /** Those that don't sleep, oldest first. */
  *awake(): Generator<EngineJob, void> {
    for (const { awake } of this.#byAge()) for (const job of awake ?? []) if (job !== undefined) yield job
  }

  /** Calls `visit` with each job that sleeps: where its record is. It may wake it. */
  forEachAsleep(visit: (sequence: number, bytes: Buffer, at: number) => void): void {
    for (const { number, asleep } of this.#byAge()) {
      if (asleep === undefined) continue
      for (let place = 0; place < jobsPerPage; place++) {
        const start = asleep.startOf(place)
        if (start > 0) visit(number * jobsPerPage + place, asleep.bytesOf(place), start)
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

function newPage(number: number): Page {
  return { number, size: 0, awake: undefined, asleep: undefined }
}

function pageNumber(sequence: number): number {
  return Math.floor(sequence / jobsPerPage)
}

function isTaken({ awake, asleep }: Page, place: number): boolean {
  return awake?.[place] !== undefined || (asleep !== undefined && asleep.startOf(place) > 0)
}

function jobAt({ awake, asleep }: Page, place: number): EngineJob | undefined {
  return awake?.[place] ?? (asleep && asleepAt(asleep, place))
}

function asleepAt(asleep: RecordPlaces, place: number): EngineJob | undefined {
  const start = asleep.startOf(place)
  return start > 0 ? restoreJob(asleep.bytesOf(place), start) : undefined
}
