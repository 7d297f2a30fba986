import type { QueueState } from '../state/queue_state.ts'
import type { Store } from '../state/store.ts'
import { deduplicationEntry, type JournalEntry, metricsEntry, queueEntry, schedulerEntry, wholeJob } from './entries.ts'

const entriesPerPortion = 500

/** Everything there is, in portions. Each entry is what is true when its portion is asked for. */
export function* everything(store: Store): Generator<string[], void> {
  let portion: string[] = []
  for (const queue of store.queues.values()) {
    for (const entry of ofQueue(queue)) {
      portion.push(JSON.stringify(entry))
      if (portion.length < entriesPerPortion) continue
      yield portion
      portion = []
    }
  }
  yield portion
}

function* ofQueue(queue: QueueState): Generator<JournalEntry> {
  yield queueEntry(queue)
  yield metricsEntry(queue)
  for (const id of new Set([...queue.deduplications.keys(), ...queue.keptBack.keys()])) yield deduplicationEntry(queue, id)
  for (const id of queue.schedulers.keys()) yield schedulerEntry(queue, id)
  for (const job of queue.jobs.values()) yield wholeJob(queue, job)
}
