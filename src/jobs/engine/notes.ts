import { EngineJob } from './engine_job.ts'
import { JobState } from './job_state.ts'

/** Where notes are kept. */
export interface NoteStore {
  nextSequence(): number
  /** Told of each note that is new. */
  register(note: EngineJob): void
  put(note: Note): void
  remove(note: EngineJob): void
}

/** Something that the engine remembers. */
export interface Note {
  readonly job: EngineJob
  /** JSON text. */
  text: string
}

/** What the engine remembers beside jobs (which queues are paused, when schedules ran), as JSON by name. A note is journaled as a job
 * that nobody takes, so that recovery and compaction know nothing of notes. */
export class Notes {
  readonly #byName = new Map<string, Note>()
  readonly #store: NoteStore

  constructor(store: NoteStore) {
    this.#store = store
  }

  /** Takes in a note that was found on disk. */
  adopt(job: EngineJob): void {
    this.#byName.set(job.name, { job, text: JSON.stringify(job.data) })
  }

  read(name: string): unknown {
    const note = this.#byName.get(name)
    return note === undefined ? undefined : JSON.parse(note.text)
  }

  write(name: string, value: unknown): void {
    this.#store.put(this.note(name, value))
  }

  /** The note with its new value, to be journaled by the caller. */
  note(name: string, value: unknown): Note {
    const text = JSON.stringify(value)
    const known = this.#byName.get(name)
    if (known !== undefined) {
      known.text = text
      return known
    }
    const job = new EngineJob(this.#store.nextSequence(), name, '', 0, 0)
    job.state = JobState.note
    const note = { job, text }
    this.#byName.set(name, note)
    this.#store.register(job)
    return note
  }

  delete(name: string): void {
    const note = this.#byName.get(name)
    if (note === undefined) return
    this.#byName.delete(name)
    this.#store.remove(note.job)
  }

  /** The names that begin with `prefix`. */
  names(prefix: string): string[] {
    return [...this.#byName.keys()].filter((name) => name.startsWith(prefix))
  }
}
