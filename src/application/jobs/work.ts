import { join } from 'node:path'
import { DeliverEvent, registerEventClasses } from '../../events/index.ts'
import {
  EmbeddedBackend,
  type JobBackend,
  JobRunner,
  JoinedBackend,
  type RecordLocator,
  type RunnableJobClass,
  SharedBackend,
  toSeconds,
  useJobBackend,
  useJobOutbox,
  useRecordLocator,
} from '../../jobs/index.ts'
import type { Logger } from '../../logging/index.ts'
import { globalIdOf, locateRecord, useDependentsQueue, useGlobalIdApplication } from '../../model/index.ts'
import { bullmqBackend } from '../adapters.ts'
import type { Application } from '../application.ts'
import { clusterLink } from '../cluster/link.ts'
import type { BullmqPlace } from './jobs_settings.ts'
import type { Configuration } from '../configuration.ts'
import { DestroyDependents } from './destroy_dependents.ts'
import { openJobArguments } from './job_arguments.ts'
import { DatabaseJobOutbox } from './job_outbox.ts'
import { openedOnUse } from './opened_on_use.ts'
import { readRecurring } from './recurring.ts'

/** The jobs that every application has. */
export const builtInJobs = [DeliverEvent, DestroyDependents] as const

/** The queue, what runs its jobs, and what keeps those of transactions. */
interface OpenJobs {
  readonly jobs: JobBackend
  readonly runner?: JobRunner
  readonly outbox: DatabaseJobOutbox | undefined
}

/** How jobs carry records. */
const records: RecordLocator = { identify: globalIdOf, locate: locateRecord }

/** Opens the queue that the configuration names, and makes the runner of the application's jobs.
 *
 * @param serves without it no jobs are run, and the queue is opened by the first job that is enqueued
 * @throws QueueOwned when another process has the queue and doesn't share it, MissingOutboxTable
 */
export async function openJobs(application: Application, serves: boolean): Promise<OpenJobs> {
  useRecordLocator(records)
  await openJobArguments(application)
  registerEventClasses(application.loaded.events)
  useGlobalIdApplication(application.config.globalIdApplication)
  const jobs = serves ? await openBackend(application) : openedOnUse(() => openQueue(application.config, application.logger))
  useJobBackend(jobs, application)
  useDependentsQueue({ add: (dependents) => DestroyDependents.performLater(dependents) }, application)
  const { config, database, loaded, logger, metadata } = application
  const outbox = config.jobs.outbox ? DatabaseJobOutbox.open(database, metadata, jobs, logger) : undefined
  useJobOutbox(outbox, application)
  if (!serves) return { jobs, outbox }
  const classes = [...builtInJobs, ...loaded.jobs] as unknown as RunnableJobClass[]
  const { concurrency, workers: pools } = config.jobs
  const workers = pools.length > 0 ? pools : [{ queues: ['*'], concurrency }]
  const recurring = await readRecurring(config.root, config.env.name, loaded.jobs)
  return {
    jobs,
    outbox,
    runner: new JobRunner(jobs, { classes, workers, recurring, logger, application, logsJobs: config.log.format !== 'rails' }),
  }
}

async function openBackend({ config, logger }: Application): Promise<JobBackend> {
  const { backend } = config.jobs
  if (backend !== 'embedded') return openBullmq(config, logger, backend.bullmq)
  const link = clusterLink()
  return link === undefined ? joinEmbedded(config, logger) : new SharedBackend(link.jobs)
}

/** The queue for a process that doesn't serve.
 * @throws QueueOwned when another process has it and doesn't share it
 */
export async function openQueue(config: Configuration, logger: Logger): Promise<JobBackend> {
  const { backend } = config.jobs
  return backend === 'embedded' ? joinEmbedded(config, logger) : openBullmq(config, logger, backend.bullmq)
}

/** BullMQ with the settings that hold for every backend.
 * @param readsOnly nothing is written */
export function openBullmq({ jobs }: Configuration, logger: Logger, place: BullmqPlace, readsOnly = false): Promise<JobBackend> {
  const { backPressure, maxRecoveries, retention } = jobs
  return bullmqBackend({ ...place, readsOnly, limits: queueLimits(jobs), backPressure, ...retention, maxRecoveries, logger })
}

function queueLimits({ queues }: Configuration['jobs']): Record<string, { max: number; duration: number }> {
  const limits = Object.entries(queues).map(
    ([name, { limit }]) => [name, { ...limit, duration: toSeconds(limit.duration) * 1000 }] as const,
  )
  return Object.fromEntries(limits)
}

/** The embedded queue together with the other processes of the machine that have it open.
 * @throws QueueOwned when a process has it that doesn't share it
 */
export function joinEmbedded(config: Configuration, logger: Logger): Promise<JobBackend> {
  return JoinedBackend.join(embeddedOptions(config, logger))
}

/** The embedded queue for this process alone.
 * @throws QueueOwned when another process has it
 */
export function openEmbedded(config: Configuration, logger: Logger): JobBackend {
  return new EmbeddedBackend(embeddedOptions(config, logger))
}

/** An embedded queue in memory with the limits of the application's own, to try what that would take. */
export function openRehearsal(config: Configuration, logger: Logger): JobBackend {
  return new EmbeddedBackend({ ...embeddedOptions(config, logger), durability: 'memory' })
}

function embeddedOptions({ root, jobs }: Configuration, logger: Logger) {
  const { directory, durability, backPressure, maxRecoveries, retention } = jobs
  return {
    directory: join(root, directory),
    durability,
    limits: queueLimits(jobs),
    backPressure,
    maxRecoveries,
    retention,
    logger,
  }
}
