import type { JobBackend, StoredJob } from '../backend.ts'

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

/** Why a family can't go to another backend as it is; undefined when it can. */
export function reasonToStay(members: readonly StoredJob[], target: JobBackend): string | undefined {
  if (target.children === undefined || target.adopt === undefined) return 'the other backend takes no jobs that wait for others'
  const running = members.find(({ state }) => state === 'active')
  if (running !== undefined) return `${running.name} (${running.id}) runs`
  const unreadable = members.find(({ dataError }) => dataError !== undefined)
  return unreadable && `the data of ${unreadable.name} (${unreadable.id}) can't be read`
}

/** Whether a job is done and only kept: its results go along with its parent. */
export function isDone({ state }: StoredJob): boolean {
  return state === 'completed'
}
