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

  /** @param isShared whether other threads are to read it */
  constructor(size: number, isShared: boolean) {
    this.size = size
    this.bytes = isShared ? Buffer.from(new SharedArrayBuffer(size)) : Buffer.allocUnsafeSlow(size)
    this.view = new DataView(this.bytes.buffer, this.bytes.byteOffset, size)
    this.block = new RecordBlock(this.bytes)
  }
}
