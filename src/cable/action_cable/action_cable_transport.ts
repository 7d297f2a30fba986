import type { IncomingMessage, Server } from 'node:http'
import type { Duplex } from 'node:stream'
import { type WebSocket, WebSocketServer } from 'ws'
import type { Cable } from '../cable.ts'
import { perform, subscribe, unsubscribe } from '../commands.ts'
import { decodeCommand, isObject } from '../json.ts'
import { isOriginAllowed } from '../origin.ts'
import { readHandshake } from '../request.ts'
import type { Session } from '../session.ts'
import type { CableTransport } from '../transport.ts'
import { withDeadline } from '../deadline.ts'
import { asksForWebSocket, declineUpgradesWithBodies, passUpgrade, refuse } from '../upgrades.ts'
import { frames, textFrame } from './frames.ts'
import { Outbox } from './outbox.ts'
import { WebSocketClient } from './web_socket_client.ts'

/** What a client may ask for; the second one is how the official client finds out that a server speaks none. */
const protocols = ['actioncable-v1-json', 'actioncable-unsupported']
/** Every so many beats a client must have answered the WebSocket ping of the time before. */
const beatsPerProbe = 10

interface Peer {
  readonly socket: WebSocket
  readonly client: WebSocketClient
  /** Resolves when the socket is closed and everything of the client has been told. */
  readonly gone: Promise<void>
  isAlive: boolean
}

/** Settings of the Action Cable endpoint. */
export interface ActionCableOptions {
  /** Where clients connect. */
  readonly path?: string
  /** Milliseconds between two pings; clients of Rails take a server for dead after 6 seconds without one. */
  readonly pingInterval?: number
}

/** Serves the clients that Rails applications have: WebSockets that speak `actioncable-v1-json`.
 *
 * @example await new ActionCableTransport({ path: '/cable' }).attach(server, cable)
 */
export class ActionCableTransport implements CableTransport {
  readonly path: string
  readonly #pingInterval: number
  readonly #outbox = new Outbox()
  readonly #peers = new Set<Peer>()
  readonly #servers = new Map<Server, (request: IncomingMessage, socket: Duplex, head: Buffer) => void>()
  #timer: NodeJS.Timeout | undefined
  #beats = 0
  #isClosing = false

  constructor(options: ActionCableOptions = {}) {
    this.path = options.path ?? '/cable'
    this.#pingInterval = options.pingInterval ?? 3_000
  }

  attach(server: Server, cable: Cable): void {
    const webSockets = new WebSocketServer({
      noServer: true,
      clientTracking: false,
      perMessageDeflate: false,
      maxPayload: cable.limits.messageBytes,
      handleProtocols: (offered) => [...offered].find((name) => protocols.includes(name)) ?? false,
    })
    const upgrade = (request: IncomingMessage, socket: Duplex, head: Buffer): void => {
      if (pathOf(request) !== this.path || !asksForWebSocket(request)) {
        passUpgrade(server, request, socket, head)
        return
      }
      if (this.#isClosing) {
        refuse(socket)
        return
      }
      if (!isOriginAllowed(request, cable.config)) {
        cable.logger.error(`Request origin not allowed: ${String(request.headers.origin).slice(0, 200)}`)
        refuse(socket)
        return
      }
      webSockets.handleUpgrade(request, socket, head, (webSocket) => this.#welcome(cable, request, socket, webSocket))
    }
    declineUpgradesWithBodies(server)
    server.on('upgrade', upgrade)
    this.#servers.set(server, upgrade)
    this.#timer ??= setInterval(() => this.beat(), this.#pingInterval).unref()
  }

  /** Pings every client; the timer calls it. Clients that don't answer on the level of WebSockets either are cut off. */
  beat(): void {
    const frame = textFrame(frames.ping(Math.floor(Date.now() / 1000)))
    const isProbe = ++this.#beats % beatsPerProbe === 0
    for (const peer of this.#peers) {
      peer.client.send(frame)
      if (!isProbe) continue
      if (!peer.isAlive) peer.client.terminate()
      else peer.socket.ping()
      peer.isAlive = false
    }
  }

  async close(options: { timeout?: number } = {}): Promise<void> {
    this.#isClosing = true
    clearInterval(this.#timer)
    const peers = [...this.#peers]
    for (const { client } of peers) client.disconnect('server_restart', true)
    await withDeadline(Promise.all(peers.map(({ gone }) => gone)), options.timeout ?? 5_000, () => {
      for (const { client } of this.#peers) client.terminate()
    })
    for (const [server, upgrade] of this.#servers) server.off('upgrade', upgrade)
    this.#servers.clear()
  }

  #welcome(cable: Cable, request: IncomingMessage, stream: Duplex, socket: WebSocket): void {
    const client = new WebSocketClient(socket, stream, this.#outbox, cable.limits.bufferedBytes, () =>
      cable.logger.warn(`A client was disconnected: more than ${cable.limits.bufferedBytes} bytes wait to be sent to it`),
    )
    const session = cable.accept(readHandshake(request), client)
    const gone = new Promise<void>((resolve) => {
      socket.on('close', async () => {
        await session.closed()
        this.#peers.delete(peer)
        resolve()
      })
    })
    const peer: Peer = { socket, client, gone, isAlive: true }
    socket.on('message', (data, isBinary) => {
      if (isBinary) cable.logger.error('Could not handle a binary message')
      else receive(session, String(data))
    })
    socket.on('pong', () => (peer.isAlive = true))
    socket.on('error', (error) => cable.logger.warn('A WebSocket failed', { error: error.message }))
    this.#peers.add(peer)
    void session.open()
  }
}

/** Reads one command. What can't be read is logged without its content, which may hold secrets, and has no answer, as in Rails. */
function receive(session: Session, text: string): void {
  const command = parse(text)
  if (isObject(command)) execute(session, command)
  else session.logger.error(`Could not read a command of ${text.length} characters`)
}

function execute(session: Session, command: Record<string, unknown>): void {
  const identifier = typeof command['identifier'] === 'string' ? command['identifier'] : ''
  switch (command['command']) {
    case 'subscribe': {
      const params = parse(identifier)
      if (isObject(params)) void subscribe(session, identifier, params)
      else session.logger.error('Could not read the identifier of a subscription')
      break
    }
    case 'unsubscribe':
      void unsubscribe(session, identifier)
      break
    case 'message':
      void perform(session, identifier, typeof command['data'] === 'string' ? parse(command['data']) : undefined)
      break
    default:
      session.run(() =>
        session.logger.error(`Received an unrecognized command ${String(JSON.stringify(command['command'])).slice(0, 100)}`),
      )
  }
}

function parse(text: string): unknown {
  try {
    return decodeCommand(text)
  } catch {
    return undefined
  }
}

function pathOf(request: IncomingMessage): string {
  const url = request.url ?? '/'
  const end = url.indexOf('?')
  return end < 0 ? url : url.slice(0, end)
}
