import { extname } from 'node:path'
import { Worker } from 'node:worker_threads'
import type { Written, WrittenFrames } from './batch_writer.ts'

/** What the thread is to write. */
export interface WriteOrder {
  readonly id: number
  readonly file: number
  readonly salt: number
  readonly position: number
  readonly pieces: readonly { readonly memory: SharedArrayBuffer; readonly from: number; readonly to: number }[]
}

/** What it says: that it can begin, or what became of an order. */
export type WriteReport = 'ready' | { readonly id: number; readonly error: string | undefined }

interface Order {
  readonly frames: WrittenFrames
  readonly done: Written
}

/** Milliseconds after which it isn't worth its memory any more. */
const idleMilliseconds = 30_000
/** It needs next to none. */
const resourceLimits = { maxYoungGenerationSizeMb: 2, maxOldGenerationSizeMb: 32 }
// Kept here, so that an application's tests may replace the global timers.
const { setTimeout: runLater, clearTimeout: cancel } = globalThis

/** A thread that writes checksums and frames. It is of use once it is there, and as long as it is: where it can't be started, or dies, all is written
 * without it. */
export class WriterThread {
  readonly #worker: Worker | undefined
  readonly #writeWithout: (frames: WrittenFrames, done: Written) => void
  readonly #orders = new Map<number, Order>()
  #lastId = 0
  #state: 'starting' | 'ready' | 'over' = 'starting'
  #isClosing = false
  readonly #idleTimer: NodeJS.Timeout

  /** @param writeWithout writes what the thread was given and hasn't written
   *  @param onIdle called when it had nothing to do for half a minute */
  constructor(writeWithout: (frames: WrittenFrames, done: Written) => void, onIdle: () => void) {
    this.#writeWithout = writeWithout
    this.#idleTimer = runLater(onIdle, idleMilliseconds).unref()
    try {
      const worker = new Worker(new URL(`./writer_thread_main${extname(import.meta.url)}`, import.meta.url), {
        name: 'regauge-journal',
        resourceLimits,
      })
      worker.unref()
      worker.on('message', this.#receive)
      worker.on('error', () => {}) // its exit says all
      worker.on('exit', this.#end)
      this.#worker = worker
    } catch {
      this.#state = 'over' // threads aren't allowed, or there is no memory for one
    }
  }

  /** Has frames written.
   * @returns false when it can't: nothing was done then */
  write(frames: WrittenFrames, done: Written): boolean {
    if (this.#state !== 'ready' || this.#isClosing || !frames.pieces.every(isShared)) return false
    const id = ++this.#lastId
    const { file, salt, position } = frames
    this.#idleTimer.refresh()
    // The process stays as long as something is being written.
    if (this.#orders.size === 0) this.#worker!.ref()
    this.#orders.set(id, { frames, done })
    const pieces = frames.pieces.map(({ buffer, byteOffset, length }) => ({
      memory: buffer as SharedArrayBuffer,
      from: byteOffset,
      to: byteOffset + length,
    }))
    this.#worker!.postMessage({ id, file, salt, position, pieces } satisfies WriteOrder)
    return true
  }

  /** Ends the thread, once nothing is left to be written. */
  close(): void {
    this.#isClosing = true
    cancel(this.#idleTimer)
    if (this.#orders.size === 0) void this.#worker?.terminate()
  }

  readonly #receive = (report: WriteReport): void => {
    if (report === 'ready') {
      if (this.#state === 'starting') this.#state = 'ready'
      return
    }
    const order = this.#orders.get(report.id)
    this.#orders.delete(report.id)
    if (this.#orders.size === 0) this.#worker!.unref()
    order?.done(report.error === undefined ? null : new Error(report.error))
    if (this.#isClosing) this.close()
  }

  /** What it may or may not have written is written again, to the same place. */
  readonly #end = (): void => {
    this.#state = 'over'
    const orders = [...this.#orders.values()]
    this.#orders.clear()
    for (const { frames, done } of orders) this.#writeWithout(frames, done)
  }
}

function isShared({ buffer }: Buffer): boolean {
  return buffer instanceof SharedArrayBuffer
}
