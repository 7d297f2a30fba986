import type { RecordBlock } from './record_block.ts'

/** Where the records of some jobs are: in which block, and where in it. A few bytes a job. */
export class RecordPlaces {
  readonly #starts: Uint32Array
  readonly #blocks: Uint8Array
  /** The blocks that hold any of them, and how many: what holds none any more is let go. */
  readonly #held: ({ readonly block: RecordBlock; places: number } | undefined)[] = []

  /** @param count how many places there are, 256 at most */
  constructor(count: number) {
    this.#starts = new Uint32Array(count)
    this.#blocks = new Uint8Array(count)
  }

  /** Where the record of a place begins; 0 where there is none. */
  startOf(place: number): number {
    return this.#starts[place]!
  }

  /** The block in which it does. */
  blockOf(place: number): RecordBlock {
    return this.#held[this.#blocks[place]!]!.block
  }

  set(place: number, block: RecordBlock, start: number): void {
    this.delete(place)
    this.#starts[place] = start
    const index = this.#indexOf(block)
    this.#blocks[place] = index
    this.#held[index]!.places++
  }

  delete(place: number): void {
    if (this.#starts[place] === 0) return
    this.#starts[place] = 0
    const index = this.#blocks[place]!
    if (--this.#held[index]!.places === 0) this.#held[index] = undefined
  }

  #indexOf(block: RecordBlock): number {
    let free = -1
    for (let index = this.#held.length - 1; index >= 0; index--) {
      const held = this.#held[index]
      if (held?.block === block) return index
      if (held === undefined) free = index
    }
    if (free < 0) free = this.#held.length
    this.#held[free] = { block, places: 0 }
    return free
  }
}
