import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net'

/** Hands bytes on to a server until it is told to cut the wires. */
export class FailingWire {
  readonly port: number
  readonly #server: Server
  readonly #sockets: Set<Socket>

  private constructor(server: Server, sockets: Set<Socket>) {
    this.port = (server.address() as AddressInfo).port
    this.#server = server
    this.#sockets = sockets
  }

  static async to(port: number, host: string, at = 0): Promise<FailingWire> {
    const sockets = new Set<Socket>()
    const server = createServer((near) => {
      const far = connect({ port, host })
      for (const [from, to] of [
        [near, far],
        [far, near],
      ] as const) {
        sockets.add(from)
        from.pipe(to)
        from.on('error', () => to.destroy())
        from.on('close', () => sockets.delete(from) && to.destroy())
      }
    })
    server.listen(at, '127.0.0.1')
    await once(server, 'listening')
    return new FailingWire(server, sockets)
  }

  cut(): void {
    for (const socket of this.#sockets) socket.resetAndDestroy()
  }

  async close(): Promise<void> {
    this.cut()
    await new Promise((resolve) => this.#server.close(resolve))
  }
}
