import { checkPriority, checkQueue, refusalOf } from './checking.ts'
import type { Job } from '../job.ts'

/** The full name of the queue that a class chooses for a job. @throws InvalidJobOption (REGAUGE_INVALID_JOB_OPTION) for what is no name, such as a promise */
export function chosenQueue(job: Job, choose: (job: Job) => string): string {
  const jobClass = job.constructor as typeof Job
  const queue = choose(job)
  checkQueue(refusalOf(jobClass.name, 'queueAs'), queue)
  return jobClass.queueNameFrom(queue)
}

/** The priority that a class chooses for a job. @throws InvalidJobOption (REGAUGE_INVALID_JOB_OPTION) for what is no whole number, but for nothing */
export function chosenPriority(job: Job, choose: (job: Job) => number | null | undefined): number | undefined {
  const priority = choose(job) ?? undefined
  if (priority !== undefined) checkPriority(refusalOf(job.constructor.name, 'queueWithPriority'), priority)
  return priority
}
