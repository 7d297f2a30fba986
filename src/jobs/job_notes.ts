import { logger } from '../logging/index.ts'
import type { JobPayload } from './payload.ts'

/** The last so many lines of a job are kept. */
const mostLines = 1000
/** The rest of a longer line is left out. */
const longestLine = 10_000
/** They are saved so often at most: after the death of the process, what came since is lost. */
const millisecondsBetweenSaves = 100
// Kept here, so that an application's tests may replace the global timers.
const { setTimeout: runLater, clearTimeout: cancel } = globalThis

/** What a job tells of itself while it runs: how far it is, and lines of a log of its own. It travels with what the job carries. */
export class JobNotes {
  progress: unknown
  #lines: string[]
  readonly #save: () => void
  #timer: NodeJS.Timeout | undefined
  #savedAt = 0

  /** @param stored what an earlier run has told
   *  @param save keeps what the job carries */
  constructor({ progress, logs }: Pick<JobPayload, 'progress' | 'logs'>, save: () => void) {
    this.progress = progress
    this.#lines = Array.isArray(logs) ? logs.map(String) : []
    this.#save = save
  }

  /** @throws TypeError where JSON can't say it: here, and not when it is saved */
  update(progress: unknown): void {
    this.progress = progress === undefined ? undefined : JSON.parse(JSON.stringify(progress) ?? 'null')
    this.#changed()
  }

  append(line: string): void {
    this.#lines.push(String(line).slice(0, longestLine))
    if (this.#lines.length > mostLines) this.#lines.shift()
    this.#changed()
  }

  /** How they are stored. */
  get fields(): Pick<JobPayload, 'progress' | 'logs'> {
    return {
      ...(this.progress !== undefined && { progress: this.progress }),
      ...(this.#lines.length > 0 && { logs: [...this.#lines] }),
    }
  }

  /** Saves what isn't saved yet. What the job carries beside them may be nothing that can be kept, as when `perform` has changed its arguments: that is
   * logged, and the job goes on. */
  flush(): void {
    if (this.#timer === undefined) return
    cancel(this.#timer)
    this.#timer = undefined
    this.#savedAt = performance.now()
    try {
      this.#save()
    } catch (error) {
      logger.warn('How far a job is could not be kept', { error })
    }
  }

  #changed(): void {
    if (this.#timer !== undefined) return
    const wait = this.#savedAt + millisecondsBetweenSaves - performance.now()
    this.#timer = runLater(() => this.flush(), Math.max(0, wait)).unref()
  }
}
