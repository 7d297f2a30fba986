import { type IncomingMessage, request } from 'node:http'
import type { Socket } from 'node:net'
import type { Writable } from 'node:stream'
import * as ws from 'ws'

/** The two halves of `ws` that its type declarations leave out. */
const { Receiver, Sender } = ws as unknown as {
  Receiver: new (options: { isServer: boolean }) => Writable
  Sender: new (socket: Socket) => Sender
}

interface Sender {
  send(data: string | Buffer, options: { binary: boolean; mask: boolean; fin: boolean; compress: boolean }, done: () => void): void
  ping(data: string, mask: boolean, done: () => void): void
  close(code: number, reason: string, mask: boolean, done: () => void): void
}

/** What a client saw, in order. */
export type Seen =
  | { open: { status: number | undefined; protocol: string | null } }
  | { message: string }
  | { close: { code: number; reason: string } }
  | { end: true }
  | { refused: number | undefined }

/** A WebSocket client that accepts whatever a server answers, as recorded clients of other languages do; it can also stop reading. */
export class RawClient {
  readonly seen: Seen[] = []
  #socket: Socket | undefined
  #sender: Sender | undefined
  #waiting: (() => void)[] = []
  isGone = false

  static async connect(port: number, path: string, protocols: readonly string[], headers: Record<string, string> = {}): Promise<RawClient> {
    const client = new RawClient()
    await client.#handshake(port, path, protocols, headers)
    return client
  }

  get socket(): Socket {
    return this.#socket as Socket
  }

  text(data: string): void {
    this.#sender?.send(data, { binary: false, mask: true, fin: true, compress: false }, () => undefined)
  }

  binary(data: Buffer): void {
    this.#sender?.send(data, { binary: true, mask: true, fin: true, compress: false }, () => undefined)
  }

  close(code = 1000, reason = ''): void {
    this.#sender?.close(code, reason, true, () => undefined)
  }

  /** Resolves when the server has read all that was sent so far, and what it wrote until then has arrived here; or the connection is gone. */
  async barrier(): Promise<void> {
    if (this.isGone) return
    await new Promise<void>((resolve) => {
      this.#waiting.push(resolve)
      this.#sender?.ping('', true, () => undefined)
    })
  }

  async #handshake(port: number, path: string, protocols: readonly string[], headers: Record<string, string>): Promise<void> {
    const offered = protocols.length > 0 ? { 'sec-websocket-protocol': protocols.join(', ') } : {}
    const handshake = request({
      port,
      path,
      host: '127.0.0.1',
      headers: {
        connection: 'Upgrade',
        upgrade: 'websocket',
        'sec-websocket-version': '13',
        'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==',
        ...offered,
        ...headers,
      },
    })
    await new Promise<void>((resolve, reject) => {
      handshake.on('upgrade', (response, socket, head) => {
        this.#open(response, socket as Socket, head)
        resolve()
      })
      handshake.on('response', (response) => {
        response.resume()
        this.seen.push({ refused: response.statusCode })
        this.isGone = true
        resolve()
      })
      handshake.on('error', reject)
      handshake.end()
    })
  }

  #open(response: IncomingMessage, socket: Socket, head: Buffer): void {
    this.#socket = socket
    this.#sender = new Sender(socket)
    this.seen.push({ open: { status: response.statusCode, protocol: response.headers['sec-websocket-protocol'] ?? null } })
    const receiver = new Receiver({ isServer: false })
    receiver.on('message', (data: Buffer) => this.seen.push({ message: String(data) }))
    receiver.on('pong', () => this.#waiting.shift()?.())
    receiver.on('conclude', (code: number, reason: Buffer) => {
      this.seen.push({ close: { code, reason: String(reason) } })
      this.close(code === 1005 ? 1000 : code)
    })
    socket.on('data', (chunk) => receiver.write(chunk))
    socket.on('error', () => undefined)
    socket.on('close', () => this.#gone())
    if (head.length > 0) receiver.write(head)
  }

  #gone(): void {
    if (!this.seen.some((item) => 'close' in item)) this.seen.push({ end: true })
    this.isGone = true
    for (const resolve of this.#waiting.splice(0)) resolve()
  }
}
