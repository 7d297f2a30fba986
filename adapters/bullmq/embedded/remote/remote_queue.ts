import type { OwnerConnection } from '../../../../src/jobs/remote/socket.ts'
import {
  farewellId,
  type Introduction,
  introductionId,
  type QueueMessage,
  receivedBullmqError,
  receivedResult,
  type SentCall,
  type SentMethod,
} from './messages.ts'

/** The owner went away before it answered. */
export class OwnerGone extends Error {}

interface Waiting {
  readonly method?: SentMethod
  readonly resolve: (result: unknown) => void
  readonly reject: (error: Error) => void
}

/** A queue, worker or listener at the process that owns its directory. */
export class RemoteQueue {
  readonly #connection: OwnerConnection<QueueMessage>
  readonly #waiting = new Map<number, Waiting>()
  readonly #onLost: () => void
  /** Whether the owner knows it, some time. */
  readonly isReady: Promise<boolean>
  #calls = 0
  #isClosed = false

  /** @param onLost called once, when the owner is gone or about to go */
  constructor(connection: OwnerConnection<QueueMessage>, introduction: Introduction, onLost: () => void) {
    let isLost = false
    this.#connection = connection
    this.#onLost = () => {
      if (!isLost && !this.#isClosed) onLost()
      isLost = true
    }
    connection.wire.receive((message) => this.#receive(message))
    connection.onClose(() => {
      this.#onLost()
      this.#end()
    })
    this.isReady = new Promise((resolve) => {
      this.#waiting.set(introductionId, { resolve: () => resolve(true), reject: () => resolve(false) })
    })
    connection.wire.send({ kind: 'introduction', introduction })
  }

  /** @throws OwnerGone, and what the owner threw */
  call(call: SentCall): Promise<unknown> {
    if (this.#isClosed) return Promise.reject(new OwnerGone())
    const id = ++this.#calls
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { method: call.method, resolve, reject })
      this.#connection.wire.send({ kind: 'call', id, call })
    })
  }

  /** Calls that wait for something end now, all others with the answer of the owner. */
  async close(): Promise<void> {
    if (this.#isClosed) return
    this.#isClosed = true
    await new Promise<unknown>((resolve) => {
      this.#waiting.set(farewellId, { resolve, reject: resolve })
      this.#connection.wire.send({ kind: 'farewell' })
    })
    this.#end()
    this.#connection.close()
  }

  #end(): void {
    this.#isClosed = true
    for (const { reject } of this.#waiting.values()) reject(new OwnerGone())
    this.#waiting.clear()
  }

  #receive(message: QueueMessage): void {
    if (message.kind === 'answer') {
      const waiting = this.#waiting.get(message.id)
      this.#waiting.delete(message.id)
      if (message.error === undefined) waiting?.resolve(waiting.method && receivedResult(waiting.method, message.result))
      else waiting?.reject(receivedBullmqError(message.error))
    } else if (message.kind === 'leaving') {
      this.#connection.wire.send({ kind: 'left' })
      this.#onLost()
    }
  }
}
