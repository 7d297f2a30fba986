import type { JobRecords } from './job_records.ts'

const slackBytes = 32 * 1024 * 1024
// Kept here, so that an application's tests may replace the global timers.
const { setImmediate: runSoon } = globalThis

/** Without a journal nothing writes the jobs anew from time to time: one that stays would keep the memory of all those around it. */
export class MemorySweep {
  readonly #records: JobRecords
  #sweptBytes = 0
  #isSweeping = false

  constructor(records: JobRecords) {
    this.#records = records
  }

  /** Looks whether memory holds much that no job needs. Called after each job that was added. */
  consider(): void {
    const { appendedBytes, neededBytes } = this.#records
    if (this.#isSweeping || appendedBytes - this.#sweptBytes <= 2 * neededBytes + slackBytes) return
    this.#isSweeping = true
    this.#go(this.#records.snapshot())
  }

  #go(snapshot: Iterator<void>): void {
    if (snapshot.next().done) {
      this.#isSweeping = false
      this.#sweptBytes = this.#records.appendedBytes
    } else runSoon(() => this.#go(snapshot))
  }
}
