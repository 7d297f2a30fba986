import { RecordBlock } from './record_block.ts'
import { Slab } from './slab.ts'

/** Records are written into pieces of memory of this size. */
const slabBytes = 64 * 1024
/** So many bytes of the newest that are full and stored stay in memory: with those that are written into again, no more than a processor keeps close. */
const mostFull = 256 * 1024
/** So many are kept to be written into again. */
const mostFree = 16

/** The memory that records are written into. What the journal has stored, and nobody looks at, is let go: records that pile up are in the journal only,
 * and the memory they were written in takes the next ones. Memory that is used for the first time is much slower. */
export class RecordMemory {
  #slab = new Slab(slabBytes)
  /** Those that are full, oldest first. */
  #full: Slab[] = []
  #fullBytes = 0
  readonly #free: Slab[] = []
  readonly #isJournaled: boolean
  /** The one that was asked for last. */
  #known = this.#slab
  readonly #slabs = new WeakMap<Buffer, Slab>([[this.#slab.bytes, this.#slab]])

  constructor(isJournaled: boolean) {
    this.#isJournaled = isJournaled
  }

  /** Where records are written now. */
  get slab(): Slab {
    return this.#slab
  }

  /** Goes on in another slab, where there is room for so many bytes. */
  replace(bytes: number): Slab {
    if (this.#isJournaled) {
      this.#full.push(this.#slab)
      this.#fullBytes += this.#slab.bytes.length
    }
    const slab = bytes > slabBytes ? new Slab(bytes) : (this.#free.pop() ?? new Slab(slabBytes))
    this.#slabs.set(slab.bytes, slab)
    return (this.#slab = slab)
  }

  /** Goes on where writing was before. */
  comeBackTo(slab: Slab): void {
    const index = this.#full.indexOf(slab)
    if (index >= 0) for (const { bytes } of this.#full.splice(index)) this.#fullBytes -= bytes.length
    this.#slab = slab
  }

  /** The block that some memory is used for. */
  blockOf(bytes: Buffer): RecordBlock {
    if (bytes !== this.#known.bytes) this.#known = this.#slabs.get(bytes)!
    return this.#known.block
  }

  /** Lets go of what is stored, but for the newest. */
  release(): void {
    while (this.#fullBytes > mostFull && this.#full[0]!.block.unsettled === 0) {
      const slab = this.#full.shift()!
      this.#fullBytes -= slab.bytes.length
      const isFree = slab.block.letGo()
      if (!isFree || slab.bytes.length !== slabBytes || this.#free.length === mostFree) continue
      slab.block = new RecordBlock(slab.bytes)
      this.#free.push(slab)
    }
  }
}
