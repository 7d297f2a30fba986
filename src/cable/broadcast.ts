import { currentPubSub } from '../pubsub/index.ts'
import { broadcasts } from './cable_events.ts'
import { encodeMessage } from './json.ts'

/** Sends a message to every channel that streams from `stream`, in this and every other process of the application.
 *
 * The message is written as JSON once. Clients that are not subscribed right now don't get it: nothing is kept.
 * It is sent at once, also inside of a transaction: call it from an after-commit callback when receivers will read the database.
 * @param message anything JSON has a form for; records say theirs with toJSON
 * @throws PubSubMissing (REGAUGE_PUBSUB_MISSING) when no application is running
 * @throws MessageNotSerializable (REGAUGE_MESSAGE_NOT_SERIALIZABLE)
 * @example await broadcast('orders', { status: 'created', order_id: 1 })
 */
export async function broadcast(stream: string, message: unknown): Promise<void> {
  const json = encodeMessage(message)
  const pubsub = currentPubSub()
  // Told before it reaches those in this process, who get it while it is sent.
  if (broadcasts.isOn) broadcasts.publish({ broadcasting: String(stream), message, coder: JSON })
  await pubsub.publish(String(stream), json)
}
