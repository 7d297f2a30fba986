import type { JobSchedulerJobOptions, JobsOptions, RepeatableOptions } from 'bullmq'
import type { QueueState, Scheduler } from '../state/queue_state.ts'
import { enqueue } from './add.ts'
import { dropJob } from './removal.ts'

/** What a scheduler makes its jobs of. */
export interface SchedulerTemplate {
  readonly id: string
  readonly nextMillis: number
  /** JSON text. */
  readonly data: string
  readonly opts: JobsOptions
  readonly repeat: RepeatableOptions
  /** The options of the job that is added now. */
  readonly jobOpts: JobsOptions
}

const maxSlotScans = 32

/** Adds or changes a scheduler, and adds its next job in place of the one that was planned.
 * @returns the job's id and delay, or a negative code when jobs are in its way */
export function addScheduler(queue: QueueState, template: SchedulerTemplate): [string, number] | number {
  const { now } = queue.store
  const { id, repeat } = template
  const known = queue.schedulers.get(id)
  const { every } = repeat
  const offset = repeat.offset || repeatOf(template.jobOpts).offset || 0
  const isOtherInterval = known !== undefined && every !== undefined && Number(known.fields['every']) !== every
  const planned = every
    ? nextOfInterval(isOtherInterval ? undefined : known?.next, Number(every), now, Number(offset), repeat.startDate)
    : { next: template.nextMillis, offset: Number(offset) }
  let next = planned.next
  const isReplacing = known !== undefined && removePlanned(queue, `repeat:${id}:${known.next}`)
  if (isReplacing && every && !isOtherInterval) next = known.next
  if (queue.jobs.has(`repeat:${id}:${next}`)) {
    if (!every) return isReplacing ? addNext(queue, template, next, repeat.offset) : -10
    for (let scan = 0; scan < maxSlotScans && queue.jobs.has(`repeat:${id}:${next}`); scan++) next += Number(every)
    if (queue.jobs.has(`repeat:${id}:${next}`)) return -11
  }
  return addNext(queue, template, next, isReplacing ? repeat.offset : planned.offset)
}

/** Adds the job after the one that a worker has just taken.
 * @returns its id; null when there is nothing to add */
export function advanceScheduler(
  queue: QueueState,
  id: string,
  nextMillis: number,
  jobOpts: JobsOptions,
  producerId: string | undefined,
): string | null {
  const scheduler = queue.schedulers.get(id)
  if (scheduler === undefined) return null
  const { now } = queue.store
  const { fields } = scheduler
  const every = Number(fields['every'] ?? repeatOf(jobOpts).every ?? 0)
  const offset = Number(fields['offset'] ?? repeatOf(jobOpts).offset ?? 0)
  const startDate = fields['startDate'] === undefined ? undefined : Number(fields['startDate'])
  const next = every > 0 ? nextOfInterval(scheduler.next, every, now, offset, startDate).next : nextMillis
  if (producerId !== `repeat:${id}:${scheduler.next}`) return null
  const jobId = `repeat:${id}:${next}`
  if (queue.jobs.has(jobId)) {
    queue.emit('duplicated', 'jobId', jobId)
    return null
  }
  scheduler.next = next
  fields['ic'] = String(Number(fields['ic'] ?? 0) + 1)
  queue.store.schedulerChanged(queue, id)
  insertScheduled(queue, jobId, id, fields['name'] ?? '', fields['data'] ?? '{}', jobOpts, Math.max(0, next - now))
  return jobId
}

/** Removes a scheduler and the job it planned.
 * @returns 0, or 1 when there was none */
export function removeScheduler(queue: QueueState, id: string): number {
  const scheduler = queue.schedulers.get(id)
  if (scheduler === undefined) return 1
  const planned = queue.jobs.get(`repeat:${id}:${scheduler.next}`)
  if (planned?.state === 'delayed') {
    queue.forget(planned)
    queue.emit('removed', 'jobId', planned.id, 'prev', 'delayed')
  }
  queue.schedulers.delete(id)
  queue.store.schedulerChanged(queue, id)
  return 0
}

/** The schedulers by when they are next due. */
export function listSchedulers(queue: QueueState): [string, Scheduler][] {
  return [...queue.schedulers].sort(([a, first], [b, second]) => first.next - second.next || (a < b ? -1 : 1))
}

function addNext(queue: QueueState, template: SchedulerTemplate, next: number, offset: number | undefined): [string, number] {
  const { id, data, jobOpts, repeat } = template
  const known = queue.schedulers.get(id)
  queue.schedulers.set(id, { next, fields: fieldsOf(template, offset, known) })
  queue.store.schedulerChanged(queue, id)
  const jobId = `repeat:${id}:${next}`
  const delay = Math.max(0, next - queue.store.now)
  const existing = queue.jobs.get(jobId)
  if (existing !== undefined) queue.forget(existing)
  insertScheduled(queue, jobId, id, repeat.name, data, jobOpts, delay)
  return [jobId, delay]
}

function insertScheduled(
  queue: QueueState,
  id: string,
  repeatJobKey: string,
  name: string,
  data: string,
  jobOpts: JobsOptions,
  delay: number,
): void {
  queue.nextId()
  const opts = { ...jobOpts, delay, jobId: id }
  const job = { name, data, opts, timestamp: queue.store.now, repeatJobKey }
  enqueue(queue, queue.insert(id, job), job)
}

function fieldsOf({ repeat, opts, data }: SchedulerTemplate, offset: number | undefined, known: Scheduler | undefined) {
  const fields: Record<string, string> = { name: repeat.name, ic: known?.fields['ic'] ?? '1' }
  for (const name of ['tz', 'limit', 'pattern', 'startDate', 'endDate', 'every'] as const) {
    if (repeat[name]) fields[name] = String(repeat[name])
  }
  const kept = offset ?? known?.fields['offset']
  if (kept !== undefined && kept !== null) fields['offset'] = String(kept)
  const optsText = JSON.stringify(opts)
  if (optsText !== undefined && optsText !== '{}') fields['opts'] = optsText
  if (data !== '{}') fields['data'] = data
  return fields
}

/** Takes a planned job out, as long as nobody works on it. One that waits in a paused queue stays, as on Redis. */
function removePlanned(queue: QueueState, jobId: string): boolean {
  const job = queue.jobs.get(jobId)
  const isPlanned = job?.state === 'delayed' || job?.state === 'prioritized' || (job?.state === 'wait' && !queue.isPaused)
  if (job === undefined || !isPlanned) return false
  dropJob(queue, job, true, true)
  return true
}

/** The next slot of an interval, and how far slots are off its multiples. */
function nextOfInterval(previous: number | undefined, every: number, now: number, offset: number, startDate: number | undefined) {
  let next: number
  if (previous === undefined) {
    if (startDate) next = Math.max(startDate, now)
    else if (offset > 0) {
      next = Math.floor(now / every) * every + offset
      if (next <= now) next += every
    } else next = now
  } else {
    next = previous + every
    if (next < now) {
      const aligned = Math.floor(now / every) * every + offset
      next = aligned <= now ? aligned + every : aligned
    }
  }
  const slotOffset = offset === 0 ? next - Math.floor(next / every) * every : offset
  return { next: Math.floor(next), offset: Math.floor(slotOffset) }
}

function repeatOf(opts: JobSchedulerJobOptions): { readonly offset?: number | undefined; readonly every?: number | undefined } {
  return opts.repeat ?? {}
}
