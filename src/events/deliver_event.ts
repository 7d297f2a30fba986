import { Job, type RetryAttempt, type RetryInterval } from '../jobs/index.ts'
import { didYouMean } from '../naming/index.ts'
import { callSubscriber, type EventContext, tellFailure } from './call_subscriber.ts'
import { UnknownEvent, UnknownSubscriber } from './errors.ts'
import { eventFrom } from './event.ts'
import { eventClassNamed, eventClassNames } from './event_classes.ts'
import { Subscriber } from './subscriber.ts'
import { currentSubscribers } from './subscribers.ts'

/** The job that brings an event to a deferred subscriber. Whether it comes again after an error is what the subscriber's class says; when it doesn't, it is
 * a failed job. */
export class DeliverEvent extends Job {
  static override maxRetries = Number.POSITIVE_INFINITY

  /** Says which event it brings to whom.
   * @param args its arguments, also as they are stored
   * @example DeliverEvent.titleOf(['SendReceipt', 'OrderPlaced', {}]) // 'DeliverEvent OrderPlaced -> SendReceipt' */
  static override titleOf(args: unknown): string {
    const [subscriberName, eventName] = Array.isArray(args) ? args : []
    if (typeof subscriberName !== 'string' || typeof eventName !== 'string') return this.name
    return `${this.name} ${eventName} -> ${subscriberName}`
  }

  static override retryInterval(error: Error, context: RetryAttempt): RetryInterval {
    const retries = retriesOf(context.arguments?.[0])
    return context.attempt <= retries.maxRetries && retries.retryInterval(error, { attempt: context.attempt })
  }

  /** @param subscriberName the class that is called
   *  @param eventName the class of the event
   *  @param payload the event's fields
   *  @param context what `publish` was given as context
   */
  async perform(subscriberName: string, eventName: string, payload: object, context: EventContext = {}): Promise<void> {
    const subscribers = currentSubscribers()
    const subscriber = subscribers.named(subscriberName)
    if (subscriber === undefined) {
      throw new UnknownSubscriber({ name: subscriberName, suggestion: didYouMean(subscriberName, subscribers.names()) })
    }
    const eventClass = eventClassNamed(eventName)
    if (eventClass === undefined) throw new UnknownEvent({ name: eventName, suggestion: didYouMean(eventName, eventClassNames()) })
    const event = eventFrom(eventClass, payload)
    const meta = { ...this.meta, willRetry: this.executions <= retriesOf(subscriberName).maxRetries }
    try {
      await callSubscriber(subscriber, event, context, meta)
    } catch (error) {
      tellFailure(subscriber, event, error)
      throw error
    }
  }
}

/** Those of every subscriber where none has the name. */
function retriesOf(subscriberName: unknown): Pick<typeof Subscriber, 'maxRetries' | 'retryInterval'> {
  return currentSubscribers().named(String(subscriberName)) ?? Subscriber
}
