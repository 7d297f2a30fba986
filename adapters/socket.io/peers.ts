import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { Agent, createServer, type IncomingMessage, request, type Server as HttpServer, type ServerResponse } from 'node:http'
import { connect, type Socket } from 'node:net'
import { join } from 'node:path'
import type { Duplex } from 'node:stream'
import { pipeline } from 'node:stream'
import type { Server } from 'socket.io'

type Engine = Server['engine']

/** The names of processes: they become names of files. */
const peerName = /^[0-9a-f]{16}$/

/** Several processes that serve the clients of one address. Each request of a client that polls may come to any of them: one that came to another
 * process than its session is brought there. A session's id says where it is; each process listens on a socket of its own in a folder of theirs. */
export class Peers {
  readonly #folder: string
  readonly #name = randomBytes(8).toString('hex')
  readonly #servers: HttpServer[] = []
  readonly #carried = new Set<Duplex>()
  readonly #agent = new Agent({ keepAlive: true })

  /** @param folder that nobody else can write to or read in */
  constructor(folder: string) {
    this.#folder = folder
  }

  /** Takes part with an engine: names its sessions, and decides where requests go. */
  async join(engine: Engine): Promise<void> {
    const generate = engine.generateId.bind(engine)
    const [handleRequest, handleUpgrade] = [engine.handleRequest.bind(engine), engine.handleUpgrade.bind(engine)]
    engine.generateId = async (message) => `${this.#name}.${await generate(message)}`
    engine.handleRequest = (req, res) => {
      const peer = this.#peerOf(req)
      if (peer === undefined) handleRequest(req, res)
      else this.#carry(req, res, peer)
    }
    engine.handleUpgrade = (req, socket, head) => {
      const peer = this.#peerOf(req)
      if (peer === undefined) handleUpgrade(req, socket, head)
      else this.#carryUpgrade(req, socket, head, peer)
    }
    const server = createServer((req, res) => handleRequest(req as never, res as never))
    server.on('upgrade', (req, socket, head) => handleUpgrade(req as never, socket, head))
    this.#servers.push(server)
    server.listen(this.#socketOf(this.#name))
    await once(server, 'listening')
  }

  /** Ends what is carried, and listens no more. */
  close(): void {
    for (const stream of this.#carried) stream.destroy()
    this.#agent.destroy()
    for (const server of this.#servers) {
      server.close()
      server.closeAllConnections()
    }
  }

  /** The process that has the session of a request, if that is another one. */
  #peerOf({ url = '' }: IncomingMessage): string | undefined {
    const session = new URLSearchParams(url.slice(url.indexOf('?') + 1)).get('sid') ?? ''
    const peer = session.slice(0, Math.max(0, session.indexOf('.')))
    return peer !== this.#name && peerName.test(peer) ? peer : undefined
  }

  #socketOf(peer: string): string {
    return join(this.#folder, `${peer}.sock`)
  }

  #carry(req: IncomingMessage, res: ServerResponse, peer: string): void {
    const { method, url: path } = req
    const options = { socketPath: this.#socketOf(peer), method, path, headers: carriedHeaders(req), agent: this.#agent }
    const onward = request(options, (answer) => {
      res.writeHead(answer.statusCode!, answer.headers)
      pipeline(answer, res, () => {})
    })
    onward.once('error', () => refuse(res))
    res.once('close', () => onward.destroy())
    pipeline(req, onward, () => {})
  }

  #carryUpgrade(req: IncomingMessage, socket: Duplex, head: Buffer, peer: string): void {
    const onward: Socket = connect(this.#socketOf(peer))
    onward.write(Buffer.concat([headOf(req), head]))
    this.#carried.add(socket)
    const end = () => {
      this.#carried.delete(socket)
      socket.destroy()
      onward.destroy()
    }
    pipeline(socket, onward, end)
    pipeline(onward, socket, end)
  }
}

/** What is about this connection only, and HTTP/2's own headers, stay here. */
function carriedHeaders({ headers }: IncomingMessage): NodeJS.Dict<string | string[]> {
  return Object.fromEntries(
    Object.entries(headers).filter(([name]) => name !== 'connection' && name !== 'keep-alive' && !name.startsWith(':')),
  )
}

// The names and values are such as a parser of HTTP let through.
function headOf({ method, url, rawHeaders }: IncomingMessage): Buffer {
  const lines = [`${method} ${url} HTTP/1.1`]
  for (let i = 0; i < rawHeaders.length; i += 2) lines.push(`${rawHeaders[i]}: ${rawHeaders[i + 1]}`)
  return Buffer.from(`${lines.join('\r\n')}\r\n\r\n`, 'latin1')
}

/** As a process answers that doesn't know the session: the client begins a new one. */
function refuse(res: ServerResponse): void {
  if (res.headersSent) res.destroy()
  else res.writeHead(400, { 'content-type': 'application/json' }).end('{"code":1,"message":"Session ID unknown"}')
}
