import type { JobBackend, StoredJob } from '../backend.ts'
import { JobTooLarge } from '../errors.ts'
import { movedFailure } from './child_failures.ts'

/** A family of jobs that stays where it is, and why. */
export interface StayingFamily {
  /** The job above all others of it. */
  readonly id: string
  readonly queue: string
  readonly name: string
  /** How many jobs it has. */
  readonly jobs: number
  readonly reason: string
}

/** A job with all that have to do with it, as they are in a backend: the one above all others first, parents before their children. Empty when the job is
 * gone. */
export async function familyOf(backend: JobBackend, id: string): Promise<StoredJob[]> {
  let root = await backend.find?.(id)
  if (root === undefined) return []
  for (let above = await parentOf(backend, root); above !== undefined; above = await parentOf(backend, root)) root = above
  const members: StoredJob[] = [{ ...root, parent: undefined }]
  for (const member of members) {
    if (member.onChildFailure === undefined || isDone(member)) continue
    for (const child of (await backend.children?.(member.id)) ?? []) members.push({ ...child, parent: member.id })
  }
  return members
}

/** A parent that is done asks no more about its children. */
async function parentOf(backend: JobBackend, { parent }: StoredJob): Promise<StoredJob | undefined> {
  const found = parent === undefined ? undefined : await backend.find?.(parent)
  return found === undefined || isDone(found) ? undefined : found
}

/** Takes a family in over there, or answers why it stays where it is.
 * @param members as `familyOf` answers them
 * @param rehearsal what takes them in instead of the other backend, when it is only to be known whether that could; nothing does without one */
export async function takeInFamily(
  members: readonly StoredJob[],
  target: JobBackend,
  rehearsal: Pick<JobBackend, 'adopt'> = target,
): Promise<StayingFamily | undefined> {
  const reason = reasonToStay(members, target) ?? (await refusalOf(members, rehearsal))
  if (reason === undefined) return undefined
  const { id, queue, name } = members[0]!
  return { id, queue, name, jobs: members.length, reason }
}

/** Why a family can't go to another backend as it is; undefined when it can. */
function reasonToStay(members: readonly StoredJob[], target: JobBackend): string | undefined {
  if (target.children === undefined || target.adopt === undefined) return 'the other backend takes no jobs that wait for others'
  const running = members.find(({ state }) => state === 'active')
  if (running !== undefined) return `${running.name} (${running.id}) runs`
  const unreadable = members.find(({ dataError }) => dataError !== undefined)
  return unreadable && `the data of ${unreadable.name} (${unreadable.id}) can't be read`
}

/** Has a family taken in, or answers why it isn't. */
async function refusalOf(members: readonly StoredJob[], backend: Pick<JobBackend, 'adopt'>): Promise<string | undefined> {
  const ids = new Map(members.map((member) => [member.id, idIn(member)]))
  try {
    await backend.adopt?.(
      members.map((job) => ({
        ...job,
        id: ids.get(job.id)!,
        parent: job.parent === undefined ? undefined : ids.get(job.parent),
        error: movedFailure(job.error, members, ids),
      })),
    )
    return undefined
  } catch (error) {
    if (error instanceof JobTooLarge) return error.message
    throw error
  }
}

/** The id of a job over there: the embedded queue counts its jobs, and others may count the same. */
export function idIn({ id, data, createdAt }: StoredJob): string {
  if (!/^\d+$/.test(id)) return id
  return `moved-${id}-${typeof data['job_id'] === 'string' ? data['job_id'].replace(/[^\w-]/g, '') : createdAt}`
}

/** Whether a job is done and only kept: its results go along with its parent. */
export function isDone({ state }: StoredJob): boolean {
  return state === 'completed'
}
