import { AsyncLocalStorage } from 'node:async_hooks'
import type { TracingApi } from '../../src/jobs/index.ts'

interface Span {
  readonly name: string
  readonly kind: number
  readonly parent: string | undefined
  readonly links: readonly string[]
  readonly attributes: Record<string, unknown>
  error?: string
  isEnded: boolean
  setAttribute(name: string, value: unknown): void
  recordException(error: Error): void
  setStatus(status: { code: number; message?: string }): void
  end(): void
}
type Context = { readonly span: string | undefined }

/** The API of OpenTelemetry as far as jobs need it, whose spans are known by their numbers. */
export class RecordedTraces implements TracingApi<Context, Span, string> {
  readonly ROOT_CONTEXT: Context = { span: undefined }
  readonly spans: Span[] = []
  readonly #active = new AsyncLocalStorage<Context>()

  readonly trace = {
    getTracer: () => ({
      startSpan: (
        name: string,
        options: { kind: number; attributes: Record<string, string | number | undefined>; links: { context: string }[] },
        { span: parent }: Context,
      ): Span => {
        const attributes = { ...options.attributes }
        const span: Span = {
          name,
          kind: options.kind,
          parent,
          links: options.links.map(({ context }) => context),
          attributes,
          isEnded: false,
          setAttribute: (key, value) => void Reflect.set(attributes, key, value),
          recordException: () => {},
          setStatus: ({ code, message = '' }) => (span.error = `${code} ${message}`),
          end: () => (span.isEnded = true),
        }
        this.spans.push(span)
        return span
      },
    }),
    setSpan: (_: Context, span: Span) => ({ span: String(this.spans.indexOf(span)) }),
    getSpanContext: ({ span }: Context) => span,
  }

  readonly context = {
    active: () => this.#active.getStore() ?? this.ROOT_CONTEXT,
    with: <T>(context: Context, work: () => T) => this.#active.run(context, work),
  }

  readonly propagation = {
    inject: ({ span }: Context, carrier: object) => void Object.assign(carrier, span !== undefined && { traceparent: span }),
    extract: (_: Context, carrier: { traceparent?: string }) => ({ span: carrier.traceparent }),
  }

  get told() {
    return this.spans.map(({ name, parent, links, error }) => [name, parent, links, error])
  }
}
