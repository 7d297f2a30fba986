import { resolveCallback } from './callbacks.ts'
import { declare, declared } from './declarations.ts'

type Class = abstract new (...args: never[]) => unknown
/** An error class, as `instanceof` takes it. */
export type ErrorClass = abstract new (...args: never[]) => Error
/** What handles a rescued error: a method that gets it, or a function that gets the channel or connection and it. */
export type RescueHandler<T> = string | ((target: T, error: Error) => unknown)

interface Entry<T> {
  errorClass: ErrorClass
  handler: RescueHandler<T>
}

/** Declares a handler for the given error classes; it is the last argument. */
export function declareRescue<T>(owner: Class, args: readonly (ErrorClass | RescueHandler<T>)[]): void {
  const handler = args.at(-1) as RescueHandler<T>
  declare(owner, 'rescueFrom', ...args.slice(0, -1).map((errorClass): Entry<T> => ({ errorClass: errorClass as ErrorClass, handler })))
}

/** Names of the methods that handle errors. */
export function rescueMethodNames(owner: Class): string[] {
  return declared<Entry<object>>(owner, 'rescueFrom')
    .map(({ handler }) => handler)
    .filter((handler) => typeof handler === 'string')
}

/** Hands an error to the handler declared last that fits it, or that fits its cause.
 * @returns false when there is none
 */
export async function rescueWithHandler<T extends object>(target: T, error: unknown): Promise<boolean> {
  const owner = target.constructor as Class
  const entries = declared<Entry<T>>(owner, 'rescueFrom').reverse()
  for (let current = error, depth = 0; current instanceof Error && depth < 10; current = current.cause, depth++) {
    const found = entries.find(({ errorClass }) => current instanceof errorClass)
    if (found === undefined) continue
    const { handler } = found
    if (typeof handler === 'function') await handler(target, current)
    else await callMethod(target, handler, current)
    return true
  }
  return false
}

/** Checks at boot that the handlers exist. */
export function checkRescueHandlers(owner: Class): void {
  for (const name of rescueMethodNames(owner)) resolveCallback(owner, 'rescueFrom', name)
}

function callMethod(target: object, name: string, error: Error): unknown {
  return (target as Record<string, (error: Error) => unknown>)[name]?.(error)
}
