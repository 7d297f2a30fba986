import type { Job } from './job.ts'
import { aroundEveryEnqueue, aroundEveryPerform } from './performing/middleware.ts'

/** Something that took time, as OpenTelemetry records it. */
export interface JobSpan {
  setAttribute(name: string, value: string | number): unknown
  recordException(error: Error): void
  setStatus(status: { code: number; message?: string }): unknown
  end(): void
}

/** What traces jobs: OpenTelemetry's API, as the package `@opentelemetry/api` exports it. */
export interface TracingApi<Context = never, Span extends JobSpan = never, SpanContext = unknown> {
  readonly ROOT_CONTEXT: Context
  readonly trace: {
    getTracer(name: string): {
      startSpan(
        name: string,
        options: { kind: number; attributes: Record<string, string | number | undefined>; links: { context: SpanContext }[] },
        context: Context,
      ): Span
    }
    setSpan(context: Context, span: Span): Context
    getSpanContext(context: Context): SpanContext | undefined
  }
  readonly context: {
    active(): Context
    with<T>(context: Context, work: () => T): T
  }
  readonly propagation: {
    inject(context: Context, carrier: object): void
    extract(context: Context, carrier: object): Context
  }
}

/** How jobs are traced. */
export interface TracingOptions {
  /** Whether a job's span is within the trace that it was enqueued in (`child`, default), or begins one of its own that has a link to it. */
  readonly propagation?: 'child' | 'link' | undefined
  /** What the names of spans begin with: the queue (default), or the class of the job. */
  readonly naming?: 'queue' | 'class' | undefined
}

// As in the enumerations of the API.
const [producer, consumer] = [3, 4]
const failed = 2
/** Where the trace travels in what middleware gives a job. */
const field = 'trace'

/** Records a span when a job is enqueued and one each time it is performed, and carries the trace from the one to the other: over a restart, to
 * another process, and to whatever backend. Names and attributes are those of Active Job's instrumentation: `mailers publish`, `mailers process`.
 *
 * @returns a function that ends it
 * @example traceJobs(await import('@opentelemetry/api'))
 */
export function traceJobs<Context, Span extends JobSpan, SpanContext>(
  api: TracingApi<Context, Span, SpanContext>,
  { propagation = 'child', naming = 'queue' }: TracingOptions = {},
): () => void {
  const start = (job: Job, what: string, kind: number, context: Context, links: { context: SpanContext }[] = []) => {
    const name = `${naming === 'queue' ? job.queueName : job.constructor.name} ${what}`
    return api.trace.getTracer('regauge').startSpan(name, { kind, attributes: attributesOf(job), links }, context)
  }
  const ends = [
    aroundEveryEnqueue((job, next) => {
      const active = api.context.active()
      const span = start(job, 'publish', producer, active)
      const context = api.trace.setSpan(active, span)
      const carrier = {}
      api.propagation.inject(context, carrier)
      if (Object.keys(carrier).length > 0) job.context[field] = carrier
      return within(span, job, () => api.context.with(context, next))
    }),
    aroundEveryPerform((job, next) => {
      const carrier = job.context[field]
      const isEnqueued = typeof carrier === 'object' && carrier !== null
      const origin = isEnqueued ? api.propagation.extract(api.ROOT_CONTEXT, carrier) : api.context.active()
      const isLink = isEnqueued && propagation === 'link'
      const linked = isLink ? api.trace.getSpanContext(origin) : undefined
      const parent = isLink ? api.ROOT_CONTEXT : origin
      const span = start(job, 'process', consumer, parent, linked === undefined ? [] : [{ context: linked }])
      return within(span, job, () => api.context.with(api.trace.setSpan(parent, span), next))
    }),
  ]
  return () => {
    for (const end of ends) end()
  }
}

async function within(span: JobSpan, job: Job, work: () => Promise<unknown>): Promise<unknown> {
  try {
    return await work()
  } catch (thrown) {
    const error = thrown instanceof Error ? thrown : new Error(String(thrown))
    span.recordException(error)
    span.setStatus({ code: failed, message: error.message })
    throw thrown
  } finally {
    if (job.providerJobId !== undefined) span.setAttribute('messaging.active_job.message.provider_job_id', job.providerJobId)
    span.end()
  }
}

function attributesOf(job: Job): Record<string, string | number | undefined> {
  return {
    'code.namespace': job.constructor.name,
    'messaging.system': 'active_job',
    'messaging.destination': job.queueName,
    'messaging.message.id': job.jobId,
    'messaging.active_job.message.priority': job.priority,
    'messaging.active_job.executions': job.executions === 0 ? undefined : job.executions,
  }
}
