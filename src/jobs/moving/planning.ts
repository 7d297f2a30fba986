import type { JobBackend, StoredJob } from '../backend.ts'
import { isRelated } from './job_trees.ts'
import { familyOf, idIn, isDone, type StayingFamily, takeInFamily } from './moved_families.ts'
import { movable, type MoveMemory, type MoveOptions, type MoveReport, pageSize, stateOfMove } from './moving.ts'

/** Which move is planned. */
export interface PlanOptions extends Pick<MoveOptions, 'from' | 'to' | 'recurring'> {
  /** It is only read. */
  readonly memory?: MoveMemory | undefined
  /** A queue with the limits of the other backend that is thrown away afterwards: parents and their children are taken in there, to see whether they could
   * be. Without one none is too large. */
  readonly rehearsal?: JobBackend | undefined
}

/** What a move would do: nothing is changed on either side, and nothing is asked of the one that jobs would go to.
 *
 * @throws MoveUnfinished (REGAUGE_MOVE_UNFINISHED) when a move in another direction was interrupted
 */
export async function planMove(options: PlanOptions): Promise<MoveReport> {
  return new Plan(options).run()
}

class Plan {
  readonly #options: PlanOptions
  readonly #source: JobBackend
  readonly #moved: Record<string, number> = Object.fromEntries(movable.map((state) => [state, 0]))
  readonly #families: StayingFamily[] = []
  /** Jobs that are counted with their families. */
  readonly #counted = new Set<string>()
  /** Jobs that would wait again, since the process is gone that ran them. */
  #stalled = new Set<string>()
  #unreadable = 0

  constructor(options: PlanOptions) {
    this.#options = options
    this.#source = options.from.backend
  }

  async run(): Promise<MoveReport> {
    const { from, to, recurring = [], memory } = this.#options
    if (memory !== undefined) stateOfMove({ from, to, memory })
    const stalled = (await this.#source.stalled?.()) ?? []
    this.#stalled = new Set(stalled.map(({ id }) => id))
    for (const job of stalled) await this.#look(job)
    for (const state of movable) {
      for (let offset = 0; ; offset += pageSize) {
        const page = await this.#source.list(state, { offset, limit: pageSize })
        if (page.length === 0) break
        for (const job of page) await this.#look(job)
      }
    }
    const { active } = await this.#source.counts()
    return {
      from: from.name,
      to: to.name,
      moved: this.#moved,
      schedules: Object.keys((await this.#source.progressOf?.(recurring)) ?? {}).length,
      paused: (await this.#source.paused?.()) ?? [],
      running: Math.max(0, active - stalled.length),
      ...(this.#unreadable > 0 && { unreadable: this.#unreadable }),
      ...(this.#families.length > 0 && { families: this.#families }),
    }
  }

  async #look(job: StoredJob): Promise<void> {
    if (this.#counted.has(job.id)) return
    if (job.dataError !== undefined) this.#unreadable++
    else if (isRelated(job)) await this.#lookAtFamilyOf(job)
    else this.#count(job)
  }

  async #lookAtFamilyOf({ id }: StoredJob): Promise<void> {
    const found = await familyOf(this.#source, id)
    const members = found.map((member): StoredJob => (this.#stalled.has(member.id) ? { ...member, state: 'waiting' } : member))
    if (members.length === 0) return
    for (const member of members) this.#counted.add(member.id)
    const { to, rehearsal } = this.#options
    const family = await takeInFamily(members, to.backend, rehearsal ?? {})
    await rehearsal?.remove(members.map(idIn))
    if (family !== undefined) this.#families.push(family)
    else for (const member of members) if (!isDone(member)) this.#count(member)
  }

  #count({ state }: StoredJob): void {
    this.#moved[state] = (this.#moved[state] ?? 0) + 1
  }
}
