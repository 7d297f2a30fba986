import type { WebSocketClient } from './web_socket_client.ts'

/** Writes what clients have to be sent once a turn of the event loop: ten messages to a client become one write, and clients with
 * the same messages (listeners of one stream) share the very buffer. */
export class Outbox {
  #clients: WebSocketClient[] = []
  #scheduled = false
  readonly #flush = (): void => this.flush()

  /** Remembers that this client has something to be sent. */
  add(client: WebSocketClient): void {
    this.#clients.push(client)
    if (this.#scheduled) return
    this.#scheduled = true
    setImmediate(this.#flush)
  }

  flush(): void {
    const clients = this.#clients
    this.#clients = []
    this.#scheduled = false
    let shared: { frames: readonly Buffer[]; bytes: Buffer } | undefined
    for (const client of clients) {
      const frames = client.takeFrames()
      if (frames.length === 0) continue
      if (shared === undefined || !sameFrames(shared.frames, frames)) {
        shared = { frames, bytes: frames.length === 1 ? (frames[0] as Buffer) : Buffer.concat(frames) }
      }
      client.write(shared.bytes)
    }
  }
}

function sameFrames(one: readonly Buffer[], other: readonly Buffer[]): boolean {
  if (one.length !== other.length) return false
  for (let i = 0; i < one.length; i++) if (one[i] !== other[i]) return false
  return true
}
