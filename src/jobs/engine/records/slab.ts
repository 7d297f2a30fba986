import { RecordBlock } from './record_block.ts'

/** A piece of memory that records are written into. */
export class Slab {
  readonly bytes: Buffer
  /** How many bytes it has. */
  readonly size: number
  /** The same memory, for numbers. */
  readonly view: DataView
  /** What is written into it now. */
  block: RecordBlock

  constructor(size: number) {
    this.size = size
    this.bytes = Buffer.allocUnsafeSlow(size)
    this.view = new DataView(this.bytes.buffer, this.bytes.byteOffset, size)
    this.block = new RecordBlock(this.bytes)
  }
}
