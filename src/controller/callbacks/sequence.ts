import { channel } from '../../notifications/index.ts'
import { useUrlDefaults } from '../urls.ts'
import { ownMethods } from './action_methods.ts'
import type { Callback } from './declarations.ts'
import { type Instance, isPromise, type MaybePromise, type Step, stepFor } from './steps.ts'

/** Runs callbacks and action on one controller; true when a before callback has halted it. */
export type Sequence = (controller: Instance) => MaybePromise<boolean>

/** Composes a chain of callbacks around an action, once, at boot. Each around callback surrounds everything that was declared after it. */
export function sequenceFor(chain: readonly Callback[], controller: Function, action: string, innermost: Step): Sequence {
  let sequence: Sequence = (instance) => notHalted(innermost(instance))
  let before: Step[] = []
  let after: Step[] = []
  // From the last declared to the first: what was declared earlier lies further outside.
  for (const callback of [...chain].reverse()) {
    const ready = stepFor(callback, controller, action)
    if (ready === undefined) continue
    if (callback.kind === 'before') before.unshift(named(conditional(ready.step, ready.condition), callback))
    else if (callback.kind === 'after') after.push(conditional(ready.step, ready.condition))
    else {
      sequence = surround(ready.step, ready.condition, beforeAndAfter(before, sequence, after))
      before = []
      after = []
    }
  }
  return withUrlDefaults(beforeAndAfter(before, sequence, after), controller)
}

/** A controller that has options for all of its URLs is asked for them when the first one is made. */
function withUrlDefaults(sequence: Sequence, controller: Function): Sequence {
  if (!ownMethods(controller).includes('defaultUrlOptions')) return sequence
  return (instance) => {
    useUrlDefaults(instance.request, () => instance['defaultUrlOptions']!() as object)
    return sequence(instance)
  }
}

function notHalted(result: unknown): MaybePromise<boolean> {
  return isPromise(result) ? result.then(() => false) : false
}

function conditional(step: Step, condition: Step | undefined): Step {
  if (condition === undefined) return step
  return (instance) => {
    const answer = condition(instance)
    if (isPromise<boolean>(answer)) return answer.then((yes) => (yes ? step(instance) : undefined))
    return answer ? step(instance) : undefined
  }
}

function beforeAndAfter(before: readonly Step[], inner: Sequence, after: readonly Step[]): Sequence {
  if (before.length === 0 && after.length === 0) return inner
  const proceed: Sequence =
    after.length === 0 ? inner : (instance) => then(inner(instance), (halted) => halted || runAfter(after, instance, 0))
  if (before.length === 0) return proceed
  return (instance) => runBefore(before, instance, 0, proceed)
}

function runBefore(steps: readonly Step[], instance: Instance, from: number, proceed: Sequence): MaybePromise<boolean> {
  for (let i = from; i < steps.length; i++) {
    const result = steps[i]!(instance)
    if (isPromise(result)) {
      return result.then(() => (instance.isPerformed ? halt(steps[i]!) : runBefore(steps, instance, i + 1, proceed)))
    }
    if (instance.isPerformed) return halt(steps[i]!)
  }
  return proceed(instance)
}

const halted = channel('halted_callback.action_controller')
/** What a step was declared as, for those who listen to what halts. */
const filters = new WeakMap<Step, unknown>()

function named(step: Step, { filter }: Callback): Step {
  filters.set(step, filter)
  return step
}

function halt(step: Step): true {
  if (halted.isOn) halted.publish({ filter: filters.get(step) })
  return true
}

function runAfter(steps: readonly Step[], instance: Instance, from: number): MaybePromise<boolean> {
  for (let i = from; i < steps.length; i++) {
    const result = steps[i]!(instance)
    if (isPromise(result)) return result.then(() => runAfter(steps, instance, i + 1))
  }
  return false
}

function surround(step: Step, condition: Step | undefined, inner: Sequence): Sequence {
  const enter: Sequence = (instance) => {
    let inside: MaybePromise<boolean> = false
    let watched: Watched | undefined
    const proceed = () => {
      inside = inner(instance)
      return isPromise<boolean>(inside) ? (watched = new Watched(inside)) : undefined
    }
    const outside = step(instance, proceed)
    // Waits for what is inside even where the callback forgot to. If it didn't forget, what came of it is the callback's affair.
    if (!isPromise(outside)) return inside
    return outside.then(() => (watched?.isAwaited ? watched.halted : inside))
  }
  if (condition === undefined) return enter
  return (instance) => then(condition(instance) as MaybePromise<boolean>, (yes) => (yes ? enter(instance) : inner(instance)))
}

/** The promise that `proceed` returns: knows whether anybody waits for it. */
class Watched implements PromiseLike<void> {
  isAwaited = false
  halted = false
  readonly #done: Promise<void>

  constructor(inside: Promise<boolean>) {
    this.#done = inside.then((halted) => void (this.halted = halted))
    // When the callback itself fails first, nobody waits for what is inside.
    this.#done.catch(ignore)
  }

  /** `await` of a plain promise can't be noticed, `await` of this can. */
  then<A = void, B = never>(
    resolved?: ((value: void) => A | PromiseLike<A>) | null,
    rejected?: ((error: unknown) => B | PromiseLike<B>) | null,
  ): Promise<A | B> {
    this.isAwaited = true
    return this.#done.then(resolved, rejected)
  }

  catch<B = never>(rejected?: ((error: unknown) => B | PromiseLike<B>) | null): Promise<void | B> {
    return this.then(undefined, rejected)
  }

  finally(settled?: (() => void) | null): Promise<void> {
    this.isAwaited = true
    return this.#done.finally(settled)
  }
}

function ignore(): void {}

function then<T, R>(value: MaybePromise<T>, next: (value: T) => MaybePromise<R>): MaybePromise<R> {
  return isPromise<T>(value) ? value.then(next) : next(value)
}
