import type { EventClass } from './event.ts'

const known = new Map<string, EventClass>()

/** Makes event classes known by name, so that stored events of them can be delivered after a restart. The application calls it with
 * the classes it loaded; those that are subscribed to or published are known anyway. */
export function registerEventClasses(classes: Iterable<EventClass>): void {
  for (const eventClass of classes) known.set(eventClass.name, eventClass)
}

/** The event class of a name. */
export function eventClassNamed(name: string): EventClass | undefined {
  return known.get(name)
}

/** The names of all event classes that are known. */
export function eventClassNames(): string[] {
  return [...known.keys()]
}
