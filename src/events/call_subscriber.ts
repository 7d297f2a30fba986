import { currentExecution, withExecution } from '../context/index.ts'
import { errorOf } from '../errors/index.ts'
import { reporter } from '../errors/reporter.ts'
import { failureOf, type JobMeta, rescueFor } from '../jobs/index.ts'
import { logger } from '../logging/index.ts'
import { thrownText } from '../values/index.ts'
import { eventClassOf } from './event.ts'
import { rescuesOf, type SubscriberClass } from './subscriber.ts'

/** What `publish` was given beside the event. */
export type EventContext = Readonly<Record<string, unknown>>

/** Calls a subscriber; its log lines carry its name. An error goes to what its class declares with `rescueFrom`.
 * @param meta the attempt, where it is called by a job
 * @throws the error when nothing handles it, or what its handler threw
 */
export async function callSubscriber(
  subscriberClass: SubscriberClass,
  event: object,
  context: EventContext,
  meta?: JobMeta,
): Promise<void> {
  const logFields = { ...currentExecution()?.logFields, subscriber: subscriberClass.name }
  await withExecution({ logFields }, async () => {
    const subscriber = new subscriberClass()
    try {
      await subscriber.call(event as never, { context: Object.freeze({ ...context }), ...(meta && { meta }) })
    } catch (thrown) {
      const error = errorOf(thrown)
      const found = rescueFor(rescuesOf(subscriberClass), error)
      if (found === undefined) throw error
      await found.rescue.handle(subscriber, found.error)
    }
  })
}

/** Calls a subscriber whose errors reach neither the next one nor the publisher: they are logged and reported. */
export async function callIsolated(subscriberClass: SubscriberClass, event: object, context: EventContext): Promise<void> {
  try {
    await callSubscriber(subscriberClass, event, context)
  } catch (thrown) {
    tellFailure(subscriberClass, event, thrown)
  }
}

/** Logs and reports what a subscriber threw. */
export function tellFailure(subscriberClass: SubscriberClass, event: object, thrown: unknown): void {
  const error = readable(errorOf(thrown))
  // Most errors have no name of their own: their class has.
  const { name } = failureOf(error)
  const names = { subscriber: subscriberClass.name, event: eventClassOf(event).name }
  const logFields = { ...currentExecution()?.logFields, subscriber: names.subscriber }
  withExecution({ logFields }, () => {
    logger.error(`Subscriber failed with exception: ${name} (${error.message})`, { error })
    reporter.report(error, { handled: false, context: names })
  })
}

/** The error, or one in its place where its fields can't be read, or are no texts: what reads them here and later would throw. */
function readable(error: Error): Error {
  try {
    if ([error.name, error.message, error.stack ?? ''].every((text) => typeof text === 'string')) return error
  } catch {
    // A getter threw.
  }
  return new Error(thrownText(error))
}
