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
    if (callback.kind === 'before') before.unshift(conditional(ready.step, ready.condition))
    else if (callback.kind === 'after') after.push(conditional(ready.step, ready.condition))
    else {
      sequence = surround(ready.step, ready.condition, beforeAndAfter(before, sequence, after))
      before = []
      after = []
    }
  }
  return beforeAndAfter(before, sequence, after)
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
    if (isPromise(result)) return result.then(() => instance.isPerformed || runBefore(steps, instance, i + 1, proceed))
    if (instance.isPerformed) return true
  }
  return proceed(instance)
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
    const proceed = () => {
      inside = inner(instance)
      if (!isPromise<boolean>(inside)) return undefined
      const done = inside.then(() => undefined)
      // Whoever awaits it gets the error; when the callback itself fails first, nobody does.
      done.catch(ignore)
      return done
    }
    const outside = step(instance, ...[proceed])
    // Waits for what is inside too: an around callback may have forgotten to await it.
    return isPromise(outside) ? outside.then(() => inside) : inside
  }
  if (condition === undefined) return enter
  return (instance) => then(condition(instance) as MaybePromise<boolean>, (yes) => (yes ? enter(instance) : inner(instance)))
}

function ignore(): void {}

function then<T, R>(value: MaybePromise<T>, next: (value: T) => MaybePromise<R>): MaybePromise<R> {
  return isPromise<T>(value) ? value.then(next) : next(value)
}
