import { currentSubscribers, type EventClass, type EventMixin, Subscriber } from '../events/index.ts'
import { type NotificationEvent, subscribed } from '../notifications/index.ts'

/** The events of a class, and of those derived from it, or of all classes made with a mixin, that are published while `work` runs; those of a transaction when it has committed.
 * Their subscribers get them, too.
 *
 * @example
 * const [placed] = await captureEvents(OrderPlaced, () => application.post('/orders', { json: { order: { amount: 1 } } }))
 */
export async function captureEvents<E extends object>(eventClass: EventClass<E> | EventMixin<E>, work: () => unknown): Promise<E[]> {
  const events: E[] = []
  class Capture extends Subscriber {
    static {
      this.subscribeTo(eventClass)
    }

    call(event: E) {
      events.push(event)
    }
  }
  try {
    await work()
  } finally {
    currentSubscribers().remove(Capture)
  }
  return events
}

/** The notifications of a name, or of those that match a pattern, while `work` runs: Rails' `capture_notifications`.
 * @example const queries = await captureNotifications('sql.active_record', () => Order.count())
 */
export async function captureNotifications(pattern: string | RegExp | undefined, work: () => unknown): Promise<NotificationEvent[]> {
  const events: NotificationEvent[] = []
  await subscribed(
    pattern,
    (event: NotificationEvent) => void events.push(event),
    async () => {
      await work()
    },
  )
  return events
}
