import { upcaseFirst } from '../../naming/index.ts'
import { isPlainObject } from '../../values/index.ts'
import { declarationsOf, declare } from '../declarations.ts'
import { InvalidArgument } from '../errors.ts'
import type { ModelClass } from '../record/model_record.ts'
import { nextSequence } from '../sequence.ts'
import type { CallbackBody, CallbackEvent, CallbackPosition, CallbackSkip, ConditionOptions, SkippedEvent } from './declaration.ts'
import { list } from './guard.ts'
import { isValidationDeclared } from '../validations/in_force.ts'
import { addSkip, callbacksInForce, isSkippedBy, skipsOf } from './in_force.ts'

/** What the callback macros take: methods by name, functions, objects and classes with a method of the macro's name, and options. */
export type CallbackArguments = readonly (CallbackBody | object)[]

interface Options extends ConditionOptions {
  readonly prepend?: boolean
  readonly raise?: boolean
}

/** Declares callbacks of an event. A method that was declared for it before runs once, at its new place, as in Rails.
 * @throws InvalidArgument for an object without a method of the macro's name
 */
export function addCallback(
  model: ModelClass,
  position: CallbackPosition,
  event: CallbackEvent,
  args: CallbackArguments,
  on?: string | readonly string[],
): void {
  const { bodies, options } = split(model, position, event, args)
  const only = on ?? options.on
  for (const { body, subject } of bodies) {
    const conditions: ConditionOptions = { ...options, ...(only === undefined ? {} : { on: list(only) }) }
    const declaration = { event, position, body, subject, options: conditions, prepend: options.prepend === true, sequence: nextSequence() }
    declare(model).callbacks.push(declaration)
  }
}

/** Leaves out callbacks that an ancestor or the class declared, or those for which conditions hold.
 * @throws InvalidArgument for one that wasn't declared, unless `raise` is false
 */
export function skipCallbacks(model: ModelClass, position: CallbackPosition, event: SkippedEvent, args: CallbackArguments): void {
  const { bodies, options } = split(model, position, event, args)
  for (const { body, subject } of bodies) {
    const skip: CallbackSkip = { isSkip: true, event, position, body: subject ?? body, options, sequence: nextSequence() }
    if (options.raise !== false && !isDeclared(model, skip)) throw notDeclared(skip)
    addSkip(model, skip)
    declare(model)
  }
}

/** Leaves out all callbacks of an event that were declared so far. */
export function resetCallbacks(model: ModelClass, event: SkippedEvent): void {
  addSkip(model, { isSkip: true, event, position: undefined, body: undefined, options: {}, sequence: nextSequence() })
  declare(model)
}

function isDeclared(model: ModelClass, skip: CallbackSkip): boolean {
  if (skip.event === 'validate') return isValidationDeclared(declarationsOf(model), skipsOf(model), skip)
  const callbacks = declarationsOf(model).flatMap((each) => each.callbacks)
  return callbacksInForce(callbacks, skipsOf(model)).some((callback) => isSkippedBy(callback, skip))
}

function notDeclared({ event, position, body }: CallbackSkip): InvalidArgument {
  const name = typeof body === 'string' ? `'${body}'` : 'given'
  return new InvalidArgument({ reason: `${upcaseFirst(position!)} ${event} callback ${name} has not been defined.` })
}

interface Body {
  readonly body: CallbackBody
  /** The object or class whose method it is. */
  readonly subject?: object
}

function split(
  model: ModelClass,
  position: CallbackPosition,
  event: SkippedEvent,
  args: CallbackArguments,
): { bodies: Body[]; options: Options } {
  const method = `${position}${upcaseFirst(event)}`
  const last = args.at(-1)
  const hasOptions = isPlainObject(last) && !isCallbackObject(last, method)
  const bodies = (hasOptions ? args.slice(0, -1) : args).map((arg) => bodyOf(model, arg, method))
  return { bodies, options: hasOptions ? (last as Options) : {} }
}

function bodyOf(model: ModelClass, arg: CallbackBody | object, method: string): Body {
  if (isCallbackObject(arg, method)) {
    const call = (record: never, proceed: never): unknown =>
      (Reflect.get(arg, method) as (...args: never[]) => unknown).call(arg, record, proceed)
    return { body: call, subject: arg }
  }
  if (typeof arg === 'string' || typeof arg === 'function') return { body: arg as CallbackBody }
  throw new InvalidArgument({ reason: `${method} of ${model.name} was given an object without a method ${method}().` })
}

function isCallbackObject(arg: unknown, method: string): arg is object {
  return ((typeof arg === 'object' && arg !== null) || typeof arg === 'function') && typeof Reflect.get(arg, method) === 'function'
}
