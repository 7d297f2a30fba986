import type { EventClass } from './event.ts'

/** A function that adds to a class of events, by which events of all classes made with it can be subscribed to. */
export type EventMixin<E extends object = object> = (base: never) => EventClass<E>

const mixins = new WeakSet<object>()
const madeBy = new WeakMap<object, object>()

/** Makes a mixin one can subscribe to: Ruby's module that several classes of events include. It may add nothing.
 *
 * @param make adds to the class that it is given
 * @example
 * const Auditable = eventMixin((Base: EventConstructor) => class extends Base<{ actor: string }> {})
 * class OrderPlaced extends Auditable(Event) {}
 * class Audit extends Subscriber { static { this.subscribeTo(Auditable) } … }
 */
export function eventMixin<F extends EventMixin>(make: F, name: string = make.name): F {
  const mixin = ((base: never) => {
    const given = make(base)
    // What adds nothing would mark the class that it was given, and what adds another mixin would not mark the class that this one has made.
    const made = given === (base as unknown) || madeBy.has(given) ? (class extends given {} as typeof given) : given
    madeBy.set(made, mixin)
    return made
  }) as F
  if (name !== '') Object.defineProperty(mixin, 'name', { value: name })
  mixins.add(mixin)
  return mixin
}

/** Whether it is what `eventMixin` made. */
export function isEventMixin(value: unknown): value is EventMixin {
  return typeof value === 'function' && mixins.has(value)
}

/** The mixin that made a class. */
export function mixinOf(eventClass: object): object | undefined {
  return madeBy.get(eventClass)
}
