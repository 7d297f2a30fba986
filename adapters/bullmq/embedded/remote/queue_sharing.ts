import type { Shared } from '../../../../src/jobs/remote/socket.ts'
import type { MessageWire } from '../../../../src/jobs/remote/wire.ts'
import { EmbeddedQueueBackend } from '../backend.ts'
import { keepLocks } from '../operations/locks.ts'
import { type OpenStore, shareStores } from '../open_store.ts'
import { takenJob } from './held_locks.ts'
import {
  farewellId,
  type Introduction,
  introductionId,
  type QueueMessage,
  receivedArgs,
  type SentCall,
  sentBullmqError,
  sentResult,
} from './messages.ts'

// Kept here, so that an application's tests may replace the global timers.
const { setTimeout: runLater } = globalThis

/** From here on other processes may use the queues that this one opens. */
export function shareOpenedQueues(): void {
  shareStores((opened, wire: MessageWire<QueueMessage>) => new QueueSharing(opened, wire))
}

/** What the owner of a directory does for one queue, worker or listener of another process. Its locks stay when it is gone: they run out, as
 * those of any worker that died. */
class QueueSharing implements Shared {
  readonly #opened: OpenStore
  readonly #wire: MessageWire<QueueMessage>
  readonly #answering = new Set<Promise<void>>()
  #backend: EmbeddedQueueBackend | undefined
  #lastEvent = '$'
  #isOver = false
  #hasLeft: () => void = () => {}

  constructor(opened: OpenStore, wire: MessageWire<QueueMessage>) {
    this.#opened = opened
    this.#wire = wire
    wire.receive((message) => this.#receive(message))
  }

  async leave(timeout: number): Promise<void> {
    const left = new Promise<void>((resolve) => (this.#hasLeft = resolve)).then(() => {
      this.#backend?.leave()
      return Promise.all(this.#answering)
    })
    this.#send({ kind: 'leaving' })
    await Promise.race([left, new Promise((resolve) => runLater(resolve, timeout).unref())])
  }

  async end(): Promise<void> {
    this.#isOver = true
    this.#hasLeft()
    this.#backend?.leave()
  }

  #receive(message: QueueMessage): void {
    if (message.kind === 'introduction') {
      this.#introduce(message.introduction)
    } else if (message.kind === 'farewell') {
      void this.#takeLeave()
    } else if (message.kind === 'left') {
      this.#hasLeft()
    } else if (message.kind === 'call') {
      const answering = this.#answer(message.id, message.call)
      this.#answering.add(answering)
      void answering.then(() => this.#answering.delete(answering))
    }
  }

  /** What was asked before is answered before. */
  async #takeLeave(): Promise<void> {
    this.#backend?.leave()
    await Promise.all(this.#answering)
    this.#send({ kind: 'answer', id: farewellId })
  }

  get opened(): OpenStore {
    return this.#opened
  }

  #introduce({ name, prefix, workerName, options, locks }: Introduction): void {
    const backend = new EmbeddedQueueBackend({ name, prefix, workerName, shared: this }, { ...options, connection: {} })
    backend.connect()
    keepLocks(backend.queue, locks, options.lockDuration)
    this.#backend = backend
    this.#lastEvent = backend.queue.events.lastId
    this.#send({ kind: 'answer', id: introductionId })
  }

  async #answer(id: number, call: SentCall): Promise<void> {
    const { method } = call
    try {
      const backend = call.queue === undefined ? this.#backend : this.#backend?.forQueue(call.queue.name, call.queue.prefix)
      const work = backend?.[method] as ((...args: unknown[]) => Promise<unknown>) | undefined
      if (work === undefined) throw new Error(`a queue has no method ${String(method)}`)
      const result = sentResult(method, await work.apply(backend, this.#argsOf(call)))
      // That a job runs elsewhere is on disk before it does: the next owner must not give it to another worker when this one is killed.
      if (takenJob(method, result) !== undefined) await this.#opened.store.stored()?.catch(() => {})
      this.#send({ kind: 'answer', id, ...(result !== undefined && { result }) })
    } catch (error) {
      this.#send({ kind: 'answer', id, error: sentBullmqError(error) })
    }
  }

  /** Of what happens, a listener hears all since it was connected, though it asks a moment later. */
  #argsOf(call: SentCall): unknown[] {
    const args = receivedArgs(call)
    return call.method === 'readEvents' && args[0] === '$' ? [this.#lastEvent, ...args.slice(1)] : args
  }

  #send(message: QueueMessage): void {
    if (!this.#isOver) this.#wire.send(message)
  }
}
