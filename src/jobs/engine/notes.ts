import { EngineJob } from './engine_job.ts'
import { JobState } from './job_state.ts'

/** Where notes are kept. */
export interface NoteStore {
  nextSequence(): number
  /** Told of each note that is new. */
  register(note: EngineJob): void
  put(note: EngineJob): void
  remove(note: EngineJob): void
}

/** What the engine remembers beside jobs (which queues are paused, when schedules ran), as JSON by name. A note is journaled as a job
 * that nobody takes, so that recovery and compaction know nothing of notes. */
export class Notes {
  readonly #byName = new Map<string, EngineJob>()
  readonly #store: NoteStore

  constructor(store: NoteStore) {
    this.#store = store
  }

  /** Takes in a note that was found on disk. */
  adopt(note: EngineJob): void {
    this.#byName.set(note.name, note)
  }

  read(name: string): unknown {
    const note = this.#byName.get(name)
    return note === undefined ? undefined : JSON.parse(note.data)
  }

  write(name: string, value: unknown): void {
    const note = this.note(name, value)
    this.#store.put(note)
  }

  /** The note with its new value, to be journaled by the caller. */
  note(name: string, value: unknown): EngineJob {
    let note = this.#byName.get(name)
    if (note === undefined) {
      note = new EngineJob(this.#store.nextSequence(), undefined, name, '', '', undefined, 0, Date.now(), 0)
      note.state = JobState.note
      this.#byName.set(name, note)
      this.#store.register(note)
    }
    note.data = JSON.stringify(value)
    return note
  }

  delete(name: string): void {
    const note = this.#byName.get(name)
    if (note === undefined) return
    this.#byName.delete(name)
    this.#store.remove(note)
  }

  /** The names that begin with `prefix`. */
  names(prefix: string): string[] {
    return [...this.#byName.keys()].filter((name) => name.startsWith(prefix))
  }
}
