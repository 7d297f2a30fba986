import type { Changes } from '../state/store.ts'
import { deduplicationEntry, jobEntries, type JournalEntry, metricsEntry, queueEntry, schedulerEntry } from './entries.ts'

/** The entries for what has changed: the present state of each thing, however often it changed. */
export function encodeChanges({ removals, jobs, queues, fields }: Changes): string[] {
  const entries: JournalEntry[] = [...removals]
  for (const [job, queue] of jobs) entries.push(...jobEntries(queue, job))
  for (const queue of queues) entries.push(queueEntry(queue))
  for (const { kind, queue, id } of fields) {
    if (kind === 'e') entries.push(deduplicationEntry(queue, id))
    else if (kind === 'h') entries.push(schedulerEntry(queue, id))
    else entries.push(metricsEntry(queue))
  }
  return entries.map((entry) => JSON.stringify(entry))
}
