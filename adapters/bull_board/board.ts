import type { IncomingMessage, ServerResponse } from 'node:http'
import type { BaseAdapter } from '@bull-board/api/baseAdapter'
import type { JobBackend } from '../../src/jobs/index.ts'
import { currentFilter, type ParameterFilter } from '../../src/logging/index.ts'
import { BullBoardMissing } from './errors.ts'
import { queueAdapterClass } from './queue_adapter.ts'

/** How Bull Board is set up. */
export interface BullBoardOptions {
  readonly backend: JobBackend
  /** Where it is mounted. */
  readonly path: string
  readonly title?: string | undefined
  /** Whether jobs can only be looked at. */
  readonly isReadOnly?: boolean | undefined
  /** Masks what isn't to be seen of the jobs' arguments. Default: as logs do in the process. */
  readonly filter?: ParameterFilter | undefined
}

type Handler = (request: IncomingMessage, response: ServerResponse, next: (error?: unknown) => void) => void

/** Bull Board over the jobs of an application, whatever its backend: what is mounted at a path.
 *
 * @throws BullBoardMissing (REGAUGE_BULL_BOARD_MISSING) when the packages `@bull-board/api` and `@bull-board/express` aren't installed
 */
export async function bullBoard({
  backend,
  path,
  title,
  isReadOnly = false,
  filter = currentFilter(),
}: BullBoardOptions): Promise<Handler> {
  const { api, bullmq, express } = await load()
  // Of the class that queues are made of, Bull Board exports the type alone.
  const QueueAdapter = queueAdapterClass(Object.getPrototypeOf(bullmq.BullMQAdapter) as typeof BaseAdapter)
  const server = new express.ExpressAdapter()
  server.setBasePath(path)
  const uiConfig = { boardTitle: title ?? 'Jobs' }
  const board = api.createBullBoard({ queues: [], serverAdapter: server, options: { uiConfig } })
  const shown = new Set<string>()
  const show = async () => {
    for (const name of await queueNames(backend)) {
      if (shown.has(name)) continue
      shown.add(name)
      board.addQueue(new QueueAdapter({ backend, name, isReadOnly, filter }))
    }
  }
  const router = server.getRouter() as Handler & { disable?(setting: string): void }
  router.disable?.('x-powered-by')
  return (request, response, next) => {
    show().then(() => router(request, response, next), next)
  }
}

async function queueNames(backend: JobBackend): Promise<string[]> {
  const counts = (await backend.countsByQueue?.()) ?? {}
  return [...new Set(['default', ...Object.keys(counts)])].sort()
}

async function load() {
  try {
    const [api, bullmq, express] = await Promise.all([
      import('@bull-board/api'),
      import('@bull-board/api/bullMQAdapter'),
      import('@bull-board/express'),
    ])
    return { api, bullmq, express }
  } catch (cause) {
    throw new BullBoardMissing({ reason: (cause as Error).message }, { cause })
  }
}
