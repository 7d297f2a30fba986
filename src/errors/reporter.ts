import { types } from 'node:util'
import { currentExecution, wholeExecution, withExecution } from '../context/index.ts'
import { logger } from '../logging/index.ts'
import { thrownText } from '../values/index.ts'

export type ErrorSeverity = 'error' | 'warning' | 'info'

/** What is said about an error when it is reported. */
export interface ErrorReport {
  /** Whether the program goes on as if nothing had happened. */
  readonly handled: boolean
  readonly severity: ErrorSeverity
  /** What `setContext` said, the request's or job's own, and what the report adds. */
  readonly context: Readonly<Record<string, unknown>>
  /** Whose error it is: `application`, or a library that reports its own. */
  readonly source: string
}

/** Sends errors somewhere: to a service that collects them. Add it with `reporter.subscribe`. */
export interface ErrorSubscriber {
  /** It may be asynchronous: nobody waits for it. What it throws, or rejects with, is logged. */
  report(error: unknown, report: ErrorReport): unknown
}

/** How an error is reported. */
export interface ReportOptions {
  readonly severity?: ErrorSeverity
  readonly context?: Readonly<Record<string, unknown>>
  /** Default: `application`. */
  readonly source?: string
}

type ErrorClass = abstract new (...args: never[]) => unknown

/** Where errors are reported to, and by which code reports its own: Rails' `Rails.error`. */
export class ErrorReporter {
  #subscribers: readonly ErrorSubscriber[] = []
  /** An error that passes several places is reported by the first. */
  readonly #reported = new WeakSet<object>()

  /** @example reporter.subscribe({ report: (error, { context }) => errorService.send(error, context) }) */
  subscribe(subscriber: ErrorSubscriber): void {
    this.#subscribers = [...this.#subscribers, subscriber]
  }

  unsubscribe(subscriber: ErrorSubscriber): void {
    this.#subscribers = this.#subscribers.filter((one) => one !== subscriber)
  }

  /** Runs `work` without a subscriber. */
  disable<T>(subscriber: ErrorSubscriber, work: () => T): T {
    const disabled = [...(currentExecution()?.silencedReporters ?? []), subscriber]
    return withExecution({ silencedReporters: disabled }, work)
  }

  /** What all reports of this request or job say beside their own.
   * @example reporter.setContext({ account_id: account.id })
   */
  setContext(context: Readonly<Record<string, unknown>>): void {
    const execution = wholeExecution()
    if (execution !== undefined) execution.errorContext = { ...execution.errorContext, ...context }
  }

  /** Runs `work`; an error is reported as handled, and `fallback` (undefined) is returned in its place.
   * @param args which errors, by class (all), then options, then the work, which may be asynchronous
   * @example const rates = await reporter.handle({ fallback: () => cachedRates }, () => fetchRates())
   * @example reporter.handle(TypeError, () => parse(text))
   */
  handle<T, F = undefined>(...args: readonly [...(ErrorClass | (ReportOptions & { readonly fallback?: () => F }))[], () => T]): T | F {
    const { classes, options, work } = read<T, F>(args)
    return caught(work, classes, (error) => {
      this.report(error, { severity: 'warning', ...options, handled: true })
      return options.fallback?.() as F
    })
  }

  /** Runs `work`; an error is reported as unhandled and thrown on.
   * @example await reporter.record({ context: { order: 1 } }, () => capture(payment))
   */
  record<T>(...args: readonly [...(ErrorClass | ReportOptions)[], () => T]): T {
    const { classes, options, work } = read<T, never>(args)
    return caught(work, classes, (error) => {
      this.report(error, { severity: 'error', ...options, handled: false })
      throw error
    })
  }

  /** Reports an error that was dealt with, or (`handled: false`) wasn't. Once for each error; what a subscriber throws, or rejects with later, is
   * logged, as in Rails: the others are told all the same. */
  report(error: unknown, options: ReportOptions & { readonly handled?: boolean } = {}): void {
    if (typeof error === 'object' && error !== null) {
      if (this.#reported.has(error)) return
      this.#reported.add(error)
    }
    const { handled = true, severity = handled ? 'warning' : 'error', source = 'application' } = options
    const execution = currentExecution()
    const context = { ...wholeExecution()?.errorContext, ...options.context }
    for (const subscriber of this.#subscribers) {
      if (execution?.silencedReporters?.includes(subscriber)) continue
      try {
        const sent = subscriber.report(error, { handled, severity, context, source })
        if (types.isPromise(sent)) sent.catch(tellFailure)
      } catch (failure) {
        tellFailure(failure)
      }
    }
  }
}

/** Rails logs it as fatal, too: nobody is told of errors then. */
function tellFailure(failure: unknown): void {
  logger.fatal(`A subscriber of errors failed: ${thrownText(failure)}`, { error: failure })
}

/** The reporter of this process. */
export const reporter = new ErrorReporter()

function read<T, F>(args: readonly unknown[]) {
  const work = args.at(-1) as () => T
  const rest = args.slice(0, -1)
  const classes = rest.filter((one): one is ErrorClass => typeof one === 'function')
  const options = (rest.find((one) => typeof one === 'object') ?? {}) as ReportOptions & { readonly fallback?: () => F }
  return { classes, options, work }
}

function caught<T, R>(work: () => T, classes: readonly ErrorClass[], react: (error: unknown) => R): T | R {
  const answer = (error: unknown): R => {
    if (classes.length > 0 && !classes.some((one) => error instanceof one)) throw error
    return react(error)
  }
  try {
    const result = work()
    return result instanceof Promise ? (result.catch(answer) as T) : result
  } catch (error) {
    return answer(error)
  }
}
