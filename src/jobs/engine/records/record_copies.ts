import { RecordBlock } from './record_block.ts'
import { lengthBytes, recordBytes } from './record_frames.ts'

const blockBytes = 64 * 1024

/** Copies of records, packed into blocks that stay in memory. */
export class RecordCopies {
  #block = blockOf(0)
  #end = 0

  /** The block that holds the last one. */
  get block(): RecordBlock {
    return this.#block
  }

  /** Copies a record, and its length before it.
   * @returns where it begins in the block */
  add(bytes: Buffer, start: number): number {
    const from = start - lengthBytes
    const length = lengthBytes + recordBytes(bytes, start)
    if (this.#end + length > this.#block.bytes.length) {
      this.#block = blockOf(Math.max(length, blockBytes))
      this.#end = 0
    }
    const at = this.#end + lengthBytes
    bytes.copy(this.#block.bytes, this.#end, from, from + length)
    this.#end += length
    return at
  }
}

function blockOf(bytes: number): RecordBlock {
  const block = new RecordBlock(Buffer.allocUnsafeSlow(bytes))
  block.staysInMemory = true
  return block
}
