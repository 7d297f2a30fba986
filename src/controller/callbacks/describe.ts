import { namesAction } from '../../naming/index.ts'
import { type Callback, type CallbackKind, callbackChain, type ConditionEntry } from './declarations.ts'

/** A callback for people to read. */
export interface DescribedCallback {
  readonly kind: CallbackKind
  /** The method's name; `(function)` or `(object)` for what has none. */
  readonly callback: string
  readonly only?: readonly string[]
  readonly except?: readonly string[]
  readonly if?: readonly string[]
  readonly unless?: readonly string[]
}

/** The callbacks of a controller class in the order of its chain, or of one action: those that may run for it.
 * @example describeCallbacks(OrdersController, 'create') // [{ kind: 'before', callback: 'authenticate', except: ['index'] }]
 */
export function describeCallbacks(controller: Function, action?: string): DescribedCallback[] {
  const chain = callbackChain(controller)
  return chain.filter((callback) => action === undefined || isFor(callback, action)).map(describe)
}

function isFor(callback: Callback, action: string): boolean {
  return (
    callback.if.every((entry) => !(entry instanceof Set) || namesAction(entry, action)) &&
    !callback.unless.some((entry) => entry instanceof Set && namesAction(entry, action))
  )
}

function describe(callback: Callback): DescribedCallback {
  const lists = {
    only: common(actionSets(callback.if)),
    except: union(actionSets(callback.unless)),
    if: conditions(callback.if),
    unless: conditions(callback.unless),
  }
  return {
    kind: callback.kind,
    callback: nameOf(callback.filter),
    ...Object.fromEntries(Object.entries(lists).filter(([, names]) => names !== undefined)),
  }
}

function actionSets(entries: readonly ConditionEntry[]): ReadonlySet<string>[] {
  return entries.filter((entry) => entry instanceof Set)
}

/** An action must be in each of the lists that `only`, and a skip with `except`, have left. */
function common([first, ...others]: readonly ReadonlySet<string>[]): string[] | undefined {
  return first && [...first].filter((action) => others.every((set) => namesAction(set, action)))
}

function union(sets: readonly ReadonlySet<string>[]): string[] | undefined {
  return sets.length === 0 ? undefined : [...new Set(sets.flatMap((set) => [...set]))]
}

function conditions(entries: readonly ConditionEntry[]): string[] | undefined {
  const names = entries.filter((entry) => !(entry instanceof Set)).map(nameOf)
  return names.length === 0 ? undefined : names
}

function nameOf(filter: unknown): string {
  if (typeof filter === 'string') return filter
  return typeof filter === 'function' ? filter.name || '(function)' : '(object)'
}
