import { isDeepStrictEqual } from 'node:util'
import { createServer, type IncomingMessage, request } from 'node:http'
import type { AddressInfo } from 'node:net'
import {
  ActionCableTransport,
  broadcastingName,
  Cable,
  cable,
  type CableConfig,
  channelNameOf,
  type OriginRule,
} from '../../../src/cable/index.ts'
import { LocalPubSub } from '../../../src/pubsub/index.ts'
import { RawClient, type Seen } from '../../cable/raw_client.ts'
import { type ChannelDescription, RecordedRecord, recordedChannels, recordedConnection } from './cable_channels.ts'

interface Case {
  id: string
  kind?: 'http' | 'broadcasting_for' | 'channel_name'
  connect?: { path?: string; protocols?: string[]; headers?: Record<string, string> }
  config?: Record<string, unknown>
  script?: [string, ...unknown[]][]
  transcript?: Record<string, unknown>[]
  log?: string[]
  headers?: Record<string, string>
  response_head?: string[]
  response_body?: string
  channel?: string
  model?: unknown
  result?: string
}

/** A golden file of Action Cable. */
export interface CableGolden {
  about: { channels: Record<string, ChannelDescription>; beat_interval: number }
  cases: Case[]
}

/** Plays every case against our own endpoint and compares what the client and the server side saw with what Rails did. */
export async function run(golden: CableGolden): Promise<{ passed: number; failed: { id: string; reason: string }[] }> {
  const failed: { id: string; reason: string }[] = []
  for (const recorded of golden.cases) {
    const reason = await failureOf(golden, recorded).catch((error: Error) => `raised ${error.stack}`)
    if (reason !== undefined) failed.push({ id: recorded.id, reason })
  }
  return { passed: golden.cases.length - failed.length, failed }
}

async function failureOf(golden: CableGolden, recorded: Case): Promise<string | undefined> {
  if (recorded.kind === 'channel_name') return difference(channelNameOf(recorded.channel as string), recorded.result)
  if (recorded.kind === 'broadcasting_for') {
    const name = broadcastingName([channelNameOf(recorded.channel as string), decode(recorded.model)])
    return difference(name, recorded.result)
  }
  const stage = await Stage.open(golden, recorded.config ?? {})
  try {
    return recorded.kind === 'http' ? await stage.compareResponse(recorded) : await stage.compareTranscript(recorded)
  } finally {
    await stage.close()
  }
}

class Stage {
  readonly log: string[] = []
  readonly #transport = new ActionCableTransport({ pingInterval: 2 ** 30 })
  readonly #server = createServer(cable)
  #cable: Cable
  #beatInterval: number

  static async open(golden: CableGolden, config: Record<string, unknown>): Promise<Stage> {
    const stage = new Stage(golden, config)
    stage.#transport.attach(stage.#server, stage.#cable)
    await new Promise<void>((resolve) => stage.#server.listen(0, '127.0.0.1', resolve))
    return stage
  }

  constructor(golden: CableGolden, config: Record<string, unknown>) {
    this.#beatInterval = golden.about.beat_interval
    const stage = { log: this.log, cable: () => this.#cable, gidOf: (id: unknown) => (id === 1 ? 'gid://golden/Room/1' : undefined) }
    this.#cable = new Cable({
      pubsub: new LocalPubSub(),
      connectionClass: recordedConnection(stage),
      channels: recordedChannels(golden.about.channels, stage),
      config: cableConfig(config),
      logger: { debug() {}, info() {}, warn() {}, error() {} },
    })
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port
  }

  async compareTranscript(recorded: Case): Promise<string | undefined> {
    const {
      path = '/cable?token=ann',
      protocols = ['actioncable-v1-json', 'actioncable-unsupported'],
      headers = {},
    } = recorded.connect ?? {}
    const recordedHost = /127\.0\.0\.1:\d+/
    const ownHeaders = Object.entries(headers).map(([name, value]) => [name, value.replace(recordedHost, `127.0.0.1:${this.port}`)])
    const client = await RawClient.connect(this.port, path, protocols, Object.fromEntries(ownHeaders))
    await this.#settle(client)
    for (const step of recorded.script ?? []) {
      await this.#play(client, step)
      await this.#settle(client)
    }
    const seen = client.seen.map(comparable).filter((item) => item !== undefined)
    if (!client.isGone) {
      const gone = new Promise((resolve) => client.socket.once('close', resolve))
      client.socket.destroy()
      await gone
    }
    while (this.#cable.connectionCount > 0) await new Promise(setImmediate)
    for (let turns = 0; turns < 5; turns++) await new Promise(setImmediate)
    const expected = (recorded.transcript ?? []).map(comparableRecorded).filter((item) => item !== undefined)
    return difference(seen, expected) ?? difference(this.log, recorded.log ?? [])
  }

  async compareResponse(recorded: Case): Promise<string | undefined> {
    const isHandshake = recorded.headers?.['Sec-WebSocket-Protocol'] !== undefined // recorded without the headers that make it one
    const headers = { ...(isHandshake ? { upgrade: 'websocket', connection: 'Upgrade' } : {}), ...recorded.headers }
    const answer = await exchange(this.port, headers)
    const [statusLine = '', ...lines] = recorded.response_head ?? []
    const field = (name: string) => lines.find((line) => line.toLowerCase().startsWith(`${name}: `))?.slice(name.length + 2) ?? null
    const status = Number(statusLine.split(' ')[1])
    const expected = [
      status,
      field('content-type'),
      field('sec-websocket-accept'),
      field('sec-websocket-protocol'),
      recorded.response_body ?? '',
    ]
    return difference(answer, expected)
  }

  async close(): Promise<void> {
    await this.#transport.close({ timeout: 0 })
    this.#server.closeAllConnections()
    await new Promise((resolve) => this.#server.close(resolve))
  }

  /** Waits until everything the client sent was handled and everything the server said has arrived. */
  async #settle(client: RawClient): Promise<void> {
    await client.barrier()
    await this.#cable.idle()
    await new Promise(setImmediate)
    await client.barrier()
  }

  async #play(client: RawClient, [operation, ...args]: [string, ...unknown[]]): Promise<void> {
    const [first, second, third] = args
    switch (operation) {
      case 'send':
        return client.text(JSON.stringify(first))
      case 'send_raw':
        return client.text(String(first))
      case 'send_binary':
        return client.binary(Buffer.from(String(first), 'hex'))
      case 'subscribe':
      case 'unsubscribe':
        return client.text(JSON.stringify({ command: operation, identifier: JSON.stringify(first) }))
      case 'perform':
        return client.text(JSON.stringify({ command: 'message', identifier: JSON.stringify(first), data: JSON.stringify(second) }))
      case 'server_broadcast':
        return this.#cable.broadcast(String(first), decode(second))
      case 'broadcast_to':
        return this.#cable.broadcast(broadcastingName([channelNameOf(String(first)), decode(second)]), decode(third))
      case 'remote_disconnect':
        return this.#cable.disconnect(first as Record<string, unknown>, second as { reconnect?: boolean } | undefined)
      case 'server_restart':
        return this.#cable.restart()
      case 'close':
        return client.close(first as number | undefined, second as string | undefined)
      case 'raw_close':
        client.socket.destroy()
        return
      case 'wait':
        for (let beats = Math.floor(Number(first) / this.#beatInterval); beats > 0; beats--) this.#transport.beat()
        return
      default:
        throw new Error(`unknown operation ${operation}`)
    }
  }
}

/** Status, content type, the two WebSocket headers and the body of an answer, be it an upgrade or not. */
function exchange(port: number, headers: Record<string, string>): Promise<unknown[]> {
  return new Promise((resolve, reject) => {
    const sent = request({ host: '127.0.0.1', port, path: '/cable?token=ann', headers })
    const answer = (response: IncomingMessage, body: string) => {
      const fields = ['content-type', 'sec-websocket-accept', 'sec-websocket-protocol'].map((name) => response.headers[name] ?? null)
      resolve([response.statusCode, ...fields, body])
    }
    sent.on('upgrade', (response, socket) => {
      socket.destroy()
      answer(response, '')
    })
    sent.on('response', async (response) => answer(response, String(Buffer.concat(await response.toArray()))))
    sent.on('error', reject)
    sent.end()
  })
}

function cableConfig(config: Record<string, unknown>): CableConfig {
  const origins = decode(config['allowed_request_origins']) as OriginRule | OriginRule[] | undefined
  return {
    disableRequestForgeryProtection: config['disable_request_forgery_protection'] !== false,
    ...(config['allow_same_origin_as_host'] === undefined ? {} : { allowSameOriginAsHost: config['allow_same_origin_as_host'] === true }),
    ...(origins === undefined ? {} : { allowedRequestOrigins: origins }),
  }
}

/** What both sides can be compared by: frames as values, the end of a connection without who said it first. */
function comparable(item: Seen): unknown {
  if ('open' in item) return item
  if ('refused' in item) return { refused: true }
  if ('close' in item) return { close: item.close.code }
  if ('end' in item) return { end: true }
  const message = JSON.parse(item.message)
  return message?.type === 'ping' ? { ping: Number.isInteger(message.message) } : { message }
}

function comparableRecorded(item: Record<string, unknown>): unknown {
  if ('open' in item) return item
  if ('error' in item) return { refused: true }
  if ('eof' in item) return { end: true }
  if ('close' in item) {
    const { code } = item['close'] as { code: number }
    return code === 1002 ? undefined : { close: code }
  }
  if (!('in' in item)) return undefined
  const json = item['json'] as { type?: string } | null
  return json?.type === 'ping' ? { ping: true } : { message: json }
}

/** Values that JSON has no form for are tagged in golden files. */
function decode(value: unknown): unknown {
  if (typeof value === 'string' && value.startsWith('gid://')) return new RecordedRecord(value)
  if (Array.isArray(value)) return value.map(decode)
  if (typeof value !== 'object' || value === null) return value
  const tagged = value as Record<string, unknown>
  if ('$gid' in tagged) return new RecordedRecord(String(tagged['$gid']))
  if ('$decimal' in tagged) return tagged['$decimal']
  if ('$sym' in tagged) return tagged['$sym']
  if ('$time' in tagged) return new Date(String(tagged['$time']))
  if ('$regexp' in tagged) return new RegExp(...(tagged['$regexp'] as [string, string]))
  return Object.fromEntries(Object.entries(tagged).map(([key, inner]) => [key, decode(inner)]))
}

function difference(actual: unknown, expected: unknown): string | undefined {
  const [ours, theirs] = [actual, expected].map((value) => JSON.stringify(value))
  return isDeepStrictEqual(JSON.parse(ours ?? 'null'), JSON.parse(theirs ?? 'null')) ? undefined : `got ${ours}, expected ${theirs}`
}
