import { didYouMean, ordinalize } from '../../naming/index.ts'
import type { Controller } from '../controller.ts'
import { InvalidCallback } from '../errors.ts'
import { Metal } from '../metal.ts'
import { type CallbackKind, type ConditionEntry, declareCallback, declareSkip, type Filter } from './declarations.ts'

/** A method's name, or a function that gets the controller as `this` and as its argument. Any true value counts, also one of a promise. */
export type Condition<C> = string | ((this: C, controller: C) => unknown)

/** For which actions, and when, a callback runs. */
export interface CallbackOptions<C = Controller> {
  /** The actions it is for; default all. */
  readonly only?: string | readonly string[]
  /** The actions it is not for. */
  readonly except?: string | readonly string[]
  /** All must hold. */
  readonly if?: Condition<C> | readonly Condition<C>[]
  /** None may hold. */
  readonly unless?: Condition<C> | readonly Condition<C>[]
}

/** For which actions, and when, a callback is left out. */
export interface SkipOptions<C = Controller> extends CallbackOptions<C> {
  /** `false`: no error when there is no such callback. */
  readonly raise?: boolean
}

/** Continues with what an around callback surrounds; resolves when that is done. */
export type Proceed = () => void | PromiseLike<void>
/** A method's name, a function, or an object with a method `before`. */
export type BeforeCallback<C> = string | ((this: C, controller: C) => unknown) | { before(controller: C): unknown }
/** A method's name, a function, or an object with a method `after`. */
export type AfterCallback<C> = string | ((this: C, controller: C) => unknown) | { after(controller: C): unknown }
/** A method's name (called with `proceed`), a function, or an object with a method `around`. */
export type AroundCallback<C> =
  | string
  | ((this: C, controller: C, proceed: Proceed) => unknown)
  | { around(controller: C, proceed: Proceed): unknown }

type Class = abstract new (...args: never[]) => Metal

/** The callbacks of actions: `static { this.beforeAction('authenticate', { except: ['index'] }) }`.
 *
 * A before callback that renders, redirects or heads ends the request: the action, later callbacks and all after callbacks don't run.
 * After callbacks run in reverse order of declaration. Around callbacks get `proceed` and must call it (a method: `async audit(proceed) { await proceed() }`).
 * A name declared again replaces the earlier declaration. The order and the rules are those of Action Controller.
 */
export abstract class Callbacks extends Metal {
  /** Runs before the action, after the callbacks declared so far. */
  static beforeAction<C extends Class>(
    this: C,
    ...args: readonly (BeforeCallback<InstanceType<C>> | CallbackOptions<InstanceType<C>>)[]
  ): void {
    add(this, 'before', args, false)
  }

  static appendBeforeAction<C extends Class>(
    this: C,
    ...args: readonly (BeforeCallback<InstanceType<C>> | CallbackOptions<InstanceType<C>>)[]
  ): void {
    add(this, 'before', args, false)
  }

  /** Runs before the action and before the callbacks declared so far. */
  static prependBeforeAction<C extends Class>(
    this: C,
    ...args: readonly (BeforeCallback<InstanceType<C>> | CallbackOptions<InstanceType<C>>)[]
  ): void {
    add(this, 'before', args, true)
  }

  /** Runs after the action, before the after callbacks declared so far. */
  static afterAction<C extends Class>(
    this: C,
    ...args: readonly (AfterCallback<InstanceType<C>> | CallbackOptions<InstanceType<C>>)[]
  ): void {
    add(this, 'after', args, false)
  }

  static appendAfterAction<C extends Class>(
    this: C,
    ...args: readonly (AfterCallback<InstanceType<C>> | CallbackOptions<InstanceType<C>>)[]
  ): void {
    add(this, 'after', args, false)
  }

  static prependAfterAction<C extends Class>(
    this: C,
    ...args: readonly (AfterCallback<InstanceType<C>> | CallbackOptions<InstanceType<C>>)[]
  ): void {
    add(this, 'after', args, true)
  }

  /** Surrounds the action and the callbacks declared later. */
  static aroundAction<C extends Class>(
    this: C,
    ...args: readonly (AroundCallback<InstanceType<C>> | CallbackOptions<InstanceType<C>>)[]
  ): void {
    add(this, 'around', args, false)
  }

  static appendAroundAction<C extends Class>(
    this: C,
    ...args: readonly (AroundCallback<InstanceType<C>> | CallbackOptions<InstanceType<C>>)[]
  ): void {
    add(this, 'around', args, false)
  }

  static prependAroundAction<C extends Class>(
    this: C,
    ...args: readonly (AroundCallback<InstanceType<C>> | CallbackOptions<InstanceType<C>>)[]
  ): void {
    add(this, 'around', args, true)
  }

  /** Drops an inherited callback, with `only` or other conditions just there.
   * @throws UndefinedCallback (REGAUGE_UNDEFINED_CALLBACK) at boot, when there is none
   */
  static skipBeforeAction<C extends Class>(
    this: C,
    ...args: readonly (BeforeCallback<InstanceType<C>> | SkipOptions<InstanceType<C>>)[]
  ): void {
    skip(this, 'before', args)
  }

  static skipAfterAction<C extends Class>(
    this: C,
    ...args: readonly (AfterCallback<InstanceType<C>> | SkipOptions<InstanceType<C>>)[]
  ): void {
    skip(this, 'after', args)
  }

  static skipAroundAction<C extends Class>(
    this: C,
    ...args: readonly (AroundCallback<InstanceType<C>> | SkipOptions<InstanceType<C>>)[]
  ): void {
    skip(this, 'around', args)
  }
}

function add(controller: Class, kind: CallbackKind, args: readonly unknown[], prepend: boolean): void {
  const { filters, options } = split(controller, kind, args, ['only', 'except', 'if', 'unless'])
  for (const filter of filters) declareCallback(controller, { kind, filter, ...conditions(options) }, prepend)
}

function skip(controller: Class, kind: CallbackKind, args: readonly unknown[]): void {
  const { filters, options } = split(controller, kind, args, ['only', 'except', 'if', 'unless', 'raise'])
  for (const filter of filters) declareSkip(controller, { kind, filter, ...conditions(options) }, options.raise === false)
}

/** A mistyped `only` would make a callback run everywhere, a mistyped `except` nowhere it should: neither is let pass. */
function split(
  controller: Class,
  kind: CallbackKind,
  args: readonly unknown[],
  known: readonly string[],
): { filters: Filter[]; options: SkipOptions<never> } {
  const last = args.at(-1)
  const hasOptions = typeof last === 'object' && last !== null && !(kind in last)
  const filters = hasOptions ? args.slice(0, -1) : args
  const options = hasOptions ? (last as SkipOptions<never>) : {}
  const unknown = Object.keys(options).find((name) => !known.includes(name))
  if (unknown !== undefined) {
    throw new InvalidCallback({
      controller: controller.name,
      kind,
      problem: `the unknown option '${unknown}'`,
      suggestion: didYouMean(unknown, known),
    })
  }
  const wrong = filters.findIndex((filter) => !isFilter(filter, kind))
  if (wrong >= 0)
    throw new InvalidCallback({
      controller: controller.name,
      kind,
      problem: `${String(filters[wrong])} in its ${ordinalize(wrong + 1)} place`,
    })
  return { filters: filters as Filter[], options }
}

function isFilter(value: unknown, kind: CallbackKind): value is Filter {
  if (typeof value === 'object' && value !== null) return typeof (value as Record<string, unknown>)[kind] === 'function'
  return typeof value === 'string' || typeof value === 'function'
}

function conditions(options: CallbackOptions<never>): { if: ConditionEntry[]; unless: ConditionEntry[] } {
  const { only, except } = options
  return {
    if: [...(only === undefined ? [] : [new Set(list(only))]), ...list(options.if)],
    unless: [...(except === undefined ? [] : [new Set(list(except))]), ...list(options.unless)],
  }
}

function list<T>(value: T | readonly T[] | undefined): T[] {
  if (value === undefined) return []
  return Array.isArray(value) ? [...value] : [value as T]
}
