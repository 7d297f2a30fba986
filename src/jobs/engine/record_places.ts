/** Where the records of some jobs are: in which memory, and where in it. A few bytes a job. */
export class RecordPlaces {
  readonly #starts: Uint32Array
  readonly #slabs: Uint8Array
  /** The memory that holds any of them, and how many: what holds none any more is let go. */
  readonly #held: ({ readonly bytes: Buffer; places: number } | undefined)[] = []

  /** @param count how many places there are, 256 at most */
  constructor(count: number) {
    this.#starts = new Uint32Array(count)
    this.#slabs = new Uint8Array(count)
  }

  /** Where the record of a place begins; 0 where there is none. */
  startOf(place: number): number {
    return this.#starts[place]!
  }

  /** The memory in which it does. */
  bytesOf(place: number): Buffer {
    return this.#held[this.#slabs[place]!]!.bytes
  }

  set(place: number, bytes: Buffer, start: number): void {
    this.delete(place)
    this.#starts[place] = start
    const slab = this.#slabOf(bytes)
    this.#slabs[place] = slab
    this.#held[slab]!.places++
  }

  delete(place: number): void {
    if (this.#starts[place] === 0) return
    this.#starts[place] = 0
    const slab = this.#slabs[place]!
    if (--this.#held[slab]!.places === 0) this.#held[slab] = undefined
  }

  #slabOf(bytes: Buffer): number {
    let free = -1
    for (let slab = this.#held.length - 1; slab >= 0; slab--) {
      const held = this.#held[slab]
      if (held?.bytes === bytes) return slab
      if (held === undefined) free = slab
    }
    if (free < 0) free = this.#held.length
    this.#held[free] = { bytes, places: 0 }
    return free
  }
}
