import { PerApplication } from '../../context/index.ts'

/** Statuses of errors by the names of their classes: Rails' `rescue_responses`. */
export type RescueResponses = Readonly<Record<string, number>>

const responses = new PerApplication<RescueResponses>()

/** Sets the statuses that errors end a request with in an application, where they don't say it themselves. */
export function useRescueResponses(statuses: RescueResponses, application: object): void {
  responses.use(statuses, application)
}

/** Forgets those of an application: it has stopped. */
export function releaseRescueResponses(application: object): void {
  responses.release(application)
}

/** The HTTP status of an error: what the application says of its class or of a parent, else its own where it has one between 400 and 599,
 * else 500. */
export function statusOf(error: unknown): number {
  if (typeof error !== 'object' || error === null) return 500
  const { status, statusCode } = error as { status?: unknown; statusCode?: unknown }
  const own = configured(error) ?? status ?? statusCode
  return typeof own === 'number' && Number.isInteger(own) && own >= 400 && own <= 599 ? own : 500
}

function configured(error: object): number | undefined {
  const statuses = responses.current
  if (statuses === undefined) return undefined
  const { name } = error as { name?: unknown }
  if (typeof name === 'string' && Object.hasOwn(statuses, name)) return statuses[name]
  for (let one = Object.getPrototypeOf(error); one !== null; one = Object.getPrototypeOf(one)) {
    const className: unknown = one.constructor?.name
    if (typeof className === 'string' && Object.hasOwn(statuses, className)) return statuses[className]
  }
  return undefined
}
