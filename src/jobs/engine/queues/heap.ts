import type { EngineJob } from '../engine_job.ts'

/** A binary heap of jobs that can also drop one from its middle. A job is in one heap at most; its `heapIndex` says where. */
export class JobHeap {
  readonly #before: (a: EngineJob, b: EngineJob) => boolean
  readonly #jobs: EngineJob[] = []

  /** @param before whether `a` leaves the heap ahead of `b` */
  constructor(before: (a: EngineJob, b: EngineJob) => boolean) {
    this.#before = before
  }

  get size(): number {
    return this.#jobs.length
  }

  /** The job that leaves next. */
  peek(): EngineJob | undefined {
    return this.#jobs[0]
  }

  /** Whether a job is in this heap, and not in another one. */
  has(job: EngineJob): boolean {
    return this.#jobs[job.heapIndex] === job
  }

  push(job: EngineJob): void {
    this.#jobs.push(job)
    this.#rise(job, this.#jobs.length - 1)
  }

  pop(): EngineJob | undefined {
    const first = this.#jobs[0]
    if (first !== undefined) this.remove(first)
    return first
  }

  remove(job: EngineJob): void {
    const index = job.heapIndex
    const last = this.#jobs.pop()!
    job.heapIndex = -1
    if (last === job) return
    this.#sink(last, index)
    if (last.heapIndex === index) this.#rise(last, index)
  }

  *[Symbol.iterator](): Iterator<EngineJob> {
    yield* this.#jobs
  }

  #rise(job: EngineJob, start: number): void {
    let index = start
    while (index > 0) {
      const parentIndex = (index - 1) >> 1
      const parent = this.#jobs[parentIndex]!
      if (!this.#before(job, parent)) break
      this.#place(parent, index)
      index = parentIndex
    }
    this.#place(job, index)
  }

  #sink(job: EngineJob, start: number): void {
    const jobs = this.#jobs
    let index = start
    for (;;) {
      let child = 2 * index + 1
      if (child >= jobs.length) break
      if (child + 1 < jobs.length && this.#before(jobs[child + 1]!, jobs[child]!)) child++
      if (!this.#before(jobs[child]!, job)) break
      this.#place(jobs[child]!, index)
      index = child
    }
    this.#place(job, index)
  }

  #place(job: EngineJob, index: number): void {
    this.#jobs[index] = job
    job.heapIndex = index
  }
}
