import { didYouMean } from '../naming/index.ts'
import { declare, declared } from './declarations.ts'
import { UnknownChannelCallback } from './errors.ts'

type Class = abstract new (...args: never[]) => unknown

/** A method's name, or a function that gets the channel or connection. */
export type Callback<T> = string | ((target: T) => unknown)

/** When a callback runs: only when `if` answers true and `unless` doesn't. */
export interface CallbackConditions<T> {
  if?: Callback<T>
  unless?: Callback<T>
}

interface Entry<T> {
  callback: Callback<T>
  conditions: CallbackConditions<T>
}

/** Runs every callback in turn. Undefined when there are none, so that the caller pays nothing. */
export type CompiledCallbacks<T> = ((target: T) => void | Promise<void>) | undefined

/** Declares callbacks of one kind; a trailing object holds their conditions. */
export function declareCallbacks<T>(owner: Class, macro: string, args: readonly (Callback<T> | CallbackConditions<T>)[]): void {
  const last = args.at(-1)
  const conditions = typeof last === 'object' ? last : {}
  const callbacks = args.filter((arg): arg is Callback<T> => typeof arg !== 'object')
  declare(owner, macro, ...callbacks.map((callback): Entry<T> => ({ callback, conditions })))
}

/** Resolves the callbacks of one kind to one function. After-callbacks run in the reverse of their order, as in Rails.
 *
 * @throws UnknownChannelCallback (REGAUGE_UNKNOWN_CHANNEL_CALLBACK) when one names a missing method
 */
export function compileCallbacks<T extends object>(owner: Class, macro: string): CompiledCallbacks<T> {
  const entries = declared<Entry<T>>(owner, macro)
  if (entries.length === 0) return undefined
  if (macro.startsWith('after')) entries.reverse()
  const steps = entries.map((entry) => compileEntry(owner, macro, entry))
  return async (target) => {
    for (const step of steps) {
      const running = step(target)
      if (running instanceof Promise) await running
    }
  }
}

/** Names of the methods that callbacks of these kinds refer to: a client may not call them. */
export function callbackMethodNames(owner: Class, macros: readonly string[]): string[] {
  return macros
    .flatMap((macro) => declared<Entry<object>>(owner, macro))
    .flatMap(({ callback, conditions }) => [callback, conditions.if, conditions.unless])
    .filter((name): name is string => typeof name === 'string')
}

/** A function for a callback given as name or function.
 * @throws UnknownChannelCallback (REGAUGE_UNKNOWN_CHANNEL_CALLBACK) when no such method exists
 */
export function resolveCallback<T extends object>(owner: Class, macro: string, callback: Callback<T>): (target: T) => unknown {
  if (typeof callback === 'function') return callback
  const prototype = owner.prototype as Record<string, unknown>
  if (typeof prototype[callback] !== 'function') {
    const suggestion = didYouMean(callback, methodNames(prototype))
    throw new UnknownChannelCallback({ owner: owner.name, macro, name: callback, suggestion })
  }
  return (target) => (target as Record<string, () => unknown>)[callback]?.()
}

function compileEntry<T extends object>(owner: Class, macro: string, { callback, conditions }: Entry<T>): (target: T) => unknown {
  const run = resolveCallback(owner, macro, callback)
  const condition = conditions.if === undefined ? undefined : resolveCallback(owner, macro, conditions.if)
  const exception = conditions.unless === undefined ? undefined : resolveCallback(owner, macro, conditions.unless)
  if (condition === undefined && exception === undefined) return run
  return async (target) => {
    if (condition && !(await condition(target))) return
    if (exception && (await exception(target))) return
    await run(target)
  }
}

function methodNames(prototype: object): string[] {
  const names: string[] = []
  for (let current: object | null = prototype; current && current !== Object.prototype; current = Object.getPrototypeOf(current)) {
    names.push(...Object.getOwnPropertyNames(current).filter((name) => name !== 'constructor'))
  }
  return names
}
