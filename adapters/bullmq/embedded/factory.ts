import { type BackendFactory, setDefaultBackendFactory } from 'bullmq'
import { EmbeddedQueueBackend } from './backend.ts'
import { type EmbeddedQueueOptions, optionsOf } from './options.ts'

/** Builds the backend of a queue, worker, listener or flow producer: on the directory that its `connection` names, or the default one.
 *
 * @example const { Queue, Worker } = withBackend(createEmbeddedBackend)
 * const queue = new Queue('mails', { connection: { directory: 'storage/mails' } })
 */
export const createEmbeddedBackend: BackendFactory<EmbeddedQueueBackend, EmbeddedQueueOptions> = (
  name,
  opts,
  { withBlockingConnection = false } = {},
) => {
  const { name: workerName, prefix }: { name?: unknown; prefix?: unknown } = Object(opts)
  return new EmbeddedQueueBackend(
    {
      name,
      prefix: typeof prefix === 'string' ? prefix : 'bull',
      storage: optionsOf(opts.connection),
      workerName: withBlockingConnection ? (typeof workerName === 'string' ? workerName : '') : undefined,
    },
    opts,
  )
}

/** Makes the embedded backend the one that BullMQ's classes use when they are given none. */
export function installEmbeddedBackend(): void {
  setDefaultBackendFactory(createEmbeddedBackend)
}
