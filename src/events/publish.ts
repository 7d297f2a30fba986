import { currentExecution, withExecution } from '../context/index.ts'
import { Job } from '../jobs/index.ts'
import { logger } from '../logging/index.ts'
import { DeliverEvent } from './deliver_event.ts'
import { type EventClass, payloadOf } from './event.ts'
import { registerEventClasses } from './event_classes.ts'
import type { SubscriberClass } from './subscriber.ts'
import { currentSubscribers } from './subscribers.ts'

/** Tells the subscribers of an event's class, and of its ancestors, that it happened.
 *
 * Deferred subscribers are enqueued first, all or none, each with its priority. Then the others run one after the other before the promise resolves; an error in
 * one is reported to the log and doesn't reach the next, or the publisher.
 *
 * Within a database transaction, immediate subscribers run at once and take part in it (what they write is rolled back with it); deferred
 * ones are enqueued after the outermost commit, and never after a rollback.
 *
 * @throws SerializationError when a deferred subscriber can't be sent a field of the event; QueueWriteFailed
 * @example await publish(new OrderPlaced({ order }))
 */
export async function publish(event: object): Promise<void> {
  const deliveries = currentSubscribers().deliveriesOf(event.constructor)
  if (deliveries.length === 0) return
  const deferred = deliveries.filter((delivery) => delivery.deferred)
  if (deferred.length > 0) {
    registerEventClasses([event.constructor as unknown as EventClass])
    const payload = payloadOf(event)
    const jobs = deferred.map(({ subscriber, priority }) => {
      const job = new DeliverEvent(subscriber.name, event.constructor.name, payload)
      return priority === 0 ? job : job.set({ priority })
    })
    await Job.performAllLater(jobs)
  }
  for (const { subscriber, deferred: isDeferred } of deliveries) if (!isDeferred) await callIsolated(subscriber, event)
}

async function callIsolated(subscriber: SubscriberClass, event: object): Promise<void> {
  const logFields = { ...currentExecution()?.logFields, subscriber: subscriber.name }
  await withExecution({ logFields }, async () => {
    try {
      await new subscriber().call(event as never)
    } catch (error) {
      const { name, message } = error instanceof Error ? error : new Error(String(error))
      logger.error(`Subscriber failed with exception: ${name} (${message})`, { error })
    }
  })
}
