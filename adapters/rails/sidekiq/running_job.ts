import { logger } from '../../../src/logging/index.ts'
import type { JobData, ReservedJob } from '../../../src/jobs/index.ts'
import { type CompleteItem, payloadText } from './item.ts'
import { savedItem } from './next_item.ts'
import { ask, replace, type SidekiqRedis } from './redis.ts'
import { readJob } from './taken.ts'

/** A job that runs, and what there is of it on the list of its worker: how far it is with its steps is kept there, for the case that the process dies. */
export class RunningJob {
  /** Undefined for what is none. */
  readonly job: ReservedJob | undefined
  readonly #redis: SidekiqRedis
  readonly #list: string
  #item: CompleteItem | undefined
  /** What is on the list, the newest first: two while nobody knows whether the one has taken the place of the other. */
  #payloads: readonly string[]
  /** What is to be on the list. */
  #next: string | undefined
  #saving: Promise<void> | undefined
  #hasEnded = false

  /** @param list the key of the list */
  constructor(redis: SidekiqRedis, list: string, payload: string) {
    const { item, job } = readJob(payload) ?? {}
    this.#redis = redis
    this.#list = list
    this.#item = item
    this.job = job
    this.#payloads = [payload]
  }

  /** The job with what it has saved. */
  get item(): CompleteItem | undefined {
    return this.#item
  }

  /** Whether it is this one that is on the list. */
  isListedAs(payload: string): boolean {
    return this.#payloads.includes(payload)
  }

  /** Keeps how far it is. What comes while Redis is being told is kept after it, and the last of it only. */
  save(data: JobData): void {
    if (this.#item === undefined || this.#hasEnded) return
    this.#item = savedItem(this.#item, data)
    this.#next = payloadText(this.#item)
    this.#saving ??= this.#writeNext().finally(() => (this.#saving = undefined))
  }

  /** Keeps nothing any more: what was left behind of a job may go on after its time is over.
   * @returns what may be on the list, the newest first */
  async end(): Promise<readonly string[]> {
    this.#hasEnded = true
    this.#next = undefined
    await this.#saving
    return this.#payloads
  }

  async #writeNext(): Promise<void> {
    while (this.#next !== undefined) {
      const payload = this.#next
      this.#next = undefined
      try {
        await this.#write(payload)
      } catch (error) {
        logger.warn('How far a job is could not be kept', { error })
      }
    }
  }

  async #write(payload: string): Promise<void> {
    const [known = '', ...others] = this.#payloads
    if (others.length > 0) {
      const listed = (await ask(this.#redis, 'LRANGE', this.#list, 0, -1)) as string[]
      this.#payloads = [[known, ...others].find((one) => listed.includes(one)) ?? known]
    }
    const [before = ''] = this.#payloads
    if (before === payload) return
    this.#payloads = [payload, before]
    // Where it isn't any more, others have taken it over.
    const isReplaced = await replace(this.#redis, this.#list, before, payload)
    this.#payloads = [isReplaced ? payload : before]
  }
}
