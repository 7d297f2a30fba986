import { Job } from '../jobs/index.ts'
import { didYouMean } from '../naming/index.ts'
import { callSubscriber, type EventContext } from './call_subscriber.ts'
import { UnknownEvent, UnknownSubscriber } from './errors.ts'
import { eventFrom } from './event.ts'
import { eventClassNamed, eventClassNames } from './event_classes.ts'
import { currentSubscribers } from './subscribers.ts'

/** The job that brings an event to a deferred subscriber. Errors are retried ten times, ever more slowly; then it is a failed job. */
export class DeliverEvent extends Job {
  static {
    this.retryOn(Error, { wait: 'polynomially_longer', attempts: 10 })
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
    await callSubscriber(subscriber, eventFrom(eventClass, payload), context)
  }
}
