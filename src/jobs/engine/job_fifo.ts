import type { EngineJob } from './engine_job.ts'

const jobsPerChunk = 1024

/** Jobs in the order they came. In chunks, since an array that grows is copied: with a million jobs all else would wait for it. */
export class JobFifo {
  #chunks: (EngineJob | undefined)[][] = [[]]
  /** Which chunk the first job is in… */
  #chunk = 0
  /** …and where. */
  #head = 0

  push(job: EngineJob): void {
    let last = this.#chunks[this.#chunks.length - 1]!
    if (last.length === jobsPerChunk) this.#chunks.push((last = []))
    last.push(job)
  }

  /** The first job; undefined when there is none. */
  peek(): EngineJob | undefined {
    return this.#chunks[this.#chunk]![this.#head]
  }

  /** Drops the first job. */
  shift(): void {
    const chunk = this.#chunks[this.#chunk]!
    chunk[this.#head++] = undefined
    if (this.#head < chunk.length) return
    this.#head = 0
    // A chunk is let go as a whole; what is done with a few jobs at a time stays in one.
    if (this.#chunk === this.#chunks.length - 1) {
      chunk.length = 0
      this.#chunks = [chunk]
      this.#chunk = 0
      return
    }
    this.#chunks[this.#chunk++] = none
    if (this.#chunk < 64 || this.#chunk * 2 < this.#chunks.length) return
    this.#chunks = this.#chunks.slice(this.#chunk)
    this.#chunk = 0
  }

  *[Symbol.iterator](): Iterator<EngineJob> {
    for (let chunk = this.#chunk; chunk < this.#chunks.length; chunk++) {
      const jobs = this.#chunks[chunk]!
      for (let index = chunk === this.#chunk ? this.#head : 0; index < jobs.length; index++) yield jobs[index]!
    }
  }
}

const none: (EngineJob | undefined)[] = []
