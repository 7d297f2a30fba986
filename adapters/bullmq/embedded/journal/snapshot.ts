import type { QueueState } from '../state/queue_state.ts'
import type { Store } from '../state/store.ts'
import { deduplicationEntry, type JournalEntry, metricsEntry, queueEntry, schedulerEntry, wholeJob } from './entries.ts'

const entriesPerTurn = 2000

/** Writes everything there is once more, a part with every write, so that the files before it aren't needed.
 *
 * Each entry is what is true when it is written, so it doesn't matter that queues change in between: the files from the first one
 * of the snapshot on hold the latest state of everything.
 */
export class Snapshot {
  /** The number of the file in which it begins. */
  readonly firstSegment: number
  readonly #entries: Iterator<JournalEntry>
  isComplete = false

  constructor(store: Store, firstSegment: number) {
    this.firstSegment = firstSegment
    this.#entries = everything(store)
  }

  next(): string[] {
    const texts: string[] = []
    while (texts.length < entriesPerTurn) {
      const { done, value } = this.#entries.next()
      if (done) {
        this.isComplete = true
        break
      }
      texts.push(JSON.stringify(value))
    }
    return texts
  }
}

function* everything(store: Store): Generator<JournalEntry> {
  for (const queue of store.queues.values()) yield* ofQueue(queue)
}

function* ofQueue(queue: QueueState): Generator<JournalEntry> {
  yield queueEntry(queue)
  yield metricsEntry(queue)
  for (const id of new Set([...queue.deduplications.keys(), ...queue.keptBack.keys()])) yield deduplicationEntry(queue, id)
  for (const id of queue.schedulers.keys()) yield schedulerEntry(queue, id)
  for (const job of queue.jobs.values()) yield wholeJob(queue, job)
}
