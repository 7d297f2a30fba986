import { type BackendFactory, type IQueueBackend, setDefaultBackendFactory } from 'bullmq'
import { QueueOwned } from '../../../src/jobs/errors.ts'
import { EmbeddedQueueBackend } from './backend.ts'
import { type EmbeddedQueueOptions, optionsOf } from './options.ts'
import { joinedBackend } from './remote/joined_backend.ts'
import type { SentOptions } from './remote/messages.ts'
import { shareOpenedQueues } from './remote/queue_sharing.ts'

shareOpenedQueues()

/** Builds the backend of a queue, worker, listener or flow producer: on the directory that its `connection` names, or the default one. When another
 * process has the directory, through that.
 *
 * @example const { Queue, Worker } = withBackend(createEmbeddedBackend)
 * const queue = new Queue('mails', { connection: { directory: 'storage/mails' } })
 */
export const createEmbeddedBackend: BackendFactory<IQueueBackend, EmbeddedQueueOptions> = (
  name,
  opts,
  { withBlockingConnection = false } = {},
) => {
  const { name: workerName, prefix }: { name?: unknown; prefix?: unknown } = Object(opts)
  const connection = {
    name,
    prefix: typeof prefix === 'string' ? prefix : 'bull',
    storage: optionsOf(opts.connection),
    workerName: withBlockingConnection ? (typeof workerName === 'string' ? workerName : '') : undefined,
  }
  const open = () => new EmbeddedQueueBackend(connection, opts)
  const backend = open()
  return backend.failure instanceof QueueOwned ? joinedBackend({ ...connection, options: sentOptions(opts), open }) : backend
}

/** Makes the embedded backend the one that BullMQ's classes use when they are given none. */
export function installEmbeddedBackend(): void {
  setDefaultBackendFactory(createEmbeddedBackend)
}

function sentOptions(opts: object): SentOptions {
  const { name, lockDuration, limiter, maxStalledCount, stalledInterval, removeOnComplete, removeOnFail, metrics } = opts as SentOptions
  return { name, lockDuration, limiter, maxStalledCount, stalledInterval, removeOnComplete, removeOnFail, metrics }
}
