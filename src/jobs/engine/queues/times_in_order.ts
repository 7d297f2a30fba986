const entriesPerChunk = 256
const entriesAtFirst = 16

/** What is known of a job. */
export interface TimedJob {
  readonly time: number
  readonly sequence: number
  /** The number that its queue has here. */
  readonly queue: number
}

/** Jobs by a time, soonest first, then lowest sequence number. They are in chunks, within which entries move when one comes or goes: so any can be taken
 * out, and those of a page are found without a look at each before it. 24 bytes each, and the room between them. */
export class TimesInOrder {
  readonly #chunks = [new Chunk(entriesAtFirst)]
  /** The first time of each chunk: to find one, no others are looked into. */
  readonly #firstTimes = [Number.POSITIVE_INFINITY]
  #size = 0

  get size(): number {
    return this.#size
  }

  /** The soonest time; infinite when there is none. */
  get firstTime(): number {
    return this.#firstTimes[0]!
  }

  push(time: number, sequence: number, queue: number): void {
    let index = this.#chunkOf(time, sequence)
    let chunk = this.#chunks[index]!
    if (chunk.size === entriesPerChunk) {
      // What comes in order leaves full chunks behind.
      const isLast = index === this.#chunks.length - 1 && chunk.placeOf(time, sequence) === chunk.size
      const next = isLast ? new Chunk(entriesAtFirst) : chunk.split()
      this.#chunks.splice(index + 1, 0, next)
      this.#firstTimes.splice(index + 1, 0, isLast ? time : next.timeAt(0))
      if (isLast || next.placeOf(time, sequence) > 0) {
        index++
        chunk = next
      }
    }
    chunk.insert(time, sequence, queue)
    this.#firstTimes[index] = chunk.timeAt(0)
    this.#size++
  }

  /** Takes out the first. There must be one. */
  shift(): TimedJob {
    const first = this.#chunks[0]!.at(0)
    this.#remove(0, 0)
    return first
  }

  /** Takes a job out.
   * @returns whether it was there, and what was known of it */
  remove(time: number, sequence: number): TimedJob | undefined {
    const index = this.#chunkOf(time, sequence)
    const chunk = this.#chunks[index]!
    const place = chunk.placeOf(time, sequence)
    if (place === chunk.size) return undefined
    const job = chunk.at(place)
    if (job.time !== time || job.sequence !== sequence) return undefined
    this.#remove(index, place)
    return job
  }

  /** The sequence numbers behind the first `offset`, in order. None may come or go meanwhile. */
  *from(offset: number): Generator<number, void> {
    let left = offset
    for (const chunk of this.#chunks) {
      if (left >= chunk.size) left -= chunk.size
      else for (let place = 0; place < chunk.size; place++) if (--left < 0) yield chunk.sequenceAt(place)
    }
  }

  /** The same, of one queue. */
  *ofQueue(queue: number, offset: number): Generator<number, void> {
    let left = offset
    for (const chunk of this.#chunks) {
      const count = chunk.countOf(queue)
      if (left >= count) left -= count
      else for (let place = 0; place < chunk.size; place++) if (chunk.queueAt(place) === queue && --left < 0) yield chunk.sequenceAt(place)
    }
  }

  /** The last chunk that begins before a job, or with it; the first when none does. */
  #chunkOf(time: number, sequence: number): number {
    let low = 0
    let high = this.#chunks.length - 1
    while (low < high) {
      const middle = (low + high + 1) >> 1
      const first = this.#firstTimes[middle]!
      if (first > time || (first === time && this.#chunks[middle]!.sequenceAt(0) > sequence)) high = middle - 1
      else low = middle
    }
    return low
  }

  #remove(index: number, place: number): void {
    this.#size--
    const chunk = this.#chunks[index]!
    chunk.remove(place)
    const next = this.#chunks[index + 1]
    if (chunk.size === 0 && this.#chunks.length > 1) this.#drop(index)
    else {
      this.#firstTimes[index] = chunk.timeAt(0)
      if (next === undefined || chunk.size + next.size > entriesPerChunk / 2) return
      chunk.append(next)
      this.#drop(index + 1)
    }
  }

  #drop(index: number): void {
    this.#chunks.splice(index, 1)
    this.#firstTimes.splice(index, 1)
  }
}

/** Numbers a job: its time, its sequence number and that of its queue. */
const stride = 3

/** Some of them, in order. */
class Chunk {
  #entries: Float64Array
  size = 0

  /** @param room for so many, before it grows */
  constructor(room: number) {
    this.#entries = new Float64Array(room * stride)
  }

  at(place: number): TimedJob {
    return { time: this.timeAt(place), sequence: this.sequenceAt(place), queue: this.queueAt(place) }
  }

  /** A time; infinite when there is none. */
  timeAt(place: number): number {
    return place < this.size ? this.#entries[place * stride]! : Number.POSITIVE_INFINITY
  }

  sequenceAt(place: number): number {
    return this.#entries[place * stride + 1]!
  }

  queueAt(place: number): number {
    return this.#entries[place * stride + 2]!
  }

  /** How many are of a queue. */
  countOf(queue: number): number {
    const entries = this.#entries
    const end = this.size * stride
    let count = 0
    for (let at = 2; at < end; at += stride) if (entries[at] === queue) count++
    return count
  }

  /** How many come before a job. */
  placeOf(time: number, sequence: number): number {
    let low = 0
    let high = this.size
    while (low < high) {
      const middle = (low + high) >> 1
      const other = this.#entries[middle * stride]!
      if (other < time || (other === time && this.sequenceAt(middle) < sequence)) low = middle + 1
      else high = middle
    }
    return low
  }

  insert(time: number, sequence: number, queue: number): void {
    this.#makeRoom(this.size + 1)
    const place = this.placeOf(time, sequence)
    const at = place * stride
    if (place < this.size) this.#entries.copyWithin(at + stride, at, this.size * stride)
    this.#entries[at] = time
    this.#entries[at + 1] = sequence
    this.#entries[at + 2] = queue
    this.size++
  }

  remove(place: number): void {
    this.#entries.copyWithin(place * stride, (place + 1) * stride, this.size * stride)
    this.size--
  }

  append(other: Chunk): void {
    this.#makeRoom(this.size + other.size)
    this.#entries.set(other.#entries.subarray(0, other.size * stride), this.size * stride)
    this.size += other.size
  }

  /** Gives half of them to a new chunk, which comes behind it. */
  split(): Chunk {
    const half = this.size >> 1
    const other = new Chunk(entriesPerChunk)
    other.#entries.set(this.#entries.subarray(half * stride, this.size * stride))
    other.size = this.size - half
    this.size = half
    return other
  }

  #makeRoom(entries: number): void {
    const room = this.#entries.length / stride
    if (entries <= room) return
    const before = this.#entries
    this.#entries = new Float64Array(Math.min(entriesPerChunk, Math.max(entries, 2 * room)) * stride)
    this.#entries.set(before)
  }
}
