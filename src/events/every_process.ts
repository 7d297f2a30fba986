import { randomUUID } from 'node:crypto'
import { currentRecordLocator, deserializeArguments, serializeArguments } from '../jobs/index.ts'
import { logger } from '../logging/index.ts'
import { didYouMean } from '../naming/index.ts'
import { currentPubSub, type PubSub, PubSubMissing, type Unsubscribe } from '../pubsub/index.ts'
import { callIsolated, type EventContext } from './call_subscriber.ts'
import { UnknownEvent } from './errors.ts'
import { type EventClass, eventFrom, payloadOf } from './event.ts'
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

/** What tells the other processes of an event, to be called when it may be told.
 * @throws SerializationError for a field that can't be sent
 */
export function announcementOf(event: object, context: EventContext): () => void | Promise<void> {
  registerEventClasses([event.constructor as unknown as EventClass])
  const values = serializeArguments([payloadOf(event), context], currentRecordLocator())
  const text = JSON.stringify({ from: thisProcess, event: event.constructor.name, values } satisfies Announcement)
  return () => publishToOthers(text)
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
    const announcement = JSON.parse(message) as Announcement
    if (announcement.from === thisProcess) return
    last = last.then(() => run(() => receive(announcement)))
  })
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
    logger.error(`An event of another process could not be delivered: ${(error as Error).message}`, { error, event: name })
  }
}
