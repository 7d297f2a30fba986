import type { Notes } from '../notes.ts'
import type { WaitingQueue } from './waiting_queue.ts'

/** How fast jobs of a queue may be started. */
export interface QueueLimit {
  /** So many… */
  readonly max: number
  /** …in so many milliseconds, from the first of them. */
  readonly duration: number
}

/** What the journal keeps of a queue. */
interface QueueNote {
  readonly paused?: boolean
  readonly from?: number
  readonly count?: number
}

const prefix = 'queue:'

/** Which queues are paused, and which have used up what they may start. Both survive a restart. */
export class QueueControls {
  readonly #queues: ReadonlyMap<string, WaitingQueue>
  readonly #notes: Notes
  readonly #limits = new Map<string, QueueLimit>()
  readonly #paused = new Set<string>()
  readonly #windows = new Map<string, { from: number; count: number }>()
  readonly #timers = new Map<string, NodeJS.Timeout>()
  readonly #onOpen: () => void

  /** @param onOpen called when a queue may be taken from again */
  constructor(queues: ReadonlyMap<string, WaitingQueue>, notes: Notes, onOpen: () => void) {
    this.#queues = queues
    this.#notes = notes
    this.#onOpen = onOpen
  }

  /** Reads what the journal keeps. */
  restore(): void {
    for (const name of this.#notes.names(prefix)) {
      const { paused, from, count } = this.#notes.read(name) as QueueNote
      const queue = name.slice(prefix.length)
      if (paused) this.#paused.add(queue)
      if (from !== undefined && count !== undefined) this.#windows.set(queue, { from, count })
    }
    for (const queue of this.#queues.values()) this.apply(queue)
  }

  /** Sets how fast jobs of each queue may be started. */
  limit(limits: Readonly<Record<string, QueueLimit>>): void {
    for (const [queue, limit] of Object.entries(limits)) this.#limits.set(queue, limit)
    for (const queue of this.#queues.values()) this.apply(queue)
  }

  pause(queue: string): void {
    this.#paused.add(queue)
    this.#write(queue)
    this.#applyTo(queue)
  }

  resume(queue: string): void {
    this.#paused.delete(queue)
    this.#write(queue)
    this.#applyTo(queue)
    this.#onOpen()
  }

  /** The paused queues. */
  get paused(): string[] {
    return [...this.#paused]
  }

  /** Decides whether a queue may be taken from. */
  apply(queue: WaitingQueue): void {
    const limit = this.#limits.get(queue.name)
    queue.isLimited = limit !== undefined
    const window = this.#windows.get(queue.name)
    const isExhausted = limit !== undefined && window !== undefined && window.count >= limit.max && isOpen(window, limit, Date.now())
    queue.isHeld = this.#paused.has(queue.name) || isExhausted
    if (isExhausted) this.#openAt(queue, window.from + limit.duration)
  }

  /** Notes that a job of a limited queue was started. */
  started(queue: WaitingQueue): void {
    const limit = this.#limits.get(queue.name)!
    const now = Date.now()
    let window = this.#windows.get(queue.name)
    if (window === undefined || !isOpen(window, limit, now)) this.#windows.set(queue.name, (window = { from: now, count: 0 }))
    window.count++
    this.#write(queue.name)
    if (window.count >= limit.max) this.apply(queue)
  }

  close(): void {
    for (const timer of this.#timers.values()) clearTimeout(timer)
  }

  #applyTo(name: string): void {
    const queue = this.#queues.get(name)
    if (queue !== undefined) this.apply(queue)
  }

  #openAt(queue: WaitingQueue, time: number): void {
    clearTimeout(this.#timers.get(queue.name))
    const open = () => {
      this.apply(queue)
      if (!queue.isHeld) this.#onOpen()
    }
    this.#timers.set(queue.name, setTimeout(open, Math.max(1, Math.min(time - Date.now(), 2 ** 31 - 1))).unref())
  }

  #write(queue: string): void {
    const note: QueueNote = { ...(this.#paused.has(queue) && { paused: true }), ...this.#windows.get(queue) }
    if (Object.keys(note).length === 0) this.#notes.delete(prefix + queue)
    else this.#notes.write(prefix + queue, note)
  }
}

/** Whether what was started in a window counts still. One from the future is of a clock that was wrong, and has been put right. */
function isOpen({ from }: { readonly from: number }, { duration }: QueueLimit, now: number): boolean {
  return from <= now && now < from + duration
}
