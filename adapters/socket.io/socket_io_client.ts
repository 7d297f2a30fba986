import type { Namespace, Socket } from 'socket.io'
import type { CableClient, Wire } from '../../src/cable/index.ts'
import type { ClientEvents, Identifier, ServerEvents } from './protocol.ts'

/** A socket of this protocol. */
export type CableSocket = Socket<ClientEvents, ServerEvents>

/** Packets that may wait for a client, however small they are. */
const packetLimit = 8_192

/** Sends one message to many clients with one encoding: socket.io encodes once for all sockets of a broadcast. */
export function socketIoWire(namespace: Namespace<ClientEvents, ServerEvents>): Wire {
  return {
    multicast(members, key, json) {
      const clients = [...members].map(({ client }) => client as SocketIoClient)
      if (clients.length === 0) return
      namespace.to(clients.map(({ id }) => id)).emit('message', JSON.parse(key) as Identifier, JSON.parse(json))
      const seen = new Set<SocketIoClient>()
      for (const client of clients) {
        if (seen.has(client)) client.message(key, json) // it streams from here twice
        seen.add(client)
      }
    },
  }
}

/** A client behind socket.io. Answers to its commands are acknowledgements, so that confirmations need no event of their own. */
export class SocketIoClient implements CableClient {
  readonly wire: Wire
  readonly id: string
  readonly #socket: CableSocket

  constructor(socket: CableSocket, wire: Wire, bufferLimit: number, onOverflow: () => void) {
    this.wire = wire
    this.id = socket.id
    this.#socket = socket
    this.#watchBacklog(bufferLimit, onOverflow)
  }

  welcome(): void {}
  confirm(): void {}
  reject(): void {}

  message(key: string, json: string): void {
    this.#socket.emit('message', JSON.parse(key) as Identifier, JSON.parse(json))
  }

  /** A socket.io client comes back when the connection breaks, and stays away when the server closes its socket. */
  disconnect(reason: string, reconnect: boolean): void {
    if (!this.#socket.connected) return
    this.#socket.emit('closing', { reason, reconnect })
    if (reconnect) this.#socket.conn.close()
    else this.#socket.disconnect(true)
  }

  terminate(): void {
    this.#socket.conn.close(true)
  }

  /** Adds up what engine.io keeps until its transport can send again, and cuts the client off when that is too much. */
  #watchBacklog(bufferLimit: number, onOverflow: () => void): void {
    const { conn } = this.#socket
    let bytes = 0
    let packets = 0
    conn.on('flush', () => {
      bytes = packets = 0
    })
    conn.on('packetCreate', ({ data }: { data?: string | Buffer }) => {
      bytes += data?.length ?? 0
      if (++packets <= packetLimit && bytes <= bufferLimit) return
      onOverflow()
      this.terminate()
    })
  }
}
