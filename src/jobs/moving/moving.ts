import type { JobBackend, StoredJob } from '../backend.ts'
import type { JobStateName } from '../engine/index.ts'
import { MoveUnfinished } from '../errors.ts'
import { isRelated } from './job_trees.ts'
import { familyOf, idIn, isDone, type StayingFamily, takeInFamily } from './moved_families.ts'
import type { RecurringJob } from '../schedules/index.ts'

/** A backend that jobs are moved from or to, by the name that the configuration calls it. */
export interface NamedBackend {
  readonly name: string
  readonly backend: JobBackend
}

/** What has to be put right at the end of a move, also of one that was interrupted: which queues had been paused before it held them. */
export interface MoveState {
  readonly from: string
  readonly to: string
  readonly queues: Record<string, { readonly sourceWasPaused: boolean; readonly targetWasPaused: boolean }>
  hasMovedSchedules: boolean
  /** How many of these there were. */
  schedules?: number | undefined
}

/** Where the state of a move is kept until it is done. */
export interface MoveMemory {
  read(): MoveState | undefined
  /** Keeps it so that not even the death of the process loses it. */
  write(state: MoveState): void
  forget(): void
}

/** How jobs are moved. */
export interface MoveOptions {
  readonly from: NamedBackend
  readonly to: NamedBackend
  readonly memory: MoveMemory
  /** The jobs that recur: where they are in their times is moved, too. */
  readonly recurring?: readonly RecurringJob[] | undefined
  readonly onProgress?: ((moved: number, total: number) => void) | undefined
}

/** What was moved, by the state of the jobs, how many stay because they run or because their data can't be read, and which families stay. */
export interface MoveReport {
  readonly from: string
  readonly to: string
  readonly moved: Readonly<Record<string, number>>
  readonly schedules: number
  readonly paused: readonly string[]
  readonly running: number
  readonly unreadable?: number | undefined
  /** Parents with their children that can't be moved as they are. */
  readonly families?: readonly StayingFamily[] | undefined
}

/** The states whose jobs are moved, in the order in which they are. */
export const movable = [
  'failed',
  'delayed',
  'blocked',
  'prioritized',
  'waiting',
  'waiting-children',
] as const satisfies readonly JobStateName[]
/** So many jobs are asked for at a time. */
export const pageSize = 100

/** Moves all jobs from one backend to another: those that wait, are delayed or have failed, with their attempts and errors, the queues that are paused,
 * and where schedules are. Jobs that run stay, unless the process is gone that ran them: these wait again. A parent goes with all its children and what
 * came of those that are done, or all of them stay: what the one waits for would be in two places.
 *
 * No queue that is being moved is worked on, on either side: a job is stored over there, forgotten here, and runs only when all is done. So a move that
 * was interrupted can be begun again, and no job is lost or there twice.
 *
 * @throws MoveUnfinished (REGAUGE_MOVE_UNFINISHED) when a move in another direction was interrupted
 */
export async function moveJobs(options: MoveOptions): Promise<MoveReport> {
  return new Move(options).run()
}

class Move {
  readonly #options: MoveOptions
  readonly #source: JobBackend
  readonly #target: JobBackend
  readonly #state: MoveState
  #unreadable = 0
  readonly #families: StayingFamily[] = []
  /** Jobs that can't be taken away: they have begun to run after all, can't be read, or are of a family that stays. */
  readonly #staying = new Set<string>()
  readonly #moved: Record<string, number> = Object.fromEntries(movable.map((state) => [state, 0]))

  constructor(options: MoveOptions) {
    this.#options = options
    this.#source = options.from.backend
    this.#target = options.to.backend
    this.#state = stateOfMove(options)
  }

  async run(): Promise<MoveReport> {
    const { from, to, memory, recurring = [] } = this.#options
    memory.write(this.#state)
    // Those of an interrupted move: it may have died before it paused one, or after it let one go.
    for (const queue of Object.keys(this.#state.queues)) await this.#pause(queue)
    for (const queue of (await this.#source.paused?.()) ?? []) await this.#hold(queue)
    await this.#moveSchedules(recurring)
    await this.#source.recover?.()
    const counts = await this.#source.counts()
    const total = movable.reduce((sum, state) => sum + counts[state], 0)
    for (const state of movable) await this.#moveState(state, total)
    const paused = await this.#letGo()
    memory.forget()
    const { active } = await this.#source.counts()
    return {
      from: from.name,
      to: to.name,
      moved: this.#moved,
      schedules: this.#state.schedules ?? 0,
      paused,
      running: active,
      ...(this.#unreadable > 0 && { unreadable: this.#unreadable }),
      ...(this.#families.length > 0 && { families: this.#families }),
    }
  }

  async #moveState(state: JobStateName, total: number): Promise<void> {
    const staying = this.#staying
    for (;;) {
      const listed = await this.#source.list(state, { limit: pageSize + staying.size })
      const left = listed.filter(({ id }) => !staying.has(id))
      if (left.length === 0) return
      for (const { id } of left.filter(({ dataError }) => dataError !== undefined)) {
        staying.add(id)
        this.#unreadable++
      }
      const readable = left.filter(({ dataError }) => dataError === undefined)
      const page = readable.filter((job) => !isRelated(job))
      // What was listed before its queue was held may have begun to run meanwhile.
      if (await this.#holdQueuesOf(page)) continue
      if (page.length > 0) await this.#target.adopt?.(page.map((job) => ({ ...job, id: idIn(job) })))
      for (const job of page) await this.#forget(job)
      this.#showProgress(total)
      const gone = new Set<string>()
      for (const { id } of readable.filter(isRelated)) {
        if (gone.has(id) || staying.has(id)) continue
        for (const member of await this.#moveFamilyOf(id)) gone.add(member.id)
        this.#showProgress(total)
      }
    }
  }

  /** Moves a job with all that have to do with it. @returns those that were moved */
  async #moveFamilyOf(id: string): Promise<readonly StoredJob[]> {
    let members = await familyOf(this.#source, id)
    while (await this.#holdQueuesOf(members)) members = await familyOf(this.#source, id)
    if (members.length === 0) this.#staying.add(id)
    if (members.length === 0) return members
    const family = await takeInFamily(members, this.#target)
    if (family !== undefined) {
      for (const member of members) this.#staying.add(member.id)
      this.#families.push(family)
      return []
    }
    // A child whose parent is gone is a job like others, so that the rest of them goes on when this is interrupted.
    for (const member of members) {
      if (isDone(member)) await this.#source.remove([member.id])
      // One that has failed may be gone with its parent, where failed jobs aren't kept.
      else if ((await this.#source.find?.(member.id)) === undefined) this.#count(member)
      else await this.#forget(member)
    }
    return members
  }

  /** Forgets a job here that was taken in over there, or there what can't be forgotten here. */
  async #forget(job: StoredJob): Promise<void> {
    if ((await this.#source.remove([job.id])) === 1) this.#count(job)
    else {
      this.#staying.add(job.id)
      await this.#target.remove([idIn(job)])
    }
  }

  #count({ state }: StoredJob): void {
    this.#moved[state] = (this.#moved[state] ?? 0) + 1
  }

  #showProgress(total: number): void {
    const moved = Object.values(this.#moved).reduce((sum, count) => sum + count, 0)
    this.#options.onProgress?.(moved, Math.max(total, moved))
  }

  async #holdQueuesOf(jobs: readonly StoredJob[]): Promise<boolean> {
    let isAny = false
    for (const queue of new Set(jobs.map((job) => job.queue))) isAny = (await this.#hold(queue)) || isAny
    return isAny
  }

  /** Answers whether the queue wasn't held before. */
  async #hold(queue: string): Promise<boolean> {
    const isNew = !Object.hasOwn(this.#state.queues, queue)
    if (isNew) {
      const sourceWasPaused = ((await this.#source.paused?.()) ?? []).includes(queue)
      const targetWasPaused = ((await this.#target.paused?.()) ?? []).includes(queue)
      Object.defineProperty(this.#state.queues, queue, {
        value: { sourceWasPaused, targetWasPaused },
        enumerable: true,
        configurable: true,
      })
      this.#options.memory.write(this.#state)
      await this.#pause(queue)
    }
    return isNew
  }

  async #pause(queue: string): Promise<void> {
    await this.#source.pause?.(queue)
    await this.#target.pause?.(queue)
  }

  /** Lets the queues be worked on again, but those that were paused; answers these. */
  async #letGo(): Promise<string[]> {
    const paused: string[] = []
    for (const [queue, { sourceWasPaused, targetWasPaused }] of Object.entries(this.#state.queues)) {
      await this.#source.resume?.(queue)
      if (sourceWasPaused) paused.push(queue)
      if (!sourceWasPaused && !targetWasPaused) await this.#target.resume?.(queue)
    }
    return paused
  }

  /** Where this side kept none, as after a move, the other side stays as it is. */
  async #moveSchedules(recurring: readonly RecurringJob[]): Promise<void> {
    if (!this.#state.hasMovedSchedules) {
      const progress = (await this.#source.progressOf?.(recurring)) ?? {}
      this.#state.schedules = Object.keys(progress).length
      if (this.#state.schedules > 0) await this.#target.schedule?.(recurring, progress)
      this.#state.hasMovedSchedules = true
      this.#options.memory.write(this.#state)
    }
    // Also of a move that was interrupted before this: what stayed here would be moved again.
    if (recurring.length > 0) await this.#source.schedule?.([])
  }
}

/** Where a move is that was interrupted, or the beginning of one.
 * @throws MoveUnfinished (REGAUGE_MOVE_UNFINISHED) when one in another direction was interrupted */
export function stateOfMove({ from, to, memory }: Pick<MoveOptions, 'from' | 'to' | 'memory'>): MoveState {
  const names = { from: from.name, to: to.name }
  const state = memory.read() ?? { ...names, queues: {}, hasMovedSchedules: false }
  if (state.from !== from.name || state.to !== to.name) throw new MoveUnfinished({ from: state.from, to: state.to })
  return state
}
