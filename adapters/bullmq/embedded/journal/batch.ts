import type { Store } from '../state/store.ts'
import { deduplicationEntry, jobEntries, type JournalEntry, metricsEntry, queueEntry, schedulerEntry } from './entries.ts'

/** The entries for everything that has changed since the last call: the present state of each thing, however often it changed. */
export function encodeChanges(store: Store): string[] {
  const { removals, jobs, queues, fields } = store.takeChanges()
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
