import fs from 'node:fs'
import { sealFrames } from './frames.ts'
import { writePieces } from './write_pieces.ts'
import { WriterThread } from './writer_thread.ts'

/** Frames that go to disk together. Their checksums are written by whoever writes them. */
export interface WrittenFrames {
  /** Descriptor of an open file. */
  readonly file: number
  /** Of the file, see `sealFrames`. */
  readonly salt: number
  /** Where in the file. */
  readonly position: number
  readonly pieces: readonly Buffer[]
  /** How many bytes all pieces have. */
  readonly bytes: number
  /** When they are on disk: once they are written, with an `fdatasync` more, or some time. */
  readonly storedBy: 'write' | 'fdatasync' | 'nobody'
}

/** Told that all is on disk, or why it isn't. */
export type Written = (error: Error | null) => void

/** For smaller batches the way to another thread takes longer than what is done there. */
const largeBytes = 64 * 1024
/** So many large batches… */
const manyBatches = 32
/** …within so many milliseconds are worth a thread. */
const manyWithin = 1000
// Kept here, so that an application's tests may replace the clock.
const { performance: clock } = globalThis

/** Puts frames on disk: libuv's threads write them. While large batches follow each other, a thread of its own does that, and the checksums: with hundreds of
 * jobs at a time those are a sixth of what adding a job takes. */
export class BatchWriter {
  #thread: WriterThread | undefined
  #largeBatches = 0
  #countedSince = 0

  /** Writes frames. Several may be under way; they end in any order. */
  write(frames: WrittenFrames, done: Written): void {
    const thread = frames.storedBy === 'write' && frames.bytes >= largeBytes ? this.#threadForMany() : undefined
    if (thread === undefined || !thread.write(frames, done)) writeHere(frames, done)
  }

  /** Lets go of the thread, once it has written what it was given. Another may come. */
  close(): void {
    this.#thread?.close()
    this.#thread = undefined
    this.#largeBatches = 0
  }

  #threadForMany(): WriterThread | undefined {
    if (this.#thread !== undefined) return this.#thread
    if (this.#largeBatches === 0 || clock.now() - this.#countedSince > manyWithin) {
      this.#largeBatches = 0
      this.#countedSince = clock.now()
    }
    if (++this.#largeBatches >= manyBatches) this.#thread = new WriterThread(writeHere, () => this.close())
    return this.#thread
  }
}

function writeHere({ file, salt, position, pieces, storedBy }: WrittenFrames, done: Written): void {
  for (const piece of pieces) sealFrames(piece, 0, piece.length, salt)
  writePieces(file, pieces, position, (error) => {
    if (error === null && storedBy === 'fdatasync') fs.fdatasync(file, done)
    else done(error)
  })
}
