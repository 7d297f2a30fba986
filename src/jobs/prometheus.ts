import type { JobBackend } from './backend.ts'
import { currentJobBackend } from './current.ts'
import { jobStateNames } from './engine/index.ts'
import { NoJobBackend } from './errors.ts'

type Labels = Readonly<Record<string, string>>
/** What is written. */
export interface PrometheusOptions {
  readonly labels?: Labels | undefined
  readonly queue?: string | undefined
}

type Sample = readonly [labels: Labels, value: number]

/** What the queues of a backend do, in Prometheus' text format 0.0.4 (`text/plain; version=0.0.4`): how many jobs are in each state, how many completed
 * and failed, how long the oldest one waits, and which queues are paused.
 *
 * @param backend default: the application's
 * @param options.labels further labels of all of them, such as the name of the application
 * @param options.queue that of one queue only
 * @throws NoJobBackend (REGAUGE_NO_JOB_BACKEND)
 * @example this.render({ plain: await exportPrometheusMetrics(), contentType: 'text/plain; version=0.0.4' })
 * @see https://prometheus.io/docs/instrumenting/exposition_formats/
 */
export async function exportPrometheusMetrics(
  backend: JobBackend | undefined = currentJobBackend(),
  { labels = {}, queue: only }: PrometheusOptions = {},
): Promise<string> {
  if (backend === undefined) throw new NoJobBackend({})
  const [counts = {}, metrics = {}, paused = []] = await Promise.all([
    backend.countsByQueue?.(),
    backend.metrics?.({ minutes: 0, queue: only }),
    backend.paused?.(),
  ])
  const all = new Set([...Object.keys(counts), ...Object.keys(metrics), ...paused])
  const queues = only === undefined ? [...all].sort() : [only]
  const perQueue = (value: (queue: string) => number | undefined): Sample[] =>
    queues.flatMap((queue) => {
      const found = value(queue)
      return found === undefined ? [] : [[{ queue, ...labels }, found] as const]
    })
  // Zeros of a backend that measures nothing would be a false calm.
  const measured = (value = 0) => (backend.metrics === undefined ? undefined : value)
  const states = queues.flatMap((queue) =>
    jobStateNames.map((state) => [{ queue, state, ...labels }, counts[queue]?.[state] ?? 0] as const),
  )
  const isPaused = new Set(paused)
  return [
    family('regauge_jobs', 'gauge', 'Jobs by queue and state.', states),
    family(
      'regauge_jobs_completed_total',
      'counter',
      'Jobs that completed.',
      perQueue((queue) => measured(metrics[queue]?.completed.count)),
    ),
    family(
      'regauge_jobs_failed_total',
      'counter',
      'Jobs that failed for good.',
      perQueue((queue) => measured(metrics[queue]?.failed.count)),
    ),
    family(
      'regauge_queue_latency_seconds',
      'gauge',
      'How long the job has waited that has waited longest of those that could run.',
      perQueue((queue) => measured((metrics[queue]?.latency ?? 0) / 1000)),
    ),
    family(
      'regauge_queue_paused',
      'gauge',
      'Whether a queue is paused.',
      perQueue((queue) => Number(isPaused.has(queue))),
    ),
  ].join('')
}

/** One metric with all its samples. Names of queues may come from outside; two that are written alike would make all of it unreadable. */
function family(name: string, type: 'gauge' | 'counter', help: string, samples: readonly Sample[]): string {
  const lines = new Map<string, number>()
  for (const [labels, value] of samples) {
    const written = Object.entries(labels).map(([label, text]) => `${label}="${escaped(text)}"`)
    lines.set(`${name}{${written.join(',')}}`, value)
  }
  return [`# HELP ${name} ${help}`, `# TYPE ${name} ${type}`, ...[...lines].map(([sample, value]) => `${sample} ${value}`), ''].join('\n')
}

function escaped(text: string): string {
  return text
    .replaceAll(/\p{Surrogate}/gu, '\ufffd')
    .replaceAll('\\', '\\\\')
    .replaceAll('"', '\\"')
    .replaceAll('\n', '\\n')
}
