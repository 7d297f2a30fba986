import type { IQueueBackend } from 'bullmq'
import { type JoinedOptions, JoinedConnection } from './joined_connection.ts'
import type { SentMethod } from './messages.ts'

const methods = [
  'setName',
  'addJob',
  'addJobs',
  'addFlow',
  'addJobScheduler',
  'moveToActive',
  'moveToCompleted',
  'moveToFailed',
  'moveToDelayed',
  'moveToWaitingChildren',
  'moveJobFromActiveToWait',
  'retryJob',
  'retryFinishedJob',
  'promote',
  'moveStalledJobsToWait',
  'retryFinishedJobs',
  'promoteJobs',
  'pause',
  'drain',
  'cleanJobsByState',
  'obliterate',
  'removeOrphanedJobs',
  'extendLock',
  'extendLocks',
  'updateData',
  'updateProgress',
  'addLog',
  'clearLogs',
  'changeDelay',
  'changePriority',
  'remove',
  'removeUnprocessedChildren',
  'removeChildDependency',
  'removeDeduplicationKey',
  'deleteDeduplicationKey',
  'updateJobSchedulerNextMillis',
  'removeJobScheduler',
  'getJobScheduler',
  'isJobScheduler',
  'getJobSchedulerData',
  'getJobSchedulersRange',
  'getJobSchedulersCount',
  'getState',
  'isFinished',
  'isMaxed',
  'isJobInState',
  'getJobData',
  'getDeduplicationJobId',
  'getJobLogs',
  'getRateLimitTtl',
  'getCounts',
  'getCountsPerPriority',
  'getRanges',
  'getDependencyCounts',
  'getDependencies',
  'getProcessedChildrenValues',
  'getIgnoredChildrenFailures',
  'getMetrics',
  'getClientList',
  'paginate',
  'setQueueMeta',
  'getQueueMetaField',
  'getQueueMetaFields',
  'getQueueMeta',
  'removeQueueMetaFields',
  'hasQueueMetaField',
  'setRateLimit',
  'removeRateLimitKey',
  'removeDeprecatedPriorityKey',
  'trimEvents',
  'publishEvent',
  'readEvents',
  'waitForJob',
  'disconnect',
  'disconnectBlocking',
  'reconnectBlocking',
] as const satisfies readonly SentMethod[]

type Sent = Pick<IQueueBackend, (typeof methods)[number]>

/** BullMQ's backend on queues that another process owns: each call is answered there. When that process is gone, this one takes its place, or
 * turns to the one that did. */
export function joinedBackend(options: JoinedOptions): IQueueBackend {
  return withMethods(new JoinedConnection(options))
}

function withMethods(connection: JoinedConnection): IQueueBackend {
  const sent = Object.fromEntries(
    methods.map((method) => [method, (...args: unknown[]) => connection.send(method, args)]),
  ) as unknown as Sent
  const forQueue = (name: string, prefix = connection.prefix) => withMethods(connection.toQueue(name, prefix))
  return Object.assign(connection, sent, { forQueue })
}
