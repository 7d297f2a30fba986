/** An entry of the stream: its id, and names and values in turn. */
export type EventEntry = [id: string, fields: string[]]

interface Reader {
  readonly after: Position
  readonly resolve: (entries: EventEntry[] | undefined) => void
}

interface Position {
  readonly time: number
  readonly sequence: number
}

interface StoredEvent extends Position {
  readonly fields: string[]
}

/** The events of a queue, the newest some thousands of them, for those who read along. Ids are `milliseconds-sequence`, as a Redis stream's. */
export class EventStream {
  #events: StoredEvent[] = []
  /** How many at the front are forgotten; they are cut off in large pieces. */
  #forgotten = 0
  #last: Position = { time: 0, sequence: 0 }
  readonly #readers = new Set<Reader>()
  #isNotifying = false

  get length(): number {
    return this.#events.length - this.#forgotten
  }

  /** The id of the newest event. */
  get lastId(): string {
    return idOf(this.#last)
  }

  /** Appends an event; beyond `maxLength` the oldest are forgotten. */
  add(fields: string[], now: number, maxLength: number): void {
    const { time, sequence } = this.#last
    const event = now > time ? { time: now, sequence: 0, fields } : { time, sequence: sequence + 1, fields }
    this.#last = event
    this.#events.push(event)
    if (this.length > maxLength) this.trim(maxLength)
    if (this.#readers.size > 0) this.#notifySoon()
  }

  /** @returns how many were forgotten */
  trim(maxLength: number): number {
    const surplus = Math.max(0, this.length - maxLength)
    this.#forgotten += surplus
    if (this.#forgotten > 1000 && this.#forgotten > this.length) {
      this.#events = this.#events.slice(this.#forgotten)
      this.#forgotten = 0
    }
    return surplus
  }

  clear(): void {
    this.#events = []
    this.#forgotten = 0
  }

  /** The events after an id; waits for the next when there are none. `$` stands for the newest one there is now.
   *
   * @param timeout how long to wait, in milliseconds; 0 waits until it is interrupted
   * @returns undefined when none came in time
   */
  read(id: string, timeout: number, register: (interrupt: () => void) => () => void): Promise<EventEntry[] | undefined> {
    const after = id === '$' ? this.#last : parseId(id)
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

  #after({ time, sequence }: Position): EventEntry[] {
    const events = this.#events
    let index = events.length
    while (index > this.#forgotten && isAfter(events[index - 1]!, time, sequence)) index--
    return events.slice(index).map((event) => [idOf(event), event.fields])
  }
}

function isAfter(event: Position, time: number, sequence: number): boolean {
  return event.time > time || (event.time === time && event.sequence > sequence)
}

function idOf({ time, sequence }: Position): string {
  return `${time}-${sequence}`
}

/** A bare number is that millisecond's first event, as for XREAD. */
function parseId(id: string): Position {
  const [time, sequence] = id.split('-')
  return { time: Number(time) || 0, sequence: Number(sequence ?? 0) || 0 }
}
