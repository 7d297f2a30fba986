import { underscore } from '../naming/index.ts'
import { InvalidNotificationSubscriber } from './errors.ts'
import type { NotificationEvent } from './event.ts'
import { subscribe, unsubscribe } from './notifications.ts'
import type { Subscription } from './subscription.ts'

/** How a class is attached. */
export interface AttachOptions<S extends NotificationSubscriber = NotificationSubscriber> {
  /** Who is told; default a new one. */
  readonly subscriber?: S | undefined
  /** Whether methods that the class inherits listen, too. Default false, as in Rails. */
  readonly inheritAll?: boolean | undefined
}

const attached = new WeakMap<object, Map<string, readonly Subscription[]>>()
/** Methods of these names are for a subscriber of another form. */
const noEvents: ReadonlySet<string> = new Set(['constructor', 'start', 'finish'])

/** Is told of the events of a namespace, each by its method of that name, in Rails' spelling or in ours: `enqueue_at` and `enqueueAt` are for
 * `enqueue_at.active_job`. Rails' `ActiveSupport::Subscriber`.
 *
 * @example
 * class JobMetrics extends notifications.NotificationSubscriber {
 *   perform(event: notifications.NotificationEvent) {
 *     metrics.timing('job', event.duration)
 *   }
 * }
 * JobMetrics.attachTo('active_job')
 */
export abstract class NotificationSubscriber {
  /** Begins to listen, also when it did so already: then in place of what listened before.
   * @param namespace what stands behind the dot: `active_job`
   * @throws InvalidNotificationSubscriber (REGAUGE_INVALID_NOTIFICATION_SUBSCRIBER) for no namespace, or a class without methods */
  static attachTo<S extends NotificationSubscriber>(
    this: new () => S,
    namespace: string,
    { subscriber = new this(), inheritAll = false }: AttachOptions<S> = {},
  ): S {
    if (typeof namespace !== 'string' || namespace === '')
      throw new InvalidNotificationSubscriber({ reason: `of no namespace: ${this.name} is attached to a name such as 'active_job'` })
    const methods = methodsOf(this.prototype as object, inheritAll)
    if (methods.length === 0)
      throw new InvalidNotificationSubscriber({ reason: `with ${this.name}, which has no method of its own that is called as an event is` })
    NotificationSubscriber.detachFrom.call(this, namespace)
    const listen = (method: string) =>
      subscribe(`${underscore(method)}.${namespace}`, (event: NotificationEvent) => {
        const work: unknown = Reflect.get(subscriber, method)
        if (typeof work === 'function' && subscriber.listensTo(method)) return work.call(subscriber, event)
      })
    const namespaces = attached.get(this) ?? new Map<string, readonly Subscription[]>()
    attached.set(this, namespaces.set(namespace, methods.map(listen)))
    return subscriber
  }

  /** Ends what `attachTo` began. */
  static detachFrom(this: new () => NotificationSubscriber, namespace: string): void {
    for (const subscription of attached.get(this)?.get(namespace) ?? []) unsubscribe(subscription)
    attached.get(this)?.delete(namespace)
  }

  /** Whether a method is told of its event. */
  listensTo(_method: string): boolean {
    return true
  }
}

function methodsOf(prototype: object, inheritAll: boolean): string[] {
  const found = new Set<string>()
  for (let current = prototype; !bases.has(current); current = Object.getPrototypeOf(current) as object) {
    for (const [name, { value }] of Object.entries(Object.getOwnPropertyDescriptors(current)))
      if (typeof value === 'function' && !noEvents.has(name)) found.add(name)
    if (!inheritAll) break
  }
  return [...found]
}

/** Where those end that listen. */
const bases = new WeakSet<object>([NotificationSubscriber.prototype])

/** Says that the methods of a class are no listeners: it is one to derive from. */
export function declareBase(subscriberClass: { readonly prototype: object }): void {
  bases.add(subscriberClass.prototype)
}
