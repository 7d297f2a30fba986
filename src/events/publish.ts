import { types } from 'node:util'
import { afterCommit, currentExecution, withExecution } from '../context/index.ts'
import { Job } from '../jobs/index.ts'
import { isPlainObject } from '../values/index.ts'
import { callIsolated, type EventContext } from './call_subscriber.ts'
import { DeliverEvent } from './deliver_event.ts'
import { NoEvent } from './errors.ts'
import { eventClassOf, payloadOf } from './event.ts'
import { registerEventClasses } from './event_classes.ts'
import { announcementOf } from './every_process.ts'
import { currentSubscribers, type Delivery } from './subscribers.ts'

/** How an event is published. */
export interface PublishOptions {
  /** What subscribers are told beside the event: who did it, from where. It travels to deferred ones as job arguments do. */
  readonly context?: EventContext | undefined
}

/** Tells the subscribers of an event's class, and of its ancestors and mixins, that it happened.
 *
 * Deferred subscribers are enqueued first, all or none, each with its priority. Then the others run one after the other before the promise resolves; an error in
 * one is reported and doesn't reach the next, or the publisher.
 *
 * Within a database transaction the event waits for the outermost commit: then subscribers are called and jobs enqueued, after a rollback nothing is.
 * With `config.jobs.outbox` the jobs are written to the database within the transaction, so that not even the death of the process in between loses
 * them. Only subscribers with `inTransaction` are called at once: what they write is committed, or rolled back, with the rest.
 *
 * @throws NoEvent for what is no object of a class, such as the class itself; SerializationError when a deferred subscriber, or one in every process, can't be sent a field of the event; QueueWriteFailed
 * @example await publish(new OrderPlaced({ order }), { context: { ip: this.request.remoteIp } })
 */
export async function publish(event: object, { context = {} }: PublishOptions = {}): Promise<void> {
  checkEvent(event)
  const deliveries = currentSubscribers().deliveriesOf(eventClassOf(event))
  if (deliveries.length === 0) return
  const announce = deliveries.some(({ everyProcess }) => everyProcess) ? announcementOf(event, context) : undefined
  const deferred = deliveries.filter((delivery) => delivery.deferred)
  if (deferred.length > 0) await Job.performAllLater(jobsOf(deferred, event, context))
  const immediate = deliveries.filter((delivery) => !delivery.deferred)
  if (currentExecution()?.transaction === undefined) return deliver(immediate, event, context, announce)
  await deliver(
    immediate.filter(({ inTransaction }) => inTransaction),
    event,
    context,
  )
  const waiting = immediate.filter(({ inTransaction }) => !inTransaction)
  if (waiting.length === 0) return
  const { logFields, logTags } = currentExecution()!
  void afterCommit(() => withExecution({ logFields, logTags }, () => deliver(waiting, event, context, announce)))
}

/** Refuses what nobody can have subscribed to: it would be told to nobody, in silence. */
function checkEvent(event: unknown): void {
  if (typeof event === 'function') throw new NoEvent({ given: event.name === '' ? 'a function' : `${event.name} itself` })
  if (typeof event !== 'object' || event === null) throw new NoEvent({ given: String(event) })
  if (types.isPromise(event)) throw new NoEvent({ given: 'a promise' })
  if (isPlainObject(event)) throw new NoEvent({ given: 'an object of no class' })
}

async function deliver(deliveries: readonly Delivery[], event: object, context: EventContext, announce?: () => unknown): Promise<void> {
  await announce?.()
  for (const { subscriber } of deliveries) await callIsolated(subscriber, event, context)
}

function jobsOf(deliveries: readonly Delivery[], event: object, context: EventContext): Job[] {
  const eventClass = eventClassOf(event)
  registerEventClasses([eventClass])
  const payload = payloadOf(event)
  const hasContext = Object.keys(context).length > 0
  return deliveries.map(({ subscriber, priority, queue }) => {
    const args: ConstructorParameters<typeof DeliverEvent> = [subscriber.name, eventClass.name, payload]
    const job = new DeliverEvent(...args, ...(hasContext ? [context] : []))
    return job.set({ queue, ...(priority !== 0 && { priority }) })
  })
}
