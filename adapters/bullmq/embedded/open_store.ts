import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { QueueClosed } from '../../../src/jobs/errors.ts'
import { listenForOthers, type Shared } from '../../../src/jobs/remote/socket.ts'
import type { MessageWire } from '../../../src/jobs/remote/wire.ts'
import { Journal, Ownership, prepareDirectory, reportDamages } from '../../../src/jobs/journal/index.ts'
import { StoreContents } from './journal/contents.ts'
import { queueJournal, recover } from './journal/recovery.ts'
import type { ResolvedOptions } from './options.ts'
import { Store } from './state/store.ts'

/** The size at which a file is followed by the next. */
const segmentBytes = 32 * 1024 * 1024
/** How long a new owner lets those who work on jobs of the one before tell it so, in milliseconds. */
const settleMilliseconds = 300
const open = new Map<string, OpenStore>()
// Kept here, so that an application's tests may replace the global timers.
const { setTimeout: runLater } = globalThis
let share: ((opened: OpenStore, wire: MessageWire<never>) => Shared) | undefined

/** From here on what is opened is shared with other processes.
 * @param accept called with the wire to each of them
 */
export function shareStores<M>(accept: (opened: OpenStore, wire: MessageWire<M>) => Shared): void {
  share = accept as unknown as typeof share
}

/** A store and the directory behind it, shared by all queues and workers of the process that name it. */
export class OpenStore {
  readonly store = new Store()
  /** The names under which workers and listeners are connected. */
  readonly clients = new Set<{ readonly name: string }>()
  readonly #failureListeners = new Set<(error: Error) => void>()
  readonly #key: string
  /** Resolves when those who had locks from an owner that died have told so. */
  settled: Promise<void> = Promise.resolve()
  #references = 0
  #loss: Error | undefined
  #close: () => void = () => {}
  #listen: () => (() => Promise<void>) | undefined = () => undefined
  #stopListening: (() => Promise<void>) | undefined

  private constructor(key: string) {
    this.#key = key
  }

  /** The store of a directory: the one in use, or one read from disk.
   *
   * @throws QueueOwned (REGAUGE_QUEUE_OWNED) when another process has the directory
   * @throws QueueUnreadable (REGAUGE_QUEUE_UNREADABLE), QueueDirectoryUnusable (REGAUGE_QUEUE_DIRECTORY)
   */
  static acquire(options: ResolvedOptions): OpenStore {
    const key = options.durability === 'memory' ? `memory ${options.directory}` : resolve(options.directory)
    let opened = open.get(key)
    if (opened === undefined) {
      opened = new OpenStore(key)
      if (options.durability !== 'memory') opened.#read(key, options, options.durability)
      open.set(key, opened)
    }
    opened.#references++
    return opened
  }

  /** @throws QueueClosed (REGAUGE_QUEUE_CLOSED) when the directory was taken by another process, which runs its jobs now */
  mustBeHeld(): void {
    if (this.#loss !== undefined) throw this.#loss
  }

  /** Gives the store back. The last to do so waits until all is on disk; then the directory is free for another process. */
  async release(): Promise<void> {
    this.#references--
    if (this.#references > 0) return
    try {
      await this.#stopListening?.()
      if (this.#loss === undefined) await this.store.stored()
    } finally {
      if (this.#references === 0) this.#close()
      else if (this.#loss === undefined) this.#stopListening = this.#listen()
    }
  }

  /** Calls `listener` when the disk refuses.
   * @returns a function that ends it */
  onFailure(listener: (error: Error) => void): () => void {
    this.#failureListeners.add(listener)
    return () => this.#failureListeners.delete(listener)
  }

  #read(directory: string, options: ResolvedOptions, durability: 'fsync' | 'interval'): void {
    prepareDirectory(directory)
    const isAfterCrash = existsSync(join(directory, 'owner.lock'))
    let journal: Journal | undefined
    const ownership = Ownership.acquire(directory, () => {
      open.delete(this.#key)
      journal?.abandon()
      this.#loss = new QueueClosed({})
      void this.#stopListening?.()
      this.#tell(this.#loss)
    })
    try {
      const { segments, damages } = recover(directory, this.store)
      reportDamages('queue', damages, directory, options.logger)
      journal = new Journal(new StoreContents(this.store), {
        directory,
        format: queueJournal,
        segmentBytes,
        durability,
        slackBytes: options.slackBytes,
        segments,
        isHeld: () => ownership.isHeld(),
        onFailure: (error) => error && this.#tell(error),
      })
      this.store.attach(journal)
    } catch (error) {
      ownership.release()
      throw error
    }
    if (isAfterCrash) this.settled = new Promise((resolve) => void runLater(resolve, settleMilliseconds))
    const accept = share
    this.#listen = () => accept && listenForOthers(directory, (wire: MessageWire<never>) => accept(this, wire))
    this.#stopListening = this.#listen()
    const attached = journal
    this.#close = () => {
      if (this.#loss === undefined) open.delete(this.#key)
      attached.close()
      ownership.release()
    }
  }

  #tell(failure: Error): void {
    for (const listener of this.#failureListeners) listener(failure)
  }
}
