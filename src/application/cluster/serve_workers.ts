import cluster from 'node:cluster'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { removeAbandoned } from '../../http/index.ts'
import type { Logger } from '../../logging/index.ts'
import type { Settings } from '../configure.ts'
import { interrupted } from '../signals.ts'
import { joinEmbedded } from '../jobs/work.ts'
import type { Ready } from './messages.ts'
import { Workers } from './workers.ts'

/** Serves an application in several processes: this one has the queue of jobs and passes on what is broadcast, the workers answer requests
 * and run jobs. Resolves after SIGINT or SIGTERM, when all have finished. SIGHUP replaces the workers, one after the other, by new ones.
 *
 * @param onListening called with the address, and where WebSockets are, when all workers are ready
 * @throws QueueOwned when another process has the queue and doesn't share it, WorkerFailed when a worker can't boot
 */
export async function serveWorkers(
  config: Settings,
  count: number,
  logger: Logger,
  onListening: (ready: Ready) => void = () => {},
): Promise<void> {
  const signal = interrupted()
  if (config.http.path !== undefined) await removeAbandoned(config.http.path)
  const jobs = config.jobs.backend === 'embedded' ? await joinEmbedded(config, logger) : undefined
  cluster.setupPrimary({ args: process.argv.slice(2) })
  const folder = config.cable.transports.includes('socket.io') ? mkdtempSync(join(tmpdir(), 'regauge-workers-')) : undefined // of mode 0700
  const workers = new Workers({ count, folder, jobs, logger, shutdownTimeout: config.http.shutdownTimeout })
  const restart = () => {
    logger.info('SIGHUP: replacing the workers')
    void workers.restart().then(() => logger.info('The workers have been replaced'))
  }
  try {
    onListening(await workers.start())
    process.on('SIGHUP', restart)
    logger.info(`${await signal}: finishing what runs`)
    await workers.stop()
  } finally {
    process.off('SIGHUP', restart)
    workers.kill()
    await jobs?.close()
    if (folder !== undefined) rmSync(folder, { recursive: true, force: true })
  }
}
