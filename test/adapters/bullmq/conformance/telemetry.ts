import { AsyncLocalStorage } from 'node:async_hooks'
import type { Attributes, Span, Telemetry } from 'bullmq'

/** A span as it was recorded. */
export interface RecordedSpan {
  readonly id: number
  readonly name: string
  readonly parent: number | undefined
  readonly attributes: Attributes
  readonly events: string[]
  isEnded: boolean
}

/** Telemetry as BullMQ takes it, whose contexts are the numbers of spans. */
export function recordingTelemetry(): Telemetry<number | undefined> & { readonly spans: RecordedSpan[] } {
  const spans: RecordedSpan[] = []
  const current = new AsyncLocalStorage<number | undefined>()
  const startSpan = (name: string, _options?: object, context?: number): Span<number | undefined> => {
    const recorded: RecordedSpan = {
      id: spans.length + 1,
      name,
      parent: context ?? current.getStore(),
      attributes: {},
      events: [],
      isEnded: false,
    }
    spans.push(recorded)
    return {
      setSpanOnContext: () => recorded.id,
      setAttribute: (key, value) => void Reflect.set(recorded.attributes, key, value),
      setAttributes: (attributes) => void Object.assign(recorded.attributes, attributes),
      addEvent: (event) => void recorded.events.push(event),
      recordException: () => {},
      end: () => {
        recorded.isEnded = true
      },
    }
  }
  return {
    spans,
    tracer: { startSpan },
    contextManager: {
      with: (context: number | undefined, work) => current.run(context, work) as ReturnType<typeof work>,
      active: () => current.getStore(),
      getMetadata: (context: number | undefined) => JSON.stringify({ context }),
      fromMetadata: (_active: number | undefined, metadata: string) => (JSON.parse(metadata) as { context: number }).context,
    },
  }
}
