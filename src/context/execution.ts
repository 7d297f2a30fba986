import { AsyncLocalStorage } from 'node:async_hooks'
import type { OpenTransaction } from './transaction.ts'

/** What a request or job has spent, counted while somebody listens to `process_action.action_controller`; times in milliseconds. */
export interface Runtimes {
  /** Undefined when nothing was rendered. */
  view: number | undefined
  database: number
  queries: number
  cachedQueries: number
}

/** What follows one request, job or message through every `await`. One AsyncLocalStorage for the whole process:
 * rooms that need something ambient add a field here rather than a storage of their own (each costs every request). */
export interface Execution {
  /** The application that is running, for the module-level functions (`publish`, `broadcast`, `performLater`). */
  readonly application?: object | undefined
  readonly requestId?: string | undefined
  /** The request being answered, for URLs that its host completes. */
  readonly request?: object | undefined
  /** The innermost open database transaction. */
  readonly transaction?: OpenTransaction | undefined
  /** Where statements are sent, when not to the usual database: what `connectedTo` said. */
  readonly connecting?: object | undefined
  /** The answers of queries that were asked already, where they are remembered. */
  readonly queryCache?: object | undefined
  /** Fields that every log line of this execution carries. */
  readonly logFields?: Readonly<Record<string, unknown>> | undefined
  /** Tags in front of its log lines. */
  readonly logTags?: readonly string[] | undefined
  readonly runtimes?: Runtimes | undefined
  /** What jobs take along of the log, and the tags and fields that it was made of. Made when the first is enqueued. */
  jobLog?: (Pick<Execution, 'logFields' | 'logTags'> & { readonly data: Readonly<Record<string, unknown>> }) | undefined
  /** What structured events say beside their own. */
  readonly eventTags?: Readonly<Record<string, unknown>> | undefined
  eventContext?: Readonly<Record<string, unknown>> | undefined
  /** What reports of errors say beside their own. */
  errorContext?: Readonly<Record<string, unknown>> | undefined
  /** Subscribers of errors that aren't told here. */
  readonly silencedReporters?: readonly object[] | undefined
  /** Classes whose records aren't saved: what `suppress` said. */
  readonly suppressed?: readonly Function[] | undefined
  /** The language of messages. */
  readonly locale?: string | undefined
  /** The execution of which this one differs by what `withExecution` changed: what the two `setContext` say is said of all of it. */
  readonly whole?: Execution | undefined
  /** What `Current` holds, by class. Made when first asked for. */
  current?: Map<object, unknown> | undefined
  /** What it holds for a piece of work only. */
  readonly currentWithin?: ReadonlyMap<object, unknown> | undefined
}

const storage = new AsyncLocalStorage<Execution>()
const outside = new Map<object, unknown>()
let ending: (() => void) | undefined

/** The execution we are in, or undefined outside of any. */
export function currentExecution(): Execution | undefined {
  return storage.getStore()
}

/** The same without what `withExecution` changed: the whole request, job or message. */
export function wholeExecution(): Execution | undefined {
  const execution = storage.getStore()
  return execution?.whole ?? execution
}

/** Starts a new execution: nothing of the surrounding one is visible inside. */
export function runExecution<T>(execution: Execution, work: () => T): T {
  return storage.run(execution, work)
}

/** What `Current` holds, by class: of this request, job or message, or of the process outside of any. */
export function currentValues(): Map<object, unknown> {
  const execution = storage.getStore()
  return execution === undefined ? outside : (execution.current ??= new Map())
}

/** Runs `work` in the current execution with some fields replaced. What `Current` holds and what is said by
 * `setContext` stays one and the same.
 * @example withExecution({ transaction }, () => work())
 */
export function withExecution<T>(changes: Partial<Execution>, work: () => T): T {
  return storage.run({ ...storage.getStore(), whole: wholeExecution(), current: currentValues(), ...changes }, work)
}

/** Says what is done in each execution that `Current` was used in, when it is over. It must not throw. */
export function whenExecutionsEnd(work: () => void): void {
  ending = work
}

/** Whether anything is done when an execution is over. */
export function hasExecutionEnd(): boolean {
  return ending !== undefined
}

/** Does what is to be done when an execution is over. Whoever began it calls this when nothing of it runs any more. */
export function endExecution(execution: Execution): void {
  if (ending !== undefined && execution.current !== undefined) storage.run(execution, ending)
}

/** Runs `work` in a new execution, which is over when what `work` returns has settled. */
export function runToEnd<T>(execution: Execution, work: () => T): T {
  if (ending === undefined) return storage.run(execution, work)
  const end = (): void => endExecution(execution)
  let result: T
  try {
    result = storage.run(execution, work)
  } catch (error) {
    end()
    throw error
  }
  if (result instanceof Promise) return result.finally(end) as T
  end()
  return result
}
