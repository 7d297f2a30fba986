import { type Callback, type CompiledCallbacks, callbackMethodNames, compileCallbacks, resolveCallback } from './callbacks.ts'
import { Channel, type ChannelClass } from './channel.ts'
import { declared } from './declarations.ts'
import { NotAChannel } from './errors.ts'
import { checkRescueHandlers, rescueMethodNames } from './rescue.ts'

const callbackKinds = ['beforeSubscribe', 'afterSubscribe', 'beforeUnsubscribe', 'afterUnsubscribe'] as const

/** Everything about a channel class that is decided at boot. */
export interface CompiledChannel {
  readonly name: string
  readonly channelClass: ChannelClass
  readonly actions: ReadonlySet<string>
  readonly callbacks: Readonly<Record<(typeof callbackKinds)[number], CompiledCallbacks<Channel>>>
  readonly timers: readonly { run: (channel: Channel) => unknown; milliseconds: number }[]
  /** A subclass wants to see each message that is streamed. */
  readonly overridesTransmit: boolean
}

/** Checks and compiles a channel class.
 *
 * @param name what clients call it
 * @throws NotAChannel (REGAUGE_NOT_A_CHANNEL)
 * @throws UnknownChannelCallback (REGAUGE_UNKNOWN_CHANNEL_CALLBACK)
 */
export function compileChannel(name: string, channelClass: ChannelClass): CompiledChannel {
  if (typeof channelClass !== 'function' || !(channelClass.prototype instanceof Channel)) throw new NotAChannel({ name })
  checkRescueHandlers(channelClass)
  const [beforeSubscribe, afterSubscribe, beforeUnsubscribe, afterUnsubscribe] = callbackKinds.map((kind) =>
    compileCallbacks<Channel>(channelClass, kind),
  )
  return {
    name,
    channelClass,
    actions: new Set(actionMethods(channelClass)),
    callbacks: { beforeSubscribe, afterSubscribe, beforeUnsubscribe, afterUnsubscribe },
    timers: timers(channelClass).map(({ callback, every }) => ({
      run: resolveCallback(channelClass, 'periodically', callback),
      milliseconds: every * 1000,
    })),
    overridesTransmit: channelClass.prototype.transmit !== Channel.prototype.transmit,
  }
}

/** Names of the methods that clients may call; see `Channel` for the rule.
 * @throws UnknownChannelCallback (REGAUGE_UNKNOWN_CHANNEL_CALLBACK) when `actions` lists a missing method
 */
export function actionMethods(channelClass: ChannelClass): string[] {
  const listed = declared<string>(channelClass, 'actions')
  for (const name of listed) resolveCallback(channelClass, 'actions', name)
  const reserved = new Set([
    ...callbackMethodNames(channelClass, callbackKinds),
    ...rescueMethodNames(channelClass),
    ...timers(channelClass).map(({ callback }) => callback),
  ])
  const names = new Set<string>()
  for (let prototype = channelClass.prototype as object; prototype !== Channel.prototype; prototype = Object.getPrototypeOf(prototype)) {
    for (const [name, { value }] of Object.entries(Object.getOwnPropertyDescriptors(prototype))) {
      if (typeof value !== 'function' || name.startsWith('_') || name in Channel.prototype || reserved.has(name)) continue
      if (listed.length === 0 || listed.includes(name)) names.add(name)
    }
  }
  return [...names]
}

function timers(channelClass: ChannelClass): { callback: Callback<Channel>; every: number }[] {
  return declared(channelClass, 'periodically')
}
