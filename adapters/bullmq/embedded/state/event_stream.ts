import { EventRing } from './event_ring.ts'

/** An entry of the stream: its id, and names and values in turn. */
export type EventEntry = [id: string, fields: string[]]

/** So many events are kept in any case: listeners may not have read them yet. Redis forgets whole blocks of a hundred. */
const minimumLength = 100

interface Reader {
  readonly after: Readonly<Position>
  readonly resolve: (entries: EventEntry[] | undefined) => void
}

interface Position {
  time: number
  sequence: number
}

/** The events of a queue, the newest some thousands of them, for those who read along. Ids are `milliseconds-sequence`, as a Redis stream's. */
export class EventStream {
  #ring = new EventRing()
  #last: Position = { time: 0, sequence: 0 }
  readonly #readers = new Set<Reader>()
  #isNotifying = false

  get length(): number {
    return this.#ring.end - this.#ring.first
  }

  /** The id of the newest event. */
  get lastId(): string {
    return idOf(this.#last.time, this.#last.sequence)
  }

  /** Appends an event of the queue's own: its name, and names and values in turn. Beyond `maxLength`, and a hundred, the oldest are forgotten. */
  tell(
    now: number,
    maxLength: number,
    event: string,
    name1?: string,
    value1?: string,
    name2?: string,
    value2?: string,
    name3?: string,
    value3?: string,
  ): void {
    const { time, sequence } = this.#next(now)
    this.#ring.push(time, sequence, event, name1, value1, name2, value2, name3, value3)
    this.#added(maxLength)
  }

  /** Appends an event of any fields: names and values in turn. */
  add(fields: string[], now: number, maxLength: number): void {
    const { time, sequence } = this.#next(now)
    this.#ring.pushLong(time, sequence, fields)
    this.#added(maxLength)
  }

  /** @returns how many were forgotten */
  trim(maxLength: number): number {
    const surplus = Math.max(0, this.length - maxLength)
    this.#ring.drop(surplus)
    return surplus
  }

  clear(): void {
    this.#ring = new EventRing()
  }

  /** The events after an id; waits for the next when there are none. `$` stands for the newest one there is now.
   *
   * @param timeout how long to wait, in milliseconds; 0 waits until it is interrupted
   * @returns undefined when none came in time
   */
  read(id: string, timeout: number, register: (interrupt: () => void) => () => void): Promise<EventEntry[] | undefined> {
    const after = id === '$' ? { ...this.#last } : parseId(id)
    const entries = this.#after(after)
    if (entries.length > 0) return Promise.resolve(entries)
    return new Promise((resolve) => {
      let timer: NodeJS.Timeout | undefined
      const finish = (found: EventEntry[] | undefined) => {
        clearTimeout(timer)
        this.#readers.delete(reader)
        unregister()
        resolve(found)
      }
      const reader: Reader = { after, resolve: finish }
      this.#readers.add(reader)
      if (timeout > 0) timer = setTimeout(() => finish(undefined), timeout)
      const unregister = register(() => finish(undefined))
    })
  }

  /** The place of the next event; the clock may go backwards, they don't. */
  #next(now: number): Position {
    const last = this.#last
    if (now > last.time) {
      last.time = now
      last.sequence = 0
    } else last.sequence++
    return last
  }

  #added(maxLength: number): void {
    const kept = Math.max(maxLength, minimumLength)
    if (this.length > kept) this.trim(kept)
    if (this.#readers.size > 0) this.#notifySoon()
  }

  #notifySoon(): void {
    if (this.#isNotifying) return
    this.#isNotifying = true
    queueMicrotask(() => {
      this.#isNotifying = false
      for (const reader of [...this.#readers]) {
        const entries = this.#after(reader.after)
        if (entries.length > 0) reader.resolve(entries)
      }
    })
  }

  #after({ time, sequence }: Readonly<Position>): EventEntry[] {
    const ring = this.#ring
    let event = ring.end
    while (event > ring.first && isAfter(ring.timeOf(event - 1), ring.sequenceOf(event - 1), time, sequence)) event--
    const entries: EventEntry[] = []
    for (; event < ring.end; event++) entries.push([idOf(ring.timeOf(event), ring.sequenceOf(event)), ring.textsOf(event)])
    return entries
  }
}

function isAfter(time: number, sequence: number, otherTime: number, otherSequence: number): boolean {
  return time > otherTime || (time === otherTime && sequence > otherSequence)
}

function idOf(time: number, sequence: number): string {
  return `${time}-${sequence}`
}

/** A bare number is that millisecond's first event, as for XREAD. */
function parseId(id: string): Position {
  const [time, sequence] = id.split('-')
  return { time: Number(time) || 0, sequence: Number(sequence ?? 0) || 0 }
}
