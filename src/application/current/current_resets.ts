import { reporter } from '../../errors/reporter.ts'
import { didYouMean } from '../../naming/index.ts'
import { MissingResetCallback } from '../errors.ts'

/** What is done around a reset: a function, which is given the class, or the name of a static method. */
export type CurrentCallback<C> = keyof C | ((this: C, current: C) => unknown)

type Kind = 'before' | 'after'
type Callback = PropertyKey | ((this: never, current: never) => unknown)

const declared: Readonly<Record<Kind, WeakMap<object, Callback[]>>> = { before: new WeakMap(), after: new WeakMap() }

/** Adds to what a class does around its reset. */
export function addReset(of: object, kind: Kind, callbacks: readonly Callback[]): void {
  declared[kind].set(of, [...(declared[kind].get(of) ?? []), ...callbacks])
}

/** Runs what a class, and those above it, declared around a reset. */
export function resetWithCallbacks(of: object, clear: () => void): void {
  for (const callback of callbacksOf(of, 'before')) call(of, callback)
  clear()
  for (const callback of callbacksOf(of, 'after').reverse()) call(of, callback)
}

function callbacksOf(of: object | null, kind: Kind): Callback[] {
  if (of === null) return []
  return [...callbacksOf(Object.getPrototypeOf(of) as object | null, kind), ...(declared[kind].get(of) ?? [])]
}

// Promises aren't awaited, as a reset isn't: what they fail with is reported.
function call(of: object, callback: Callback): void {
  const result: unknown = methodOf(of, callback).call(of, of)
  if (result instanceof Promise) result.catch(reportReset)
}

function methodOf(of: object, callback: Callback): (this: object, current: object) => unknown {
  const method: unknown = typeof callback === 'function' ? callback : Reflect.get(of, callback)
  if (typeof method === 'function') return method as (this: object, current: object) => unknown
  const { name } = of as { name: string }
  const suggestion = didYouMean(String(callback), Object.getOwnPropertyNames(of))
  throw new MissingResetCallback({ class: name, callback: String(callback), suggestion })
}

/** Reports what failed around a reset that nobody asked for, at the end of a request. */
export function reportReset(error: unknown): void {
  reporter.report(error, { handled: false, source: 'application.current_attributes' })
}
