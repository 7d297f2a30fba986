import fs from 'node:fs'
import { basename, join } from 'node:path'
import type { QueueState } from '../state/queue_state.ts'
import { priorityStep } from '../state/queue_state.ts'
import type { Store } from '../state/store.ts'
import type { StoredJob } from '../state/stored_job.ts'
import { applyProgress, type JournalEntry, jobFrom } from './entries.ts'
import { type Gap, readFrames } from './frames.ts'
import { listSegments, readHeader, type Segment } from './segments.ts'

/** Bytes of a file that couldn't be read. */
export interface Damage extends Gap {
  readonly file: string
  /** Where they were saved; the torn end of the last file, which nobody was told is stored, isn't. */
  readonly quarantine: string | undefined
}

/** Fills a store with what the files of a directory say.
 * @throws QueueUnreadable (REGAUGE_QUEUE_UNREADABLE) when another version of the format wrote one */
export function recover(directory: string, store: Store): { segments: Segment[]; damages: Damage[] } {
  const segments: Segment[] = []
  const damages: Damage[] = []
  const files = listSegments(directory)
  for (const { number, path } of files) {
    const bytes = fs.readFileSync(path)
    const isLast = number === files.at(-1)?.number
    const onGap = (gap: Gap): void => {
      const isTorn = gap.isTail && isLast
      if (isTorn && gap.offset > 0) fs.truncateSync(path, gap.offset)
      damages.push({ ...gap, file: basename(path), quarantine: isTorn ? undefined : quarantine(directory, path, bytes, gap) })
    }
    const header = readHeader(path, bytes)
    if (header === undefined) {
      onGap({ offset: 0, bytes: bytes.length, isTail: true })
      fs.rmSync(path)
      continue
    }
    segments.push({ number, path, salt: header.salt, bytes: bytes.length })
    readFrames(bytes, header.start, header.salt, (payload) => applyAll(store, payload), onGap)
  }
  for (const queue of store.queues.values()) arrange(queue)
  return { segments, damages }
}

function applyAll(store: Store, payload: Buffer): void {
  const entries = JSON.parse(payload.toString()) as JournalEntry[]
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

function quarantine(directory: string, path: string, bytes: Buffer, { offset, bytes: length }: Gap): string {
  const folder = join(directory, 'quarantine')
  fs.mkdirSync(folder, { recursive: true, mode: 0o700 })
  const file = join(folder, `${basename(path)}.${offset}`)
  fs.writeFileSync(file, bytes.subarray(offset, offset + length), { mode: 0o600 })
  return file
}
