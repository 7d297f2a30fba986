import { type Damage, type JournalFormat, recoverSegments, type Segment } from '../../../../src/jobs/journal/index.ts'
import type { QueueState } from '../state/queue_state.ts'
import { priorityStep } from '../state/queue_state.ts'
import type { Store } from '../state/store.ts'
import type { StoredJob } from '../state/stored_job.ts'
import { applyProgress, type JournalEntry, jobFrom } from './entries.ts'
import { readVersion1 } from './older_version.ts'

/** The journal of BullMQ's queues: each frame holds the entries of one write, a JSON array. */
export const queueJournal: JournalFormat = { magic: 'RGBULL\r\n', version: 2, extension: 'queues' }

/** Fills a store with what the files of a directory say.
 * @throws QueueUnreadable (REGAUGE_QUEUE_UNREADABLE) when another version of the format wrote one */
export function recover(directory: string, store: Store): { segments: Segment[]; damages: readonly Damage[] } {
  const read = (bytes: Buffer, start: number, end: number): boolean => {
    try {
      applyAll(store, bytes.toString('utf8', start, end))
      return true
    } catch {
      return false // what makes no sense is damage, though its checksum is right
    }
  }
  const { segments, damages } = recoverSegments(directory, queueJournal, {
    read,
    readOlder: (bytes, damaged) => readVersion1(bytes, (start, end) => read(bytes, start, end), damaged),
  })
  for (const queue of store.queues.values()) arrange(queue)
  return { segments, damages }
}

function applyAll(store: Store, payload: string): void {
  const entries = JSON.parse(payload) as JournalEntry[]
  for (const entry of entries) apply(store.queue(entry[1]), entry)
}

function apply(queue: QueueState, entry: JournalEntry): void {
  switch (entry[0]) {
    case 'j': {
      const [, , id, body, progress, children, logs] = entry
      const job = jobFrom(id, body)
      applyProgress(job, progress)
      for (const change of children) job.children.apply(change)
      job.logs = [...logs]
      queue.jobs.set(id, job)
      queue.idCounter = Math.max(queue.idCounter, body[7])
      return
    }
    case 'q':
      queue.meta.clear()
      for (const [field, value] of entry[2]) queue.meta.set(field, value)
      queue.idCounter = entry[3]
      return
    case 'e':
      setOrDelete(queue.deduplications, entry[2], entry[3])
      setOrDelete(queue.keptBack, entry[2], entry[4])
      return
    case 'h':
      setOrDelete(queue.schedulers, entry[2], entry[3])
      return
    case 'm':
      Object.assign(queue.metrics.completed, entry[2])
      Object.assign(queue.metrics.failed, entry[3])
      return
    case 'x':
      queue.jobs.delete(entry[2])
      return
    default: {
      const job = queue.jobs.get(entry[2])
      if (job !== undefined) applyPart(queue, job, entry)
    }
  }
}

function applyPart(queue: QueueState, job: StoredJob, entry: JournalEntry): void {
  switch (entry[0]) {
    case 's':
      applyProgress(job, entry[3])
      return
    case 'b':
      job.data = entry[3][1]
      job.parentKey = entry[3][4] ?? undefined
      job.parent = entry[3][5] ?? undefined
      queue.idCounter = Math.max(queue.idCounter, entry[3][7])
      return
    case 'c':
      for (const change of entry[3]) job.children.apply(change)
      return
    case 'l':
      job.logs = entry[4] ? [...entry[3]] : [...job.logs, ...entry[3]]
  }
}

function setOrDelete<T>(map: Map<string, T>, id: string, value: T | null | undefined): void {
  if (value === null || value === undefined) map.delete(id)
  else map.set(id, value)
}

/** Puts the jobs into their lists, in their order. Whoever ran the active ones is gone: the first look for stalled jobs finds them. */
function arrange(queue: QueueState): void {
  const jobs = [...queue.jobs.values()].sort((a, b) => a.score - b.score || a.order - b.order)
  for (const job of jobs) {
    job.isStored = true
    job.isDurable = true
    job.unstored = 0
    job.storedLogs = job.logs.length
    if (job.hasChildren) job.children.changes = []
    queue.store.skipOrders(job.order)
    if (job.state === undefined) continue
    queue.lists[job.state].add(job)
    if (job.state === 'active') queue.stalling.add(job)
    if (job.state === 'prioritized') queue.priorityCounter = Math.max(queue.priorityCounter, job.score % priorityStep)
  }
  queue.front = Math.min(0, queue.lists.wait.first?.score ?? 0)
  queue.back = Math.max(0, queue.lists.wait.last?.score ?? 0)
  if (queue.lists.wait.size + queue.lists.prioritized.size > 0) queue.announceWork()
  queue.marker.delayedUntil(queue.nextDelayed)
}
