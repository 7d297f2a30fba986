import { actions, confirmations, connections, rejections } from './cable_events.ts'
import { isObject } from './json.ts'
import { rescueWithHandler } from './rescue.ts'
import type { Session } from './session.ts'
import { Subscription } from './subscription.ts'

/** What became of a `subscribe`. */
export type SubscribeOutcome = 'confirmed' | 'rejected' | 'already_subscribed' | 'unknown_channel' | 'failed' | 'closed'
/** What became of a `perform`. */
export type PerformOutcome = 'performed' | 'not_subscribed' | 'unknown_action' | 'failed' | 'closed'
/** What became of an `unsubscribe`. */
export type UnsubscribeOutcome = 'unsubscribed' | 'not_subscribed' | 'failed' | 'closed'

/** Subscribes the client to the channel that `params.channel` names.
 *
 * @param identifier the key of the subscription, which every message about it repeats
 * @param params what the channel sees as `params`
 */
export function subscribe(session: Session, identifier: string, params: Record<string, unknown>): Promise<SubscribeOutcome> {
  return inTurn(session, () => beginSubscription(session, identifier, params))
}

/** Ends the subscription with this identifier. */
export function unsubscribe(session: Session, identifier: string): Promise<UnsubscribeOutcome> {
  return inTurn(session, async () => {
    const subscription = session.subscriptions.get(identifier)
    if (subscription === undefined) return missing(session)
    session.subscriptions.delete(identifier)
    connections.publish({ step: 'unsubscribing', identifier })
    await subscription.end()
    return 'unsubscribed'
  })
}

/** Calls the action that `data.action` names, or `receive` when it names none.
 * @param data anything but an object is refused
 */
export function perform(session: Session, identifier: string, data: unknown): Promise<PerformOutcome> {
  return inTurn(session, async () => {
    const subscription = session.subscriptions.get(identifier)
    if (subscription === undefined) return missing(session)
    const action = actionOf(data)
    if (action === undefined || !subscription.permits(action)) {
      session.logger.error(`Unable to process ${subscription.channelName}#${action?.slice(0, 100) ?? '(no action)'}`)
      return 'unknown_action'
    }
    session.logger.debug(`${subscription.channelName}#${action}`)
    const given = data as Record<string, unknown>
    if (!actions.isOn) await subscription.perform(action, given)
    else {
      const payload = { channel_class: subscription.channelName, action, data: given }
      await actions.instrument(payload, () => subscription.perform(action, given))
    }
    return 'performed'
  })
}

async function beginSubscription(session: Session, identifier: string, params: Record<string, unknown>): Promise<SubscribeOutcome> {
  const { cable, subscriptions, client } = session
  if (subscriptions.has(identifier)) return 'already_subscribed'
  const compiled = typeof params['channel'] === 'string' ? cable.channels.get(params['channel']) : undefined
  if (compiled === undefined) {
    session.logger.error(`Subscription class not found: ${String(JSON.stringify(params['channel'])).slice(0, 100)}`)
    return 'unknown_channel'
  }
  if (subscriptions.size >= cable.limits.subscriptions) {
    session.logger.warn(`A subscription was rejected: the connection has ${subscriptions.size} already`)
    client.reject(identifier)
    return 'rejected'
  }
  const subscription = new Subscription(session, identifier, params, compiled)
  subscriptions.set(identifier, subscription)
  try {
    await subscription.begin()
  } catch (error) {
    subscription.abandon()
    throw error
  }
  session.logger.debug(`${compiled.name} is transmitting the subscription ${subscription.isRejected ? 'rejection' : 'confirmation'}`)
  if (!subscription.isRejected) {
    client.confirm(identifier)
    confirmations.publish({ channel_class: compiled.name, identifier })
    return 'confirmed'
  }
  subscriptions.delete(identifier)
  try {
    await subscription.end()
  } finally {
    client.reject(identifier)
    rejections.publish({ channel_class: compiled.name, identifier })
  }
  return 'rejected'
}

/** `receive` for messages that name no action; undefined for what isn't an object or names no text. */
function actionOf(data: unknown): string | undefined {
  if (!isObject(data)) return undefined
  const { action } = data
  if (action === undefined || action === null || action === false) return 'receive'
  if (typeof action !== 'string') return undefined
  return action.trim() === '' ? 'receive' : action
}

/** Runs one command when those before it are done, between the connection's command callbacks. Errors end here. */
function inTurn<O extends string>(session: Session, command: () => Promise<O>): Promise<O | 'failed' | 'closed'> {
  return new Promise((resolve) => {
    session.push(async () => {
      if (!session.isOpen) return resolve('closed')
      const { beforeCommand, afterCommand } = session.cable.commandCallbacks
      try {
        if (beforeCommand) await beforeCommand(session.connection)
        const outcome = await command()
        if (afterCommand) await afterCommand(session.connection)
        resolve(outcome)
      } catch (error) {
        await notifyConnection(session, error)
        session.report(error, 'Could not execute a command')
        resolve('failed')
      }
    })
  })
}

async function notifyConnection(session: Session, error: unknown): Promise<void> {
  try {
    await rescueWithHandler(session.connection, error)
  } catch (second) {
    session.report(second, 'A rescue handler of the connection failed')
  }
}

function missing(session: Session): 'not_subscribed' {
  session.logger.error('Unable to find the subscription that a command names')
  return 'not_subscribed'
}
