import { currentExecution } from '../context/index.ts'
import { reasonPhrase } from '../http/index.ts'
import type { Job, JobStep } from '../jobs/index.ts'
import { currentFilter } from '../logging/index.ts'
import { type NotificationEvent, structuredEvents, subscribe, unsubscribe } from '../notifications/index.ts'
import type { Application } from './application.ts'

type Payload = Record<string, unknown>
type Told = readonly [name: string, payload: Payload]
type Telling = (event: NotificationEvent) => Told

const internalParameters = new Set(['controller', 'action', 'format', '_method', 'only_path'])

/** Tells what the framework does in an application as structured events too, under the names of Rails 8.1, while anybody listens to those.
 * @returns what ends it
 */
export function tellFrameworkEvents(application: Application): () => void {
  const tellings = { ...always, ...(application.config.env.isDevelopment && inDevelopment) }
  return structuredEvents.whileHeard(() => {
    const subscriptions = Object.entries(tellings).map(([name, tell]) =>
      subscribe(name, (event) => {
        if (currentExecution()?.application === application) structuredEvents.notify(...tell(event))
      }),
    )
    return () => subscriptions.forEach(unsubscribe)
  })
}

const always: Readonly<Record<string, Telling>> = {
  'start_processing.action_controller': ({ payload }) => [
    'action_controller.request_started',
    {
      ...pick(payload, ['controller', 'action']),
      format: String(payload['format'] ?? '').toUpperCase(),
      params: Object.fromEntries(Object.entries(payload['params'] as Payload).filter(([name]) => !internalParameters.has(name))),
    },
  ],
  'process_action.action_controller': ({ payload, duration }) => [
    'action_controller.request_completed',
    { ...pick(payload, ['controller', 'action', 'status', ...runtimes]), duration_ms: duration },
  ],
  'halted_callback.action_controller': ({ payload }) => ['action_controller.callback_halted', { filter: filterName(payload['filter']) }],
  'rescue_from_callback.action_controller': ({ payload }) => [
    'action_controller.rescue_from_handled',
    { ...exceptionOf(payload['exception']), exception_backtrace: placesOf(payload['exception'])[0] ?? null },
  ],
  'redirect_to.action_controller': ({ payload }) => ['action_controller.redirected', { location: payload['location'] ?? null }],
  'send_data.action_controller': ({ payload, duration }) => [
    'action_controller.data_sent',
    { filename: payload['filename'] ?? null, duration_ms: duration },
  ],
  'send_file.action_controller': ({ payload, duration }) => [
    'action_controller.file_sent',
    { path: payload['path'], duration_ms: duration },
  ],
  'redirect.action_dispatch': ({ payload, duration }) => [
    'action_dispatch.redirect',
    { ...pick(payload, ['location', 'status']), status_name: reasonPhrase(Number(payload['status'])), duration_ms: duration },
  ],
  'enqueue.active_job': (event) => ['active_job.enqueued', enqueued(event)],
  'enqueue_at.active_job': (event) => ['active_job.enqueued_at', { ...enqueued(event), scheduled_at: jobOf(event).scheduledAt }],
  'enqueue_all.active_job': ({ payload }) => ['active_job.bulk_enqueued', bulk(payload)],
  'perform_start.active_job': (event) => ['active_job.started', { ...identified(event), arguments: jobOf(event).arguments }],
  'perform.active_job': (event) => [
    'active_job.completed',
    { ...identified(event), ...ended(event), duration: event.duration, ...placed(event.payload['exception_object']) },
  ],
  'enqueue_retry.active_job': (event) => [
    'active_job.retry_scheduled',
    { ...short(event), executions: jobOf(event).executions, wait_seconds: event.payload['wait'], ...exceptionOf(event.payload['error']) },
  ],
  'retry_stopped.active_job': (event) => [
    'active_job.retry_stopped',
    { ...short(event), executions: jobOf(event).executions, ...exceptionOf(event.payload['error']) },
  ],
  'interrupt.active_job': (event) => ['active_job.interrupt', { ...short(event), ...pick(event.payload, ['description', 'reason']) }],
  'resume.active_job': (event) => ['active_job.resume', { ...short(event), ...pick(event.payload, ['description']) }],
  'step_skipped.active_job': (event) => ['active_job.step_skipped', { ...short(event), step: event.payload['step'] }],
  'step_started.active_job': (event) => {
    const { name, cursor, isResumed } = event.payload['step'] as JobStep
    return ['active_job.step_started', { ...short(event), step: name, cursor, resumed: isResumed }]
  },
  'step.active_job': (event) => {
    const { name, cursor } = event.payload['step'] as JobStep
    const { interrupted, exception_object: error } = event.payload
    return ['active_job.step', { ...short(event), step: name, cursor, interrupted, duration: event.duration, ...exceptionOf(error) }]
  },
  'discard.active_job': (event) => ['active_job.discarded', { ...short(event), ...exceptionOf(event.payload['error']) }],
}

/** What is said too often, or tells too much, for production. */
const inDevelopment: Readonly<Record<string, Telling>> = {
  'sql.active_record': ({ payload, duration }) => [
    'active_record.sql',
    {
      ...pick(payload, ['name', 'sql']),
      async: payload['async'] ?? null,
      cached: payload['cached'] ?? null,
      binds: maskedBinds(payload),
      duration_ms: duration,
    },
  ],
  'unpermitted_parameters.action_controller': ({ payload }) => {
    const { request: _, ...context } = (payload['context'] ?? {}) as Payload
    return ['action_controller.unpermitted_parameters', { unpermitted_keys: payload['keys'], context }]
  },
  'strict_loading_violation.active_record': ({ payload }) => {
    const reflection = payload['reflection'] as {
      readonly name: string
      readonly target: Function
      readonly options: { readonly polymorphic?: boolean }
    }
    const target = reflection.options.polymorphic ? null : reflection.target.name
    return ['active_record.strict_loading_violation', { owner: (payload['owner'] as Function).name, class: target, name: reflection.name }]
  },
}

const runtimes = ['view_runtime', 'db_runtime', 'queries_count', 'cached_queries_count']

function pick(payload: Payload, names: readonly string[]): Payload {
  return Object.fromEntries(names.filter((name) => payload[name] !== undefined).map((name) => [name, payload[name]]))
}

function filterName(filter: unknown): string {
  return typeof filter === 'string' ? filter : typeof filter === 'function' ? filter.name || '(function)' : '(object)'
}

function exceptionOf(error: unknown): Payload {
  if (error === undefined) return {}
  return error instanceof Error
    ? { exception_class: error.name, exception_message: error.message }
    : { exception_class: typeof error, exception_message: String(error) }
}

function placed(error: unknown): Payload {
  return error === undefined ? {} : { ...exceptionOf(error), exception_backtrace: placesOf(error) }
}

function placesOf(error: unknown): string[] {
  const lines = error instanceof Error ? (error.stack ?? '').split('\n') : []
  return lines.filter((line) => /^\s+at /.test(line)).map((line) => line.trim().slice(3))
}

function jobOf({ payload }: NotificationEvent): Job {
  return payload['job'] as Job
}

function short(event: NotificationEvent): Payload {
  const job = jobOf(event)
  return { job_class: job.constructor.name, job_id: job.jobId }
}

function identified(event: NotificationEvent): Payload {
  return { ...short(event), queue: jobOf(event).queueName }
}

function ended({ payload }: NotificationEvent): Payload {
  return { adapter: adapterName(payload['adapter']), aborted: payload['aborted'] ?? null }
}

function enqueued(event: NotificationEvent): Payload {
  return { ...identified(event), ...ended(event), arguments: jobOf(event).arguments, ...exceptionOf(event.payload['exception_object']) }
}

function bulk(payload: Payload): Payload {
  const jobs = payload['jobs'] as readonly Job[]
  const classes: Record<string, number> = {}
  for (const { name } of jobs.map((job) => job.constructor)) classes[name] = (classes[name] ?? 0) + 1
  const count = Number(payload['enqueued_count'] ?? 0)
  return {
    adapter: adapterName(payload['adapter']),
    job_count: jobs.length,
    enqueued_count: count,
    failed_enqueue_count: jobs.length - count,
    enqueued_classes: classes,
  }
}

function adapterName(adapter: unknown): string {
  return typeof adapter === 'object' && adapter !== null ? adapter.constructor.name.replace(/Backend$/, '') : 'None'
}

function maskedBinds(payload: Payload): unknown {
  const binds = payload['binds'] as readonly { readonly name: string | null; readonly value: unknown }[]
  if (binds.length === 0) return null
  const filter = currentFilter()
  return binds.map(({ name, value }) => [name, filter({ [name ?? '?']: value })[name ?? '?']])
}
