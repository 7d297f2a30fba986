import { EventEmitter } from 'node:events'
import { resolve } from 'node:path'
import { ConnectionClosedError, type KeysMap, QueueKeys } from 'bullmq'
import { QueueOwned, QueueOwnerLost } from '../../../../src/jobs/errors.ts'
import { reachOwner } from '../../../../src/jobs/remote/socket.ts'
import type { EmbeddedQueueBackend } from '../backend.ts'
import { keepLocks } from '../operations/locks.ts'
import type { ResolvedOptions } from '../options.ts'
import { EventsRead } from './events_read.ts'
import { finishing, HeldLocks } from './held_locks.ts'
import type { Introduction, QueueMessage, SentCall, SentMethod, SentOptions } from './messages.ts'
import { OwnerGone, RemoteQueue } from './remote_queue.ts'

/** What a backend of joined queues is made of. */
export interface JoinedOptions {
  readonly name: string
  readonly prefix: string
  readonly storage: ResolvedOptions
  /** The name of a worker, or '' for one without; undefined for what is no worker. */
  readonly workerName: string | undefined
  readonly options: SentOptions
  /** Opens the queue in this process.
   * @throws QueueOwned when another one has it */
  readonly open: () => EmbeddedQueueBackend
}

/** What calls go to: the process that owns the queues, or these themselves when this process took them over. */
interface Target {
  call(call: SentCall, args: readonly unknown[]): Promise<unknown>
  close(): Promise<void>
}

const retryMilliseconds = 20
/** How long an owner may take to open its socket. */
const patienceMilliseconds = 10_000
const { setTimeout: runLater } = globalThis
/** What would add something twice if it was asked for twice. */
const additions: ReadonlySet<SentMethod> = new Set<SentMethod>(['addJob', 'addJobs', 'addLog', 'publishEvent'])

/** The connection of a queue, worker or listener to queues that several processes of a machine have in common. */
export class JoinedConnection extends EventEmitter {
  readonly name: string
  readonly prefix: string
  readonly qualifiedName: string
  readonly keys: KeysMap
  readonly minimumBlockTimeout = 0.001
  readonly maximumBlockTimeout = 10
  closing: Promise<void> | undefined
  readonly #options: JoinedOptions
  /** The connection that this one uses; it is closed with that. */
  readonly #shared: JoinedConnection | undefined
  readonly #locks = new HeldLocks()
  readonly #events = new EventsRead()
  #current: Promise<Target> | undefined
  #isBlockingOff = false

  constructor(options: JoinedOptions, shared?: JoinedConnection) {
    super()
    this.#options = options
    this.#shared = shared
    this.name = options.name
    this.prefix = options.prefix
    this.qualifiedName = `${options.prefix}:${options.name}`
    this.keys = new QueueKeys(options.prefix).getKeys(options.name)
    if (shared === undefined) this.#use(this.#open())
  }

  /** Another queue over the same connection. */
  toQueue(name: string, prefix: string): JoinedConnection {
    return new JoinedConnection({ ...this.#options, name, prefix }, this.#shared ?? this)
  }

  async waitUntilReady(): Promise<void> {
    await (this.#shared ?? this).#target()
  }

  close(): Promise<void> {
    if (this.#shared !== undefined) return Promise.resolve()
    return (this.closing ??= this.#close())
  }

  toKey(type: string): string {
    return `${this.qualifiedName}:${type}`
  }

  /** Names of queues have no colons; of ids, only those of scheduled jobs do. */
  parseNodeKey(key: string): { prefix: string; queueName: string; id: string } {
    const [, prefix = '', queueName = '', id = ''] = /^(?:(.*):)?([^:]*):(repeat:.*|[^:]*)$/.exec(key) ?? []
    return { prefix, queueName, id }
  }

  clientName(suffix = ''): string {
    return `${this.prefix}:${Buffer.from(this.name).toString('base64')}${suffix}`
  }

  /** Calls a method where the queues are.
   * @throws QueueOwnerLost (REGAUGE_QUEUE_OWNER_LOST) when the owner died before it said whether a job is stored; one with an id of its own is added again
   */
  async send(method: SentMethod, args: readonly unknown[]): Promise<unknown> {
    if (method === 'disconnectBlocking') this.#isBlockingOff = true
    if (method === 'reconnectBlocking') this.#isBlockingOff = this.closing !== undefined
    if (this.#shared === undefined) return this.#ask(method, args)
    return this.#shared.#ask(method, args, { name: this.name, prefix: this.prefix })
  }

  async #ask(method: SentMethod, given: readonly unknown[], queue?: SentCall['queue']): Promise<unknown> {
    const { qualifiedName } = queue === undefined ? this : { qualifiedName: `${queue.prefix}:${queue.name}` }
    for (let tries = 1; ; tries++) {
      if (this.#isBlockingOff && method === 'waitForJob') throw new ConnectionClosedError()
      const target = await this.#target()
      const asked = this.#current
      const args = this.#events.argsFor(target, qualifiedName, method, given)
      const call = { ...callOf(method, args), ...(queue !== undefined && { queue }) }
      try {
        const result = await target.call(call, args)
        this.#locks.note(method, args, result)
        this.#events.note(target, qualifiedName, method, result)
        return result
      } catch (error) {
        if (this.closing !== undefined && error instanceof OwnerGone) throw new ConnectionClosedError()
        if (error instanceof OwnerGone && asked === this.#current) this.#current = undefined
        const isInterrupted = error instanceof ConnectionClosedError && asked !== this.#current && !this.#isBlockingOff
        if (!(error instanceof OwnerGone) && !isInterrupted) {
          this.#locks.refused(method, args)
          // The owner before did it, and died before it could say so.
          if (tries > 1 && finishing.has(method) && typeof Reflect.get(Object(error), 'code') === 'number') return doneBefore(method)
          throw error
        }
        if (additions.has(method) && !hasIdOfItsOwn(call)) {
          throw new QueueOwnerLost({ directory: this.#options.storage.directory }, { cause: error })
        }
      }
    }
  }

  /** What calls go to; what couldn't be opened is tried again by the next one that asks. */
  async #target(): Promise<Target> {
    if (this.closing !== undefined && this.#current === undefined) throw new ConnectionClosedError()
    const current = (this.#current ??= this.#open())
    try {
      return await current
    } catch (error) {
      if (this.#current === current) this.#current = undefined
      this.#report(error)
      throw error
    }
  }

  async #open(): Promise<Target> {
    const { storage } = this.#options
    const directory = resolve(storage.directory)
    const end = Date.now() + patienceMilliseconds
    for (;;) {
      let owned: unknown
      try {
        return ownQueue(this.#options, this.#locks, (error) => this.#report(error))
      } catch (error) {
        owned = error
      }
      const connection = owned instanceof QueueOwned ? await reachOwner<QueueMessage>(directory) : undefined
      if (connection !== undefined) {
        let isKnown = false
        const remote = new RemoteQueue(connection, this.#introduction(), () => {
          if (isKnown) this.#use(this.#open())
        })
        isKnown = await remote.isReady
        if (isKnown) return remote
      }
      if (!(owned instanceof QueueOwned) || Date.now() > end || this.closing !== undefined) throw owned
      await new Promise((resolve) => runLater(resolve, retryMilliseconds))
    }
  }

  #use(opening: Promise<Target>): void {
    if (this.closing !== undefined) return
    this.#current = opening
    opening.catch(() => {})
  }

  #introduction(): Introduction {
    const { name, prefix, workerName, options } = this.#options
    return { name, prefix, workerName, options, locks: this.#locks.list() }
  }

  /** An event nobody listens to would end the process. */
  #report(error: unknown): void {
    if (this.listenerCount('error') > 0) this.emit('error', error)
  }

  async #close(): Promise<void> {
    this.#isBlockingOff = true
    const target = await this.#current?.catch(() => undefined)
    await target?.close()
    this.emit('close')
  }
}

function ownQueue({ open, options: { lockDuration } }: JoinedOptions, locks: HeldLocks, report: (error: Error) => void): Target {
  const backend = open()
  if (backend.failure !== undefined) throw backend.failure
  backend.on('error', report)
  keepLocks(backend.queue, locks.list(), lockDuration)
  return {
    call: ({ method, queue }, args) => {
      const target = queue === undefined ? backend : backend.forQueue(queue.name, queue.prefix)
      return (target[method] as (...args: readonly unknown[]) => Promise<unknown>).apply(target, [...args])
    },
    close: () => backend.close(),
  }
}

/** Of a job only what a backend reads is sent. */
function callOf(method: SentMethod, args: readonly unknown[]): SentCall {
  const [job, ...rest] = args
  const isAboutJob = method === 'moveToCompleted' || method === 'moveToFailed' || method === 'retryFinishedJob' || method === 'updateData'
  const { id, opts } = Object(job) as { id?: string; opts?: unknown }
  return { method, args: { ...(isAboutJob ? [{ id, opts }, ...rest] : args) }, count: args.length }
}

function hasIdOfItsOwn({ method, args }: SentCall): boolean {
  if (method === 'addJob') return Boolean(args[1])
  return method === 'addJobs' && Array.isArray(args[0]) && args[0].every(({ jobId }: { jobId?: string }) => Boolean(jobId))
}

function doneBefore(method: SentMethod): unknown {
  if (method === 'moveToCompleted' || method === 'moveToFailed') return { result: [], finishedOn: Date.now() }
  if (method === 'moveToDelayed') return []
  return method === 'moveToWaitingChildren' ? true : undefined
}
