import * as api from '@opentelemetry/api'
import { InMemorySpanExporter, NodeTracerProvider, SimpleSpanProcessor } from '@opentelemetry/sdk-trace-node'
import { EmbeddedBackend, Job, JobRunner, traceJobs, useJobBackend } from '../../src/jobs/index.ts'

// Enqueues a job within a span and performs it. What OpenTelemetry's own SDK recorded of it is told to the parent process.
const exporter = new InMemorySpanExporter()
const provider = new NodeTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] })
provider.register()
traceJobs(api, { propagation: process.argv[2] })

class Mail extends Job {
  perform() {
    api.trace.getTracer('test').startSpan('inside').end()
    performed()
    throw new TypeError('no address')
  }
}

const backend = new EmbeddedBackend({ durability: 'memory' })
useJobBackend(backend)
let performed
const isPerformed = new Promise((resolve) => (performed = resolve))
await api.trace.getTracer('test').startActiveSpan('request', async (span) => {
  await Mail.performLater()
  span.end()
})
const quiet = { info() {}, warn() {}, error() {}, isLevelEnabled: () => false }
const runner = new JobRunner(backend, { classes: [Mail], logger: quiet })
await runner.start()
await isPerformed
await runner.stop()
await backend.close()
process.send(
  exporter.getFinishedSpans().map((span) => ({
    name: span.name,
    id: span.spanContext().spanId,
    traceId: span.spanContext().traceId,
    parentId: span.parentSpanContext?.spanId,
    links: span.links.map(({ context }) => context.spanId),
    exceptions: span.events.map(({ attributes }) => attributes['exception.message']),
  })),
)
