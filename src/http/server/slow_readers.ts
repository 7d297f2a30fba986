/** Somebody who reads what we send: the client at the other end of a connection, or of one stream of HTTP/2. */
export interface Reader {
  /** How many bytes wait to be taken. */
  waiting(): number
  /** How many have been taken so far. */
  taken(): number
  /** Whether what was written at once is known to be taken as a whole only, so that it must be given the time it takes at the least rate. */
  readonly takesWhole: boolean
  /** Ends it, and frees what it holds. */
  cut(): void
}

/** How patient we are. */
export interface Patience {
  /** In milliseconds; 0 is for ever. */
  readonly writeTimeout: number
  /** In bytes a second. */
  readonly minWriteRate: number
}

interface Watch {
  readonly takenBefore: number
  /** How much has to be taken for a new watch to begin. */
  readonly goal: number
  readonly until: number
}

/** Cuts readers that don't read: who never takes what waits for them, or takes it so slowly that a few of them would hold all memory. One that has
 * taken everything is never cut, however long nothing comes.
 *
 * They are looked at all together, now and then, so that a request pays nothing for it.
 */
export class SlowReaders {
  readonly #patience: Patience
  readonly #watches = new Map<Reader, Watch | undefined>()
  #timer: NodeJS.Timeout | undefined

  constructor(patience: Patience) {
    this.#patience = patience
  }

  /** Looks after a reader from now on; ended by what this returns. */
  watch(reader: Reader): () => void {
    if (this.#patience.writeTimeout === 0) return () => {}
    this.#watches.set(reader, undefined)
    this.#timer ??= setInterval(() => this.#look(), Math.min(5000, Math.ceil(this.#patience.writeTimeout / 4))).unref()
    return () => this.#forget(reader)
  }

  #forget(reader: Reader): void {
    this.#watches.delete(reader)
    if (this.#watches.size > 0) return
    clearInterval(this.#timer)
    this.#timer = undefined
  }

  #look(): void {
    const now = performance.now()
    for (const [reader, watch] of this.#watches) {
      if (reader.waiting() === 0) this.#watches.set(reader, undefined)
      else if (watch === undefined || reader.taken() - watch.takenBefore >= watch.goal) this.#watches.set(reader, this.#begin(reader, now))
      else if (now >= watch.until) reader.cut()
    }
  }

  #begin(reader: Reader, now: number): Watch {
    const { writeTimeout, minWriteRate } = this.#patience
    const waiting = reader.waiting()
    const goal = Math.max(1, Math.min(waiting, (minWriteRate * writeTimeout) / 1000))
    const needed = reader.takesWhole && minWriteRate > 0 ? (waiting * 1000) / minWriteRate : 0
    return { takenBefore: reader.taken(), goal, until: now + Math.max(writeTimeout, needed) }
  }
}
