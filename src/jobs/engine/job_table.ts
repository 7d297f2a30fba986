import type { EngineJob } from './engine_job.ts'

const jobsPerPage = 256

interface Page {
  readonly number: number
  readonly jobs: (EngineJob | undefined)[]
  size: number
}

/** All jobs by their sequence number, and by age. Numbers are given in order, so that pages with a place for each take a third of the memory of
 * a map, and less than half of its time. */
export class JobTable {
  /** The page used last, which stays when it is empty: the next job may go there. */
  #page = newPage(0)
  readonly #pages = new Map([[0, this.#page]])

  get(sequence: number): EngineJob | undefined {
    return this.#pageOf(sequence)?.jobs[sequence % jobsPerPage]
  }

  set(job: EngineJob): void {
    const { sequence } = job
    const page = this.#pageOf(sequence) ?? this.#add(pageNumber(sequence))
    const place = sequence % jobsPerPage
    if (page.jobs[place] === undefined) page.size++
    page.jobs[place] = job
  }

  delete(sequence: number): void {
    const page = this.#pageOf(sequence)
    const place = sequence % jobsPerPage
    if (page?.jobs[place] === undefined) return
    page.jobs[place] = undefined
    if (--page.size === 0 && page !== this.#page) this.#pages.delete(page.number)
  }

  /** All jobs, oldest first. Others may come and go meanwhile: those that come are left out, but for a few of the newest. */
  *values(): Generator<EngineJob, void> {
    for (const number of [...this.#pages.keys()].sort((a, b) => a - b)) {
      const jobs = this.#pages.get(number)?.jobs
      if (jobs === undefined) continue
      for (let place = 0; place < jobsPerPage; place++) {
        const job = jobs[place]
        if (job !== undefined) yield job
      }
    }
  }

  #pageOf(sequence: number): Page | undefined {
    const number = pageNumber(sequence)
    if (this.#page.number === number) return this.#page
    const page = this.#pages.get(number)
    return page && this.#use(page)
  }

  #add(number: number): Page {
    const page = newPage(number)
    this.#pages.set(number, page)
    return this.#use(page)
  }

  #use(page: Page): Page {
    if (this.#page.size === 0) this.#pages.delete(this.#page.number)
    this.#page = page
    return page
  }
}

function newPage(number: number): Page {
  return { number, jobs: new Array<EngineJob | undefined>(jobsPerPage).fill(undefined), size: 0 }
}

function pageNumber(sequence: number): number {
  return Math.floor(sequence / jobsPerPage)
}
