import { EventEmitter } from 'node:events'
import { ConnectionClosedError, type KeysMap, QueueKeys } from 'bullmq'
import { OpenStore } from './open_store.ts'
import type { ResolvedOptions } from './options.ts'
import type { QueueState } from './state/queue_state.ts'
import type { Store } from './state/store.ts'

// Kept here, so that an application's tests may replace the global timers.
const { setImmediate: runSoon } = globalThis

let answers: (() => void)[] = []

/** Lets everything else that is due go first, as an answer over a network would. */
export function turn(): Promise<void> {
  return afterTurn(undefined)
}

/** All answers of a turn are given at once. */
function afterTurn<T>(value: T): Promise<T> {
  return new Promise((resolve) => {
    if (answers.length === 0) runSoon(giveAnswers)
    answers.push(() => resolve(value))
  })
}

function giveAnswers(): void {
  const given = answers
  answers = []
  for (const answer of given) answer()
}

/** What a backend is made of. */
export interface ConnectionOptions {
  readonly name: string
  readonly prefix: string
  /** Needed without `shared`. */
  readonly storage?: ResolvedOptions | undefined
  /** The name of a worker, or '' for one without; undefined for what is no worker. */
  readonly workerName?: string | undefined
  /** Whose store is used and not given back: that of the other backends of a flow producer, or for another process. */
  readonly shared?: { readonly opened: OpenStore } | undefined
}

/** The part of a backend that is about the connection: here, a share in a store of the same process. */
export class EmbeddedConnection extends EventEmitter {
  readonly name: string
  readonly prefix: string
  readonly qualifiedName: string
  readonly keys: KeysMap
  readonly minimumBlockTimeout = 0.001
  readonly maximumBlockTimeout = 10
  closing: Promise<void> | undefined
  readonly #options: ConnectionOptions
  readonly #opened: OpenStore | undefined
  readonly #failure: Error | undefined
  #queue: QueueState | undefined
  #ready: Promise<void> | undefined
  #client: { name: string } | undefined
  #isBlockingOff = false
  readonly #interrupts = new Set<(error: Error) => void>()
  #stopListening: () => void = () => {}

  constructor(options: ConnectionOptions) {
    super()
    this.#options = options
    this.name = options.name
    this.prefix = options.prefix
    this.qualifiedName = `${options.prefix}:${options.name}`
    this.keys = new QueueKeys(options.prefix).getKeys(options.name)
    try {
      this.#opened = options.shared === undefined ? OpenStore.acquire(options.storage!) : options.shared.opened
    } catch (error) {
      this.#failure = error instanceof Error ? error : new Error(String(error))
    }
    if (options.shared !== undefined || this.#opened === undefined) return
    this.#stopListening = this.#opened.onFailure((error) => this.#report(error))
    this.connect()
  }

  /** Why the store couldn't be opened. */
  get failure(): Error | undefined {
    return this.#failure
  }

  /** Tells the name of a worker to those who ask who is connected. */
  connect(): void {
    const { workerName } = this.#options
    if (workerName !== undefined) this.#connectAs(this.clientName(workerName === '' ? '' : `:w:${workerName}`))
  }

  /** Ends what waits, and forgets the name. */
  leave(): void {
    this.#isBlockingOff = true
    this.#interrupt()
    if (this.#client !== undefined) this.#opened?.clients.delete(this.#client)
  }

  /** The store and the directory behind it.
   * @throws what opening it threw */
  get opened(): OpenStore {
    if (this.#opened === undefined) throw this.#failure ?? new ConnectionClosedError()
    this.#opened.mustBeHeld()
    return this.#opened
  }

  get store(): Store {
    return this.opened.store.begin()
  }

  /** The state of the queue, with the clock set for one operation. */
  get queue(): QueueState {
    const { store } = this
    return (this.#queue ??= store.queue(this.qualifiedName))
  }

  /** A worker asks before each job that it finishes. */
  waitUntilReady(): Promise<void> {
    return this.#ready ?? this.#becomeReady()
  }

  close(): Promise<void> {
    if (this.#options.shared !== undefined) return Promise.resolve()
    this.closing ??= this.#close()
    return this.closing
  }

  async disconnect(): Promise<void> {
    this.#interrupt()
  }

  async setName(name: string): Promise<void> {
    this.#connectAs(name)
  }

  async disconnectBlocking(): Promise<void> {
    this.#isBlockingOff = true
    this.#interrupt()
  }

  async reconnectBlocking(): Promise<void> {
    this.#isBlockingOff = this.closing !== undefined
  }

  toKey(type: string): string {
    return `${this.qualifiedName}:${type}`
  }

  parseNodeKey(key: string): { prefix: string; queueName: string; id: string } {
    for (let colon = key.indexOf(':'); colon >= 0; colon = key.indexOf(':', colon + 1)) {
      const qualifiedName = key.slice(0, colon)
      if (!this.store.queues.has(qualifiedName)) continue
      const split = qualifiedName.lastIndexOf(':')
      return { prefix: qualifiedName.slice(0, split), queueName: qualifiedName.slice(split + 1), id: key.slice(colon + 1) }
    }
    const [id = '', queueName = '', ...prefix] = key.split(':').reverse()
    return { prefix: prefix.reverse().join(':'), queueName, id }
  }

  clientName(suffix = ''): string {
    return `${this.prefix}:${Buffer.from(this.name).toString('base64')}${suffix}`
  }

  /** Waits for a mark of the queue: there may be a job, or the next one is due at its score. */
  async waitForJob(blockTimeout: number): Promise<{ member: string; score: number } | null> {
    if (this.#isBlockingOff) throw new ConnectionClosedError()
    return (await this.queue.marker.wait(blockTimeout, (interrupt) => this.#whileWaiting(interrupt))) ?? null
  }

  /** Resolves with `value` after everything else that is due: queues that answer at once would keep timers and sockets from being served. */
  reply<T>(value: T): Promise<T> {
    return afterTurn(value)
  }

  async readEvents(id: string, blockTimeout: number): Promise<[string, [string, string[]][]][] | null> {
    const { queue } = this
    const entries = await queue.events.read(id, blockTimeout, (interrupt) => this.#whileWaiting(interrupt))
    return entries === undefined ? null : [[this.keys['events'] ?? '', entries]]
  }

  async getClientList(): Promise<string[]> {
    return [[...this.opened.clients].map(({ name }, index) => `id=${index + 1} addr=embedded age=0 name=${name}`).join('\n')]
  }

  async #becomeReady(): Promise<void> {
    await turn()
    if (this.#failure === undefined) {
      this.#ready = Promise.resolve()
      return
    }
    this.#report(this.#failure)
    throw this.#failure
  }

  #connectAs(name: string): void {
    const { clients } = this.opened
    if (this.#client !== undefined) clients.delete(this.#client)
    this.#client = { name }
    clients.add(this.#client)
  }

  #whileWaiting(interrupt: (error: Error) => void): () => void {
    this.#interrupts.add(interrupt)
    return () => this.#interrupts.delete(interrupt)
  }

  #interrupt(): void {
    for (const interrupt of [...this.#interrupts]) interrupt(new ConnectionClosedError())
  }

  async #close(): Promise<void> {
    this.leave()
    this.#stopListening()
    await this.#opened?.release()
    this.emit('close')
  }

  /** An event nobody listens to would end the process. */
  #report(error: Error): void {
    if (this.listenerCount('error') > 0) this.emit('error', error)
  }
}
