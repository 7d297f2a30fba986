import { once } from 'node:events'
import { connect, type Socket } from 'node:net'

const connections = 64

/** Keep-alive connections, each with one request on its way. As cheap as can be, so that the server is what is measured: after the first,
 * an answer is known to be complete by its length. */
export class Load {
  readonly #sockets: Socket[]
  readonly #requests: readonly Buffer[]
  readonly #answerLength: number
  #sent = 0

  private constructor(sockets: Socket[], requests: readonly Buffer[], answerLength: number) {
    this.#sockets = sockets
    this.#requests = requests
    this.#answerLength = answerLength
  }

  /** Connects, and checks the answer to each request once: 200, and all of one length.
   * @throws Error when they aren't
   */
  static async connect(port: number, requests: readonly Buffer[]): Promise<Load> {
    const sockets = await Promise.all(
      Array.from({ length: connections }, async () => {
        const socket = connect({ port, host: '127.0.0.1', noDelay: true })
        await once(socket, 'connect')
        return socket
      }),
    )
    const lengths = new Set<number>()
    for (const request of requests) lengths.add(await answerLength(sockets[0]!, request))
    if (lengths.size !== 1) throw new Error(`The answers differ in length: ${[...lengths].join(', ')}`)
    return new Load(sockets, requests, [...lengths][0]!)
  }

  /** Sends requests for some seconds; answers how many came back. */
  async run(seconds: number): Promise<{ operations: number; seconds: number }> {
    const start = performance.now()
    const end = start + seconds * 1000
    const counts = await Promise.all(this.#sockets.map((socket) => this.#drive(socket, end)))
    return { operations: counts.reduce((sum, count) => sum + count, 0), seconds: (performance.now() - start) / 1000 }
  }

  close(): void {
    for (const socket of this.#sockets) socket.destroy()
  }

  #drive(socket: Socket, end: number): Promise<number> {
    return new Promise((resolve, reject) => {
      let count = 0
      let pending = 0
      const send = () => {
        pending = this.#answerLength
        socket.write(this.#requests[this.#sent++ % this.#requests.length]!)
      }
      const receive = (chunk: Buffer) => {
        pending -= chunk.length
        if (pending > 0) return
        if (pending < 0) reject(new Error(`An answer differs from the first:\n${chunk}`))
        count++
        if (performance.now() < end) {
          send()
        } else {
          socket.off('data', receive)
          socket.off('close', lost)
          resolve(count)
        }
      }
      const lost = () => reject(new Error('The server closed a connection that was in use.'))
      socket.on('data', receive)
      socket.once('close', lost)
      send()
    })
  }
}

async function answerLength(socket: Socket, request: Buffer): Promise<number> {
  socket.write(request)
  let text = ''
  for (;;) {
    const [chunk] = (await once(socket, 'data')) as [Buffer]
    text += chunk.toString('latin1')
    const headEnd = text.indexOf('\r\n\r\n') + 4
    if (headEnd < 4) continue
    if (!text.startsWith('HTTP/1.1 200 ')) throw new Error(`Expected 200:\n${text}`)
    const length = Number(/^content-length: (\d+)/im.exec(text)?.[1])
    if (text.length >= headEnd + length) return headEnd + length
  }
}
