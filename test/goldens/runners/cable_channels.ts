import { type Cable, Channel, type ChannelClass, Connection } from '../../../src/cable/index.ts'

/** A step of a recorded channel: `['stream_from', 'chat_%{room}']`. */
export type Operation = [name: string, ...args: unknown[]]

/** What the recording says about a channel. */
export interface ChannelDescription {
  before_subscribe?: Operation[]
  subscribed: Operation[]
  after_subscribe?: Operation[]
  before_unsubscribe?: Operation[]
  unsubscribed?: Operation[]
  after_unsubscribe?: Operation[]
  rescue_from?: string
  actions: Record<string, Operation[]>
}

/** A record with the global id that Rails gave it. */
export class RecordedRecord {
  readonly gid: string
  constructor(gid: string) {
    this.gid = gid
  }
  toGidParam(): string {
    return Buffer.from(this.gid).toString('base64url')
  }
}

/** What the recorded channels need from the run. */
export interface Stage {
  log: string[]
  cable: () => Cable
  gidOf: (room: unknown) => string | undefined
}

class RuntimeError extends Error {}

/** The recorded connection: `identified_by :user`. */
export function recordedConnection(stage: Stage): typeof Connection {
  return class extends Connection {
    static {
      this.identifiedBy('user')
    }
    declare user: string
    override connect(): void {
      const { token } = this.request.params
      if (token === 'boom') throw new RuntimeError('boom in connect')
      if (token === undefined || token === 'bad') this.rejectUnauthorizedConnection()
      this.user = String(token)
    }
    override disconnect(): void {
      stage.log.push(`disconnect:${this.user ?? ''}`)
    }
  }
}

/** The recorded channels, made from their descriptions. */
export function recordedChannels(descriptions: Record<string, ChannelDescription>, stage: Stage): Map<string, ChannelClass> {
  const base = named(class extends Channel {}, 'ApplicationCable::Channel')
  const channels = new Map<string, ChannelClass>([['ApplicationCable::Channel', base]])
  for (const [name, description] of Object.entries(descriptions)) {
    channels.set(name, fromDescription(named(class extends base {}, name), description, stage))
  }
  return channels
}

/** Gives a class the name that Ruby's had. */
function named<C extends ChannelClass>(channelClass: C, name: string): C {
  return Object.defineProperty(channelClass, 'name', { value: name })
}

type Steps = { [name: string]: (this: Channel, data?: Record<string, unknown>) => unknown }

function fromDescription(channelClass: ChannelClass, description: ChannelDescription, stage: Stage): ChannelClass {
  const steps = channelClass.prototype as unknown as Steps
  const method = (operations: Operation[]): Steps[string] =>
    function (data) {
      return run(this, operations, data, stage)
    }
  steps['subscribed'] = method(description.subscribed)
  steps['unsubscribed'] = method(description.unsubscribed ?? [])
  for (const [name, operations] of Object.entries(description.actions)) steps[name] = method(operations)
  const target = channelClass as unknown as {
    [macro: string]: (...args: unknown[]) => void
  }
  for (const [macro, operations] of [
    ['beforeSubscribe', description.before_subscribe],
    ['afterSubscribe', description.after_subscribe],
    ['beforeUnsubscribe', description.before_unsubscribe],
    ['afterUnsubscribe', description.after_unsubscribe],
  ] as const) {
    if (operations) target[macro]?.((channel: Channel) => run(channel, operations, undefined, stage))
  }
  if (description.rescue_from) {
    target['rescueFrom']?.(RuntimeError, (channel: Channel, error: Error) => channel.transmit({ rescued: error.message }))
  }
  return channelClass
}

async function run(channel: Channel, operations: Operation[], data: unknown, stage: Stage): Promise<void> {
  for (const [name, ...args] of operations) {
    const stream = String(args[0]).replace(/%\{(\w+)\}/g, (_, key) => String(channel.params[key]))
    switch (name) {
      case 'log':
        stage.log.push(`${channel.constructor.name}:${args[0]}`)
        break
      case 'reject':
        channel.reject()
        break
      case 'reject_unless_param':
        if (!channel.params[String(args[0])]) return channel.reject()
        break
      case 'stream_from':
        channel.streamFrom(stream)
        break
      case 'stream_from_coder_json_block':
        channel.streamFrom(stream, (message) => channel.transmit({ wrapped: message }))
        break
      case 'stream_for_room':
        channel.streamFor(room(channel, stage))
        break
      case 'broadcast':
        await stage.cable().broadcast(stream, substitute(args[1], channel, data))
        break
      case 'broadcast_to_room':
        await stage.cable().broadcast(channel.broadcastingFor(room(channel, stage)), substitute(args[0], channel, data))
        break
      case 'transmit':
        channel.transmit(substitute(args[0], channel, data))
        break
      case 'raise':
        throw new RuntimeError(String(args[0]))
      case 'stop_all_streams':
        channel.stopAllStreams()
        break
      case 'stop_stream_from':
        channel.stopStreamFrom(stream)
        break
      default:
        throw new Error(`unknown operation ${name}`)
    }
  }
}

function room(channel: Channel, stage: Stage): RecordedRecord {
  const gid = stage.gidOf(channel.params['id'])
  if (gid === undefined) throw new RuntimeError(`Couldn't find Room with 'id'=${channel.params['id']}`)
  return new RecordedRecord(gid)
}

function substitute(value: unknown, channel: Channel, data: unknown): unknown {
  if (value === '$data') return data
  if (value === '$user') return (channel as unknown as { user: string }).user
  if (value === '$params') return channel.params
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, substitute(inner, channel, data)]))
}
