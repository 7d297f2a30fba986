import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { ActionCableTransport, Cable, type CableConfig, type ChannelClass, type ConnectionClass } from '../../src/cable/index.ts'
import { LocalPubSub, usePubSub } from '../../src/pubsub/index.ts'
import { RawClient } from './raw_client.ts'

/** A cable on a port of its own, that writes down what it logs. */
export interface CableServer {
  port: number
  cable: Cable
  transport: ActionCableTransport
  server: Server
  logged: string[]
  connect(path?: string): Promise<RawClient>
  /** Resolves when the server has handled everything the client sent and the client has got everything the server said. */
  settle(client: RawClient): Promise<void>
  close(): Promise<void>
}

/** Starts a cable with these channels, named by their classes. */
export async function startCable(options: {
  channels?: ChannelClass[]
  connectionClass?: ConnectionClass
  config?: CableConfig
}): Promise<CableServer> {
  const logged: string[] = []
  const log = (message: string) => void logged.push(message)
  const pubsub = new LocalPubSub()
  const cable = new Cable({
    pubsub,
    channels: new Map((options.channels ?? []).map((channel) => [channel.name, channel])),
    logger: { debug: log, info: log, warn: log, error: log },
    config: { disableRequestForgeryProtection: true, ...options.config },
    ...(options.connectionClass ? { connectionClass: options.connectionClass } : {}),
  })
  const before = usePubSub(pubsub)
  const transport = new ActionCableTransport()
  const server = createServer((_, response) => void response.writeHead(404).end())
  transport.attach(server, cable)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const clients: RawClient[] = []
  return {
    port,
    cable,
    transport,
    server,
    logged,
    async connect(path = '/cable') {
      const client = await RawClient.connect(port, path, ['actioncable-v1-json'])
      clients.push(client)
      await client.barrier()
      await cable.idle()
      return client
    },
    async settle(client) {
      await client.barrier()
      await cable.idle()
      await new Promise(setImmediate)
      await client.barrier()
    },
    async close() {
      for (const client of clients) if (!client.isGone) client.socket.destroy()
      await transport.close({ timeout: 0 })
      usePubSub(before)
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

/** Sends a `subscribe`. */
export function subscribe(client: RawClient, identifier: object): void {
  client.text(JSON.stringify({ command: 'subscribe', identifier: JSON.stringify(identifier) }))
}

/** Sends a `message`. */
export function perform(client: RawClient, identifier: object, data: object): void {
  client.text(JSON.stringify({ command: 'message', identifier: JSON.stringify(identifier), data: JSON.stringify(data) }))
}

/** The messages a client got from channels. */
export function messages(client: RawClient): unknown[] {
  return frames(client)
    .filter((frame) => 'message' in frame && frame['type'] === undefined)
    .map((frame) => frame['message'])
}

/** Every frame a client got, read. */
export function frames(client: RawClient): Record<string, unknown>[] {
  return client.seen.flatMap((item) => ('message' in item ? [JSON.parse(item.message)] : []))
}
