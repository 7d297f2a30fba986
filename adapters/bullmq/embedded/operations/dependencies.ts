import type { DependenciesOpts, DependencyOpts } from 'bullmq'
import type { QueueState } from '../state/queue_state.ts'

/** The children of a job, by how they ended. */
export interface Dependencies {
  processed?: Record<string, unknown>
  nextProcessedCursor?: number
  ignored?: Record<string, unknown>
  nextIgnoredCursor?: number
  failed?: string[]
  nextFailedCursor?: number
  unprocessed?: string[]
  nextUnprocessedCursor?: number
}

const noChildren = {
  pending: new Set<string>(),
  processed: new Map<string, string>(),
  ignored: new Map<string, string>(),
  failed: new Map(),
}

/** The children of a job: all of them, or a page of those asked for. A cursor is the rank to go on from; 0 ends. */
export function listDependencies(queue: QueueState, jobId: string, options: DependenciesOpts): Dependencies {
  const job = queue.jobs.get(jobId)
  const { pending, processed, ignored, failed } = job?.hasChildren ? job.children : noChildren
  if (!options.processed && !options.unprocessed && !options.ignored && !options.failed) {
    return {
      processed: record([...processed].map(([key, value]) => [key, JSON.parse(value)])),
      unprocessed: [...pending],
      failed: [...failed.keys()],
      ignored: record([...ignored]),
    }
  }
  const found: Dependencies = {}
  if (options.processed) {
    const { items, next } = page([...processed], options.processed)
    found.processed = record(items.map(([key, value]) => [key, JSON.parse(value)]))
    found.nextProcessedCursor = next
  }
  if (options.ignored) {
    const { items, next } = page([...ignored], options.ignored)
    found.ignored = record(items)
    found.nextIgnoredCursor = next
  }
  if (options.failed) {
    const { cursor = 0, count = 20 } = options.failed
    found.failed = [...failed.keys()].slice(cursor, count)
    found.nextFailedCursor = cursor + count
  }
  if (options.unprocessed) {
    const { items, next } = page([...pending], options.unprocessed)
    found.unprocessed = items
    found.nextUnprocessedCursor = next
  }
  return found
}

/** How many children of a job there are of each kind. */
export function countDependencies(queue: QueueState, jobId: string, types: readonly string[]): number[] {
  const job = queue.jobs.get(jobId)
  const { pending, processed, ignored, failed } = job?.hasChildren ? job.children : noChildren
  return types.map((type) => {
    if (type === 'processed') return processed.size
    if (type === 'unprocessed') return pending.size
    return type === 'ignored' ? ignored.size : failed.size
  })
}

function page<T>(entries: readonly T[], { cursor = 0, count = 20 }: DependencyOpts): { items: T[]; next: number } {
  const end = cursor + count
  return { items: entries.slice(cursor, end), next: end < entries.length ? end : 0 }
}

/** `fromEntries` defines properties, so a key can't touch a prototype. */
function record(entries: readonly (readonly [string, unknown])[]): Record<string, unknown> {
  return Object.fromEntries(entries)
}
