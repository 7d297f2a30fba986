import { methodOfAction, namesAction } from '../../naming/index.ts'
import { UnknownAction } from '../errors.ts'
import type { Metal } from '../metal.ts'
import { settingsInForce } from '../settings.ts'
import { ownMethods, requireMethod } from './action_methods.ts'
import type { Callback, ConditionEntry, Filter } from './declarations.ts'

/** A value, now or later. */
export type MaybePromise<T> = T | Promise<T>
/** A controller whose methods are called by name. */
export type Instance = Metal & Record<string, (...args: unknown[]) => unknown>
/** One callback, condition or action; around callbacks get `proceed`. */
export type Step = (controller: Instance, proceed?: unknown) => unknown

/** Whether a value is to be waited for. */
export function isPromise<T>(value: unknown): value is Promise<T> {
  return typeof value === 'object' && value !== null && typeof (value as { then?: unknown }).then === 'function'
}

/** A callback made ready for one action.
 * @returns undefined when the action isn't among those it is for; `condition` is what is left to ask in a request
 */
export function stepFor(callback: Callback, controller: Function, action: string): { step: Step; condition: Step | undefined } | undefined {
  if (settingsInForce().raiseOnMissingCallbackActions) requireActions(callback, controller)
  if (callback.if.some((entry) => entry instanceof Set && !namesAction(entry, action))) return undefined
  if (callback.unless.some((entry) => entry instanceof Set && namesAction(entry, action))) return undefined
  return { step: filterStep(callback.filter, callback.kind, controller), condition: conditionStep(callback, controller) }
}

/** Methods are looked up here, not in each request: every step calls one known function. */
function filterStep(filter: Filter, kind: string, controller: Function): Step {
  if (typeof filter === 'string') {
    const method = requireMethod(controller, filter)
    return (instance, proceed) => method.call(instance, proceed)
  }
  if (typeof filter === 'function') return (instance, proceed) => filter.call(instance, instance, proceed)
  return (instance, proceed) => (filter as Record<string, Step>)[kind]!(instance, proceed)
}

function conditionStep(callback: Callback, controller: Function): Step | undefined {
  const wanted = questions(callback.if, controller)
  const unwanted = questions(callback.unless, controller)
  if (wanted.length + unwanted.length === 0) return undefined
  const all = [...wanted.map((ask) => ({ ask, answer: true })), ...unwanted.map((ask) => ({ ask, answer: false }))]
  return (instance) => holds(instance, all, 0)
}

function questions(entries: readonly ConditionEntry[], controller: Function): Step[] {
  return entries.filter((entry) => !(entry instanceof Set)).map((entry) => filterStep(entry, 'if', controller))
}

function holds(instance: Instance, all: readonly { ask: Step; answer: boolean }[], from: number): MaybePromise<boolean> {
  for (let i = from; i < all.length; i++) {
    const { ask, answer } = all[i]!
    const got = ask(instance)
    if (isPromise(got)) return got.then((value) => Boolean(value) === answer && holds(instance, all, i + 1))
    if (Boolean(got) !== answer) return false
  }
  return true
}

function requireActions(callback: Callback, controller: Function): void {
  const methods = ownMethods(controller)
  for (const entry of [...callback.if, ...callback.unless]) {
    if (!(entry instanceof Set)) continue
    for (const action of entry)
      if (methodOfAction(action, methods) === undefined) throw new UnknownAction({ controller: controller.name, action })
  }
}
