import type { CallbackDeclaration, CallbackSkip, ConditionOptions } from './declaration.ts'
import { list } from './guard.ts'

const skips = new WeakMap<object, CallbackSkip[]>()

/** Remembers what a class leaves out of its callbacks. */
export function addSkip(model: object, skip: CallbackSkip): void {
  skips.set(model, [...(skips.get(model) ?? []), skip])
}

/** What a class and its ancestors leave out. */
export function skipsOf(model: object): CallbackSkip[] {
  const found: CallbackSkip[] = []
  for (let ancestor: object | null = model; ancestor !== null; ancestor = Object.getPrototypeOf(ancestor))
    found.push(...(skips.get(ancestor) ?? []))
  return found
}

/** The callbacks of a class as they hold, in the order of their declarations: a method that was declared again for the same event has its
 * later place, and those that were skipped are left out, or have the conditions of the skipping beside their own.
 *
 * @param declared those of the class and its ancestors, and of their associations
 * @param left what {@link skipsOf} says
 */
export function callbacksInForce(declared: readonly CallbackDeclaration[], left: readonly CallbackSkip[]): CallbackDeclaration[] {
  let held: CallbackDeclaration[] = []
  const inOrder = [...declared, ...left].sort((one, other) => one.sequence - other.sequence)
  for (const each of inOrder) {
    if ('isSkip' in each) held = held.flatMap((callback) => (isSkippedBy(callback, each) ? skipped(callback, each) : [callback]))
    else {
      if (typeof each.body === 'string') held = held.filter((earlier) => !isSame(earlier, each))
      held.push(each)
    }
  }
  return held
}

function isSame(earlier: CallbackDeclaration, { body, event, position }: CallbackDeclaration): boolean {
  return earlier.body === body && earlier.event === event && earlier.position === position
}

/** Whether a callback is what a skip is about. Those of associations can't be skipped: their options say what they do. */
export function isSkippedBy(callback: CallbackDeclaration, { event, position, body }: CallbackSkip): boolean {
  if (callback.event !== event || callback.isOfAssociation === true) return false
  return body === undefined || (callback.position === position && (callback.body === body || callback.subject === body))
}

/** A callback or validation that is skipped on a condition runs when that doesn't hold. */
export function skipped<C extends { readonly options: ConditionOptions }>(callback: C, { options }: CallbackSkip): C[] {
  const whenNot = list(options.if)
  const when = list(options.unless)
  if (whenNot.length + when.length === 0) return []
  const conditions = {
    ...callback.options,
    if: [...list(callback.options.if), ...when],
    unless: [...list(callback.options.unless), ...whenNot],
  }
  return [{ ...callback, options: conditions }]
}
