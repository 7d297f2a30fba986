import { isObjectLiteral } from './plain_object.ts'

const outside = new WeakSet<object>()

/** Notes that a value was read from what others wrote: sessions, cookies, JSON columns, arguments of jobs. Objects in it are values for ever, and
 * never what an application says with a literal, such as the operators of a condition. Objects that inherit nothing need no note.
 *
 * @returns the value itself
 * @example const filter = fromOutside(JSON.parse(text))
 */
export function fromOutside<T>(value: T): T {
  const pending: unknown[] = [value]
  while (pending.length > 0) {
    const next = pending.pop()
    if (typeof next !== 'object' || next === null || outside.has(next)) continue
    outside.add(next)
    if (Array.isArray(next)) for (const item of next) pending.push(item)
    else if (isObjectLiteral(next)) for (const item of Object.values(next)) pending.push(item)
  }
  return value
}

/** Whether an object is of a value that {@link fromOutside} was given. */
export function isFromOutside(value: object): boolean {
  return outside.has(value)
}
