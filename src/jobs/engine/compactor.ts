import type { EngineJob } from './engine_job.ts'
import type { Journal } from './journal.ts'
import { JobState } from './job_state.ts'

const jobsPerTurn = 2000

/** Keeps the journal small: segments nobody needs are deleted, and when more than half of all bytes are garbage, the jobs that the
 * oldest segment still holds are written again at the end. Work is done in small turns between other events. */
export class Compactor {
  readonly #journal: Journal
  readonly #jobs: ReadonlyMap<number, EngineJob>
  readonly #segmentBytes: number
  #isRunning = false

  constructor(journal: Journal, jobs: ReadonlyMap<number, EngineJob>, segmentBytes: number) {
    this.#journal = journal
    this.#jobs = jobs
    this.#segmentBytes = segmentBytes
  }

  /** Looks whether there is something to do. Called after each commit, so it answers fast when there is not. */
  consider(): void {
    const { segments } = this.#journal
    if (segments.length < 2 || this.#isRunning) return
    while (segments.length > 1 && segments[0]!.live === 0) this.#journal.dropOldest()
    if (segments.length > 1 && this.#journal.garbageBytes > this.#journal.liveBytes + 2 * this.#segmentBytes) void this.#rewriteOldest()
  }

  async #rewriteOldest(): Promise<void> {
    this.#isRunning = true
    try {
      const oldest = this.#journal.segments[0]!
      let turn = 0
      for (const job of this.#jobs.values()) {
        if (job.segment === oldest && job.state !== JobState.removed) this.#journal.put(job)
        if (++turn % jobsPerTurn === 0) await new Promise(setImmediate)
      }
      await this.#journal.flushed()
    } finally {
      this.#isRunning = false
    }
  }
}
