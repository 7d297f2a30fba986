import { join } from 'node:path'
import { DeliverEvent, registerEventClasses } from '../events/index.ts'
import {
  EmbeddedBackend,
  type JobBackend,
  JobRunner,
  type RecordLocator,
  type RunnableJobClass,
  SharedBackend,
  useJobBackend,
  useRecordLocator,
} from '../jobs/index.ts'
import type { Logger } from '../logging/index.ts'
import { globalIdOf, locateRecord, useDependentsQueue, useGlobalIdApplication } from '../model/index.ts'
import { bullmqBackend } from './adapters.ts'
import type { Application } from './application.ts'
import { clusterLink } from './cluster/link.ts'
import type { Configuration } from './configuration.ts'
import { DestroyDependents } from './destroy_dependents.ts'
import { openedOnUse } from './opened_on_use.ts'

/** How jobs carry records. */
const records: RecordLocator = { identify: globalIdOf, locate: locateRecord }

/** Opens the queue that the configuration names, and makes the runner of the application's jobs.
 *
 * @param serves without it no jobs are run, and the queue is opened by the first job that is enqueued
 * @throws QueueOwned when another process has the queue
 */
export async function openJobs(application: Application, serves: boolean): Promise<{ jobs?: JobBackend; runner?: JobRunner }> {
  useRecordLocator(records)
  registerEventClasses(application.loaded.events)
  useGlobalIdApplication(application.config.globalIdApplication)
  const jobs = serves ? await openBackend(application) : openedOnUse(() => openBackend(application))
  useJobBackend(jobs, application)
  useDependentsQueue({ add: (dependents) => DestroyDependents.performLater(dependents) }, application)
  if (!serves) return { jobs }
  const { config, loaded, logger } = application
  const classes = [DeliverEvent, DestroyDependents, ...loaded.jobs] as unknown as RunnableJobClass[]
  const workers = [{ queues: ['*'], concurrency: config.jobs.concurrency }]
  return { jobs, runner: new JobRunner(jobs, { classes, workers, logger, application, logsJobs: config.log.format !== 'rails' }) }
}

async function openBackend({ config, logger }: Application): Promise<JobBackend> {
  const { backend } = config.jobs
  if (backend !== 'embedded') return bullmqBackend(backend.bullmq)
  const link = clusterLink()
  return link === undefined ? openEmbedded(config, logger) : new SharedBackend(link.jobs)
}

/** Takes possession of the embedded queue.
 * @throws QueueOwned when another process has it
 */
export function openEmbedded({ root, jobs }: Configuration, logger: Logger): EmbeddedBackend {
  return new EmbeddedBackend({ directory: join(root, jobs.directory), durability: jobs.durability, logger })
}
