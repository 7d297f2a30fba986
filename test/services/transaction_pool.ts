import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net'

/** What the server says when it waits for a statement outside of any transaction. */
const IDLE = 'I'.charCodeAt(0)
const READY = 'Z'.charCodeAt(0)

/** A pooler of connections to PostgreSQL in transaction mode, as PgBouncer is: each client has two connections to the server, and each transaction,
 * which a statement alone is too, gets the other one. What is prepared on one isn't known on the other.
 */
export class TransactionPool {
  readonly port: number
  readonly #server: Server
  readonly #sockets: Set<Socket>

  private constructor(server: Server, sockets: Set<Socket>) {
    this.port = (server.address() as AddressInfo).port
    this.#server = server
    this.#sockets = sockets
  }

  static async to(port: number, host: string): Promise<TransactionPool> {
    const sockets = new Set<Socket>()
    const server = createServer((client) => {
      const backends = [connect({ port, host }), connect({ port, host })] as const
      for (const socket of [client, ...backends]) {
        sockets.add(socket)
        socket.on('error', () => {})
        socket.on('close', () => {
          for (const each of [client, ...backends]) each.destroy()
        })
      }
      pool(client, backends)
    })
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    return new TransactionPool(server, sockets)
  }

  async close(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy()
    await new Promise((resolve) => this.#server.close(resolve))
  }
}

/** Hands on whole messages: those of the client to the connection whose turn it is, those of that connection to the client. */
function pool(client: Socket, backends: readonly [Socket, Socket]): void {
  let turn = 0
  let isStarted = false
  let isIdle = true
  const starting = new Set<Socket>(backends)
  const waiting: Buffer[] = []
  const forward = (message: Buffer): void => {
    // The first message after a transaction begins the next one, on the other connection.
    if (isIdle) turn = 1 - turn
    isIdle = false
    backends[turn]!.write(message)
  }
  messages(
    client,
    (message) => {
      if (!isStarted) {
        isStarted = true
        for (const backend of backends) backend.write(message)
      } else if (starting.size > 0) waiting.push(message)
      else forward(message)
    },
    true,
  )
  for (const [place, backend] of backends.entries())
    messages(backend, (message) => {
      const isReady = message[0] === READY
      if (starting.has(backend)) {
        // The client is told of one connection, once both are open.
        if (place === 0 || isReady) held.push({ place, message, isReady })
        if (!isReady) return
        starting.delete(backend)
        if (starting.size > 0) return
        for (const each of held) if (each.place === 0) client.write(each.message)
        for (const each of waiting.splice(0)) forward(each)
        return
      }
      if (isReady && message[5] === IDLE) isIdle = true
      client.write(message)
    })
  const held: { place: number; message: Buffer; isReady: boolean }[] = []
}

/** Calls `work` with each message of a stream; the first one of a client has no type before its length. */
function messages(socket: Socket, work: (message: Buffer) => void, hasStart = false): void {
  let rest = Buffer.alloc(0)
  let isFirst = hasStart
  socket.on('data', (data) => {
    rest = Buffer.concat([rest, data])
    for (;;) {
      const before = isFirst ? 0 : 1
      if (rest.length < before + 4) return
      const length = before + rest.readInt32BE(before)
      if (rest.length < length) return
      isFirst = false
      work(Buffer.from(rest.subarray(0, length)))
      rest = rest.subarray(length)
    }
  })
}
