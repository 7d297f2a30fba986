import type { JobJson, JobType } from 'bullmq'
import type { QueueState } from '../state/queue_state.ts'
import { jobStates, type JobState } from '../state/stored_job.ts'

const listTypes = new Set(['wait', 'waiting', 'paused', 'active'])

/** The list behind one of BullMQ's names of states. Jobs of a paused queue wait where they waited, so 'paused' has none. */
export function stateOf(type: string): JobState | undefined {
  return type === 'waiting' ? 'wait' : jobStates.find((state) => state === type)
}

/** How many jobs are in each state; of the delayed ones, those due before `dueBefore` when given. */
export function countJobs(queue: QueueState, types: readonly JobType[], dueBefore: number | undefined): number[] {
  return types.map((type) => {
    const state = stateOf(type)
    if (state === undefined) return 0
    if (state === 'delayed' && dueBefore !== undefined) return queue.lists.delayed.countBetween(0, dueBefore)
    return queue.lists[state].size
  })
}

/** The ids of a page of each state. BullMQ reads those of lists from the back, and turns them round itself. */
export function listIds(queue: QueueState, types: readonly JobType[], start: number, end: number, isAscending: boolean): string[][] {
  return types.map((type) => {
    const state = stateOf(type)
    if (state === undefined) return []
    const list = queue.lists[state]
    const [from, to] = rangeOf(start, end, list.size)
    const jobs = isAscending ? list.slice(from, to) : list.slice(list.size - 1 - to, list.size - 1 - from)
    const isTurned = isAscending ? listTypes.has(type) : true
    return (isTurned ? jobs.reverse() : jobs).map(({ id }) => id)
  })
}

/** A page of a job's log; newest first when it isn't ascending. */
export function listLogs(queue: QueueState, jobId: string, start: number, end: number, isAscending: boolean) {
  const logs = queue.jobs.get(jobId)?.logs ?? []
  const [from, to] = rangeOf(start, end, logs.length)
  const page = isAscending ? logs.slice(from, to + 1) : logs.slice(logs.length - 1 - to, logs.length - from).reverse()
  return { logs: page, count: logs.length }
}

/** The ranks of a range whose ends may count from the back, as Redis' do. */
export function rangeOf(start: number, end: number, size: number): [from: number, to: number] {
  const from = Math.max(0, start < 0 ? size + start : start)
  const to = Math.min(size - 1, end < 0 ? size + end : end)
  return from > to ? [0, -1] : [from, to]
}

/** A page of a job's pending or processed children, with the children themselves. */
export function pageOfChildren(queue: QueueState, jobId: string, kind: string, start: number, end: number) {
  const job = queue.jobs.get(jobId)
  const entries = job === undefined || !job.hasChildren ? [] : childrenOf(job.children, kind)
  const [from, to] = rangeOf(start, end, entries.length)
  const page = entries.slice(from, to + 1)
  const jobs = page.flatMap(([key]): JobJson[] => {
    const found = queue.store.find(key)
    return found === undefined ? [] : [found.job.toJson()]
  })
  return { cursor: '0', items: page.map(([id, value]) => itemOf(id, value)), total: entries.length, jobs }
}

function childrenOf(children: { processed: Map<string, string>; ignored: Map<string, string>; pending: Set<string> }, kind: string) {
  if (kind === 'processed') return [...children.processed]
  if (kind === 'failed') return [...children.ignored]
  return [...children.pending].map((key): [string, undefined] => [key, undefined])
}

function itemOf(id: string, value: string | undefined): { id: string; v?: unknown; err?: string } {
  if (value === undefined) return { id }
  try {
    return { id, v: JSON.parse(value) as unknown }
  } catch (error) {
    return { id, err: (error as Error).message }
  }
}
