import { randomUUID } from 'node:crypto'
import { currentRecordLocator, deserializeArguments, serializeArguments } from '../jobs/index.ts'
import { errorOf } from '../errors/index.ts'
import { reporter } from '../errors/reporter.ts'
import { logger } from '../logging/index.ts'
import { didYouMean } from '../naming/index.ts'
import { currentPubSub, type PubSub, PubSubMissing, type Unsubscribe } from '../pubsub/index.ts'
import { callIsolated, type EventContext } from './call_subscriber.ts'
import { UnknownEvent } from './errors.ts'
import { eventClassOf, eventFrom, payloadOf } from './event.ts'
import { eventClassNamed, eventClassNames, registerEventClasses } from './event_classes.ts'
import { currentSubscribers } from './subscribers.ts'

const stream = 'regauge:events'
/** By which a process knows what it published itself. */
const thisProcess = randomUUID()

interface Announcement {
  readonly from: string
  readonly event: string
  /** The payload and the context, serialised as job arguments are. */
  readonly values: readonly unknown[]
}

/** What tells the other processes of an event, to be called when it may be told. When they can't be told, that is logged and reported.
 * @throws SerializationError for a field that can't be sent
 */
export function announcementOf(event: object, context: EventContext): () => Promise<void> {
  const eventClass = eventClassOf(event)
  registerEventClasses([eventClass])
  const values = serializeArguments([payloadOf(event), context], currentRecordLocator())
  const text = JSON.stringify({ from: thisProcess, event: eventClass.name, values } satisfies Announcement)
  return async () => {
    try {
      await publishToOthers(text)
    } catch (error) {
      logger.error(`The other processes could not be told of an event: ${(error as Error).message}`, { error, event: eventClass.name })
      reporter.report(error, { handled: false, context: { event: eventClass.name } })
    }
  }
}

function publishToOthers(text: string): void | Promise<void> {
  try {
    return currentPubSub().publish(stream, text)
  } catch (error) {
    // Without an application there are no other processes.
    if (!(error instanceof PubSubMissing)) throw error
  }
}

/** Calls the subscribers that want the events of every process with what others publish, one event after the other.
 *
 * @param run wraps each event, for the application it belongs to
 * @returns what ends it
 */
export async function receiveEvents(pubsub: PubSub, run: (work: () => Promise<void>) => Promise<void>): Promise<Unsubscribe> {
  let last = Promise.resolve()
  return pubsub.subscribe(stream, (message) => {
    const announcement = announcementIn(message)
    if (announcement === undefined) return logNotDelivered(new TypeError('what came is no event'))
    if (announcement.from === thisProcess) return
    // What goes wrong with one event must not keep the others from coming.
    last = last.then(() => run(() => receive(announcement))).catch((error: unknown) => logNotDelivered(error, announcement.event))
  })
}

/** Undefined for what no process announces in this way. */
function announcementIn(message: string): Announcement | undefined {
  try {
    const { from, event, values } = JSON.parse(message) as Partial<Announcement>
    return typeof from === 'string' && typeof event === 'string' && Array.isArray(values) ? { from, event, values } : undefined
  } catch {
    return undefined
  }
}

async function receive({ event: name, values }: Announcement): Promise<void> {
  try {
    const eventClass = eventClassNamed(name)
    if (eventClass === undefined) throw new UnknownEvent({ name, suggestion: didYouMean(name, eventClassNames()) })
    const wanted = currentSubscribers()
      .deliveriesOf(eventClass)
      .filter(({ everyProcess }) => everyProcess)
    if (wanted.length === 0) return
    const [payload, context] = (await deserializeArguments(values, currentRecordLocator())) as [object, EventContext]
    const event = eventFrom(eventClass, payload)
    for (const { subscriber } of wanted) await callIsolated(subscriber, event, context)
  } catch (error) {
    logNotDelivered(error, name)
  }
}

function logNotDelivered(thrown: unknown, event?: string): void {
  const error = errorOf(thrown)
  logger.error(`An event of another process could not be delivered: ${error.message}`, { error, event })
}
