import { didYouMean } from '../../naming/index.ts'
import { UndefinedCallback } from '../errors.ts'

/** When a callback runs. */
export type CallbackKind = 'before' | 'after' | 'around'
/** A method's name, a function, or an object with a method of the callback's kind. */
export type Filter = string | Function | object
/** When a callback runs: the actions it is for (known at boot), a method's name, or a function. */
export type ConditionEntry = ReadonlySet<string> | string | Function

/** A callback as it was declared. */
export interface Callback {
  readonly kind: CallbackKind
  readonly filter: Filter
  readonly if: readonly ConditionEntry[]
  readonly unless: readonly ConditionEntry[]
}

type Change = { readonly prepend: boolean; readonly callback: Callback } | { readonly skip: Callback }

const changesOf = new WeakMap<object, Change[]>()

/** Notes a callback of a controller class. */
export function declareCallback(controller: object, callback: Callback, prepend: boolean): void {
  note(controller, { callback, prepend })
}

/** Notes that a controller class doesn't want a callback (of its parent's), or not for some actions.
 * @throws UndefinedCallback (REGAUGE_UNDEFINED_CALLBACK) when there is none, unless `mayBeAbsent`
 */
export function declareSkip(controller: Function, skip: Callback, mayBeAbsent: boolean): void {
  const chain = callbackChain(controller)
  if (chain.some((callback) => matches(callback, skip))) note(controller, { skip })
  else if (!mayBeAbsent) {
    const callback = typeof skip.filter === 'string' ? skip.filter : 'function'
    const names = chain.map((one) => one.filter).filter((filter) => typeof filter === 'string')
    throw new UndefinedCallback({ controller: controller.name, kind: skip.kind, callback, suggestion: didYouMean(callback, names) })
  }
}

/** The callbacks of a controller class in chain order, its parents' first; the rules are ActiveSupport's. */
export function callbackChain(controller: Function): Callback[] {
  const lineage: object[] = []
  for (let one: unknown = controller; typeof one === 'function'; one = Object.getPrototypeOf(one)) lineage.unshift(one)
  let chain: Callback[] = []
  for (const one of lineage) for (const change of changesOf.get(one) ?? []) chain = apply(chain, change)
  return chain
}

function note(controller: object, change: Change): void {
  const changes = changesOf.get(controller)
  if (changes === undefined) changesOf.set(controller, [change])
  else changes.push(change)
}

function apply(chain: readonly Callback[], change: Change): Callback[] {
  if ('skip' in change) return chain.flatMap((callback) => (matches(callback, change.skip) ? without(callback, change.skip) : [callback]))
  const { callback, prepend } = change
  // A name declared again moves and takes its new conditions; functions may be there twice.
  const others = typeof callback.filter === 'string' ? chain.filter((one) => !matches(one, callback)) : chain
  return prepend ? [callback, ...others] : [...others, callback]
}

/** What is left of a callback: nothing, or the same for all the cases the skip doesn't cover. */
function without(callback: Callback, skip: Callback): Callback[] {
  if (skip.if.length === 0 && skip.unless.length === 0) return []
  return [{ ...callback, if: [...callback.if, ...skip.unless], unless: [...callback.unless, ...skip.if] }]
}

function matches(callback: Callback, other: Callback): boolean {
  return callback.kind === other.kind && callback.filter === other.filter
}
