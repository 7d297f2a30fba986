import { errorOfRuby } from '../errors/index.ts'
import { channel } from '../notifications/index.ts'
import { Callbacks } from './callbacks/callbacks.ts'
import { requireMethod } from './callbacks/action_methods.ts'
import type { Instance } from './callbacks/steps.ts'
import { InvalidRescue } from './errors.ts'

/** A class of errors. */
export type ErrorClass<E = unknown> = abstract new (...args: never[]) => E
/** A method's name (called with the error), or a function that gets the controller (also as `this`) and the error. */
export type RescueHandler<C, E> = string | ((this: C, controller: C, error: E) => unknown)

/** Rails' way to name the handler: `{ with: 'notFound' }`. */
interface RescueOptions<C, E> {
  readonly with: RescueHandler<C, E>
}

/** The error that a handler of these classes gets; one that is known by its name only is an Error. */
export type ErrorOf<E> = E extends ErrorClass<infer Instance> ? Instance : Error

interface Rescue {
  readonly error: ErrorClass | string
  readonly handler: RescueHandler<unknown, unknown>
}

/** Finds and runs what a controller does about an error; rethrows it when that is nothing. */
export type RescueStep = (controller: Instance, error: unknown) => void | Promise<void>

const rescuesOf = new WeakMap<object, Rescue[]>()
type Class = abstract new (...args: never[]) => Callbacks

const rescuing = channel('rescue_from_callback.action_controller')

/** What a controller does about errors of its actions and callbacks. */
export abstract class Rescuing extends Callbacks {
  /** Handles errors of these classes and their subclasses. A class that can't be imported is given by its name.
   *
   * The handler declared last wins, a subclass's before its parent's; when none fits the error, its `cause` is tried, and so on.
   * @example this.rescueFrom(RecordNotFound, (controller, error) => controller.render({ json: { error: error.message }, status: 'not_found' }))
   * @example this.rescueFrom(Forbidden, NotSignedIn, 'deny')
   * @example this.rescueFrom(Forbidden, { with: 'deny' })
   * @throws InvalidRescue (REGAUGE_INVALID_RESCUE) when the last argument is no handler, or an error is one of Ruby's such as StandardError
   */
  static rescueFrom<C extends Class, const E extends readonly [ErrorClass | string, ...(ErrorClass | string)[]]>(
    this: C,
    ...args: readonly [
      ...errors: E,
      handler: RescueHandler<InstanceType<C>, ErrorOf<E[number]>> | RescueOptions<InstanceType<C>, ErrorOf<E[number]>>,
    ]
  ): void {
    const errors = args.slice(0, -1) as (ErrorClass | string)[]
    const handler = handlerOf(this, args.at(-1))
    const general = errorOfRuby(errors)
    if (general !== undefined) throw new InvalidRescue({ controller: this.name, error: general })
    const rescues = rescuesOf.get(this) ?? []
    rescuesOf.set(this, rescues)
    for (const error of errors) rescues.push({ error, handler })
  }
}

function handlerOf(controller: Function, given: unknown): RescueHandler<unknown, unknown> {
  const handler = typeof given === 'object' && given !== null && 'with' in given ? given.with : given
  const isErrorClass = typeof handler === 'function' && (handler === Error || handler.prototype instanceof Error)
  if (typeof handler === 'string' || (typeof handler === 'function' && !isErrorClass)) return handler as RescueHandler<unknown, unknown>
  throw new InvalidRescue({ controller: controller.name, handler: isErrorClass ? `the class ${handler.name}` : String(handler) })
}

/** Compiles the rescue handlers of a controller class and its parents.
 * @throws MissingCallback (REGAUGE_MISSING_CALLBACK) when a handler names no method
 */
export function rescueStep(controller: Function): RescueStep {
  const rescues = rescuesFor(controller)
  for (const { handler } of rescues) if (typeof handler === 'string') requireMethod(controller, handler)
  return (instance, thrown) => {
    for (const error of withCauses(thrown)) {
      const rescue = rescues.find((one) => fits(one.error, error))
      if (rescue === undefined) continue
      rescuing.publish({ exception: error })
      return run(rescue.handler, instance, error)
    }
    throw thrown
  }
}

/** The rescue handlers of a controller class for people to read, in the order in which they are tried. */
export function describeRescues(controller: Function): { readonly error: string; readonly handler: string }[] {
  return rescuesFor(controller).map(({ error, handler }) => ({
    error: typeof error === 'string' ? error : error.name,
    handler: typeof handler === 'string' ? handler : handler.name || '(function)',
  }))
}

/** The one declared last comes first. */
function rescuesFor(controller: Function): Rescue[] {
  const rescues: Rescue[] = []
  for (let one: unknown = controller; typeof one === 'function'; one = Object.getPrototypeOf(one))
    rescues.push(...(rescuesOf.get(one) ?? []).toReversed())
  return rescues
}

function withCauses(error: unknown): Set<unknown> {
  const errors = new Set<unknown>()
  for (let one = error; one !== undefined && one !== null && !errors.has(one); one = (one as { cause?: unknown }).cause) errors.add(one)
  return errors
}

function fits(wanted: ErrorClass | string, error: unknown): boolean {
  if (typeof wanted !== 'string') return error instanceof wanted
  for (
    let one: unknown = (error as object).constructor;
    typeof one === 'function' && one !== Function.prototype;
    one = Object.getPrototypeOf(one)
  ) {
    if (one.name === wanted) return true
  }
  return (error as { name?: unknown }).name === wanted
}

function run(handler: RescueHandler<unknown, unknown>, instance: Instance, error: unknown): void | Promise<void> {
  const result = typeof handler === 'string' ? instance[handler]!(error) : handler.call(instance, instance, error)
  return result as void | Promise<void>
}
