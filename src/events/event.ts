import { mixinOf } from './mixin.ts'

/** What every event has beside its payload. */
class EventBase {
  static {
    Object.defineProperty(this, 'name', { value: 'Event' })
  }

  /** @param payload becomes the event's fields */
  constructor(payload: object = {}) {
    for (const [key, value] of Object.entries(payload)) define(this, key, value)
  }
}

/** Defines rather than assigns, so that no name in a payload reaches a setter or the prototype. */
function define(event: object, key: string, value: unknown): void {
  Object.defineProperty(event, key, { value, enumerable: true, writable: true, configurable: true })
}

/** A thing that happened, by class. The payload's fields are the event's fields.
 *
 * @example
 * class OrderPlaced extends Event<{ order: Order }> {}
 * const event = new OrderPlaced({ order })
 * event.order
 */
export type Event<T extends object = {}> = EventBase & Readonly<T>

/** The constructor of {@link Event}: its instances have the payload's fields as their own. A payload without required fields may be left out. */
export interface EventConstructor {
  new <T extends object = {}>(...payload: {} extends T ? [payload?: T] : [payload: T]): Event<T>
  readonly prototype: Event
}

export const Event = EventBase as unknown as EventConstructor

/** A class of events, abstract ones included. */
export type EventClass<E extends object = object> = (abstract new (...args: never[]) => E) & { readonly name: string }

/** The class of an event, also when its payload has a field named `constructor`. */
export function eventClassOf(event: object): EventClass {
  return (Object.getPrototypeOf(event) as { constructor: EventClass }).constructor
}

/** The payload of an event: its own fields. */
export function payloadOf(event: object): Record<string, unknown> {
  return Object.fromEntries(Object.entries(event))
}

/** An event of a class with this payload, made without its constructor (whose parameters may be others). */
export function eventFrom(eventClass: EventClass, payload: object): object {
  const event: object = Object.create(eventClass.prototype as object)
  for (const [key, value] of Object.entries(payload)) define(event, key, value)
  return event
}

/** The classes an event is one of, each followed by the mixin that made it, the most specific first, up to what all events share. */
export function ancestorsOf(eventClass: object): object[] {
  const found: object[] = []
  for (let current: object | null = eventClass; isEventClass(current); current = Object.getPrototypeOf(current) as object | null) {
    found.push(current)
    const mixin = mixinOf(current)
    if (mixin !== undefined) found.push(mixin)
  }
  return found
}

function isEventClass(value: object | null): value is object {
  return typeof value === 'function' && value !== Function.prototype
}
