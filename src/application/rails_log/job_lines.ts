import { currentExecution } from '../../context/index.ts'
import type { Job, JobStep } from '../../jobs/index.ts'
import { currentFilter, logger, rubyNotation } from '../../logging/index.ts'
import { globalIdOf } from '../../model/index.ts'
import type { EventHandler, NotificationEvent } from '../../notifications/index.ts'
import { pluralize } from '../../naming/index.ts'
import { timeText } from './request_lines.ts'
import { milliseconds } from './action_lines.ts'

/** Active Job's lines, by event. */
export const jobLines: Record<string, EventHandler> = {
  'enqueue.active_job': (event) => logger.info(enqueuedLine(event, '')),
  'enqueue_at.active_job': (event) => {
    const { scheduledAt } = jobOf(event)
    logger.info(enqueuedLine(event, scheduledAt === undefined ? '' : ` at ${timeText(scheduledAt).replace('+0000', 'UTC')}`))
  },
  'enqueue_all.active_job': ({ payload }) => {
    const jobs = payload['jobs'] as readonly Job[]
    const counts = new Map<string, number>()
    for (const { name } of jobs.map((job) => job.constructor)) counts.set(name, (counts.get(name) ?? 0) + 1)
    const classes = [...counts].map(([name, count]) => `${count} ${name}`).join(', ')
    logger.info(
      `Enqueued ${jobs.length} ${jobs.length === 1 ? 'job' : pluralize('job')} to ${adapterName(payload['adapter'])} (${classes})`,
    )
  },
  'perform_start.active_job': (event) => {
    const job = jobOf(event)
    logger.info(`Performing ${identified(job)} from ${place(event)}${argumentsOf(job)}`)
  },
  'perform.active_job': (event) => {
    const { payload } = event
    const title = `${identified(jobOf(event))} from ${place(event)} in ${milliseconds(event.duration)}`
    if (payload['exception_object'] !== undefined)
      logger.error(`Error performing ${title}: ${errorTitle(payload['exception_object'])}:\n${stackOf(payload['exception_object'])}`)
    else if (payload['aborted'] === true) logger.error(`Error performing ${title}: a before_perform callback halted the job execution`)
    else logger.info(`Performed ${title}`)
  },
  'enqueue_retry.active_job': (event) => {
    const job = jobOf(event)
    const after = `after ${job.executions} attempts in ${Math.trunc(Number(event.payload['wait']))} seconds`
    const { error } = event.payload
    logger.info(`Retrying ${identified(job)} ${after}${error === undefined ? '' : `, due to a ${errorTitle(error)}`}.`)
  },
  'retry_stopped.active_job': (event) => {
    const job = jobOf(event)
    logger.error(
      `Stopped retrying ${identified(job)} due to a ${errorTitle(event.payload['error'])}, which reoccurred on ${job.executions} attempts.`,
    )
  },
  'interrupt.active_job': (event) => {
    const { description, reason } = event.payload
    logger.info(`Interrupted ${identified(jobOf(event))} ${String(description)} (${String(reason)})`)
  },
  'resume.active_job': (event) => logger.info(`Resuming ${identified(jobOf(event))} ${String(event.payload['description'])}`),
  'step_skipped.active_job': (event) => logger.info(`Step '${String(event.payload['step'])}' skipped for ${identified(jobOf(event))}`),
  'step_started.active_job': (event) => {
    const { name, isResumed } = stepOf(event)
    logger.info(`Step '${name}' ${isResumed ? `resumed from cursor '${cursorOf(event)}'` : 'started'} for ${identified(jobOf(event))}`)
  },
  'step.active_job': (event) => {
    const { payload, duration } = event
    const job = `for ${identified(jobOf(event))} in ${milliseconds(duration)}`
    const step = `step '${stepOf(event).name}'`
    const error = payload['exception_object']
    if (payload['interrupted'] === true) logger.info(`S${step.slice(1)} interrupted at cursor '${cursorOf(event)}' ${job}`)
    else if (error !== undefined) logger.error(`Error during ${step} at cursor '${cursorOf(event)}' ${job}: ${errorTitle(error)}`)
    else logger.info(`S${step.slice(1)} completed ${job}`)
  },
  'discard.active_job': (event) => logger.error(`Discarded ${identified(jobOf(event))} due to a ${errorTitle(event.payload['error'])}.`),
}

function enqueuedLine(event: NotificationEvent, when: string): string {
  const job = jobOf(event)
  const { payload } = event
  // Lines within a job have its tags.
  const tag = currentExecution()?.logTags?.includes('ActiveJob') ? '' : '[ActiveJob] '
  const name = job.constructor.name
  if (payload['exception_object'] !== undefined)
    return `${tag}Failed enqueuing ${name} to ${place(event)}: ${errorTitle(payload['exception_object'])}`
  if (payload['aborted'] === true)
    return `${tag}Failed enqueuing ${name} to ${place(event)}, a before_enqueue callback halted the enqueuing execution.`
  return `${tag}Enqueued ${identified(job)} to ${place(event)}${when}${argumentsOf(job)}`
}

function jobOf({ payload }: NotificationEvent): Job {
  return payload['job'] as Job
}

function stepOf({ payload }: NotificationEvent): JobStep {
  return payload['step'] as JobStep
}

function cursorOf(event: NotificationEvent): string {
  const { cursor } = stepOf(event)
  return cursor === null || cursor === undefined ? '' : typeof cursor === 'object' ? rubyNotation(cursor) : String(cursor)
}

function identified(job: Job): string {
  return `${(job.constructor as typeof Job).titleOf(job.arguments)} (Job ID: ${job.jobId})`
}

function place(event: NotificationEvent): string {
  return `${adapterName(event.payload['adapter'])}(${jobOf(event).queueName})`
}

function adapterName(adapter: unknown): string {
  return typeof adapter === 'object' && adapter !== null ? adapter.constructor.name.replace(/Backend$/, '') : 'None'
}

function argumentsOf(job: Job): string {
  if (job.arguments.length === 0) return ''
  return ` with arguments: ${job.arguments.map(argumentText).join(', ')}`
}

/** Records are written as what travels in their place. */
function argumentText(value: unknown): string {
  if (typeof value !== 'object' || value === null) return rubyNotation(value)
  const globalId = globalIdOf(value)
  if (globalId !== undefined) return `#<GlobalID ${String(globalId)}>`
  return rubyNotation(currentFilter()({ value })['value'])
}

function errorTitle(error: unknown): string {
  return error instanceof Error ? `${error.name} (${error.message})` : String(error)
}

function stackOf(error: unknown): string {
  const frames = error instanceof Error ? (error.stack ?? '').split('\n') : []
  return frames
    .filter((line) => /^\s+at /.test(line))
    .map((line) => line.trim().slice(3))
    .join('\n')
}
