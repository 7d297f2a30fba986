import type { Duplex } from 'node:stream'
import type { WebSocket } from 'ws'
import type { CableClient, Wire } from '../transport.ts'
import { frames, textFrame } from './frames.ts'
import type { Outbox } from './outbox.ts'

/** Encodes a message for many clients once. */
export const actionCableWire: Wire = {
  multicast(members, identifier, json) {
    const frame = textFrame(frames.message(identifier, json))
    for (const { client } of members) (client as WebSocketClient).send(frame)
  },
}

/** A client of the Action Cable protocol. Frames are written to the socket below `ws`, which has no compression here and thus keeps no
 * state between frames; `ws` reads, answers pings and closes. */
export class WebSocketClient implements CableClient {
  readonly wire = actionCableWire
  readonly #socket: WebSocket
  readonly #stream: Duplex
  readonly #outbox: Outbox
  readonly #bufferLimit: number
  readonly #onOverflow: () => void
  #frames: Buffer[] = []
  #bytes = 0
  #ending = false

  constructor(socket: WebSocket, stream: Duplex, outbox: Outbox, bufferLimit: number, onOverflow: () => void) {
    this.#socket = socket
    this.#stream = stream
    this.#outbox = outbox
    this.#bufferLimit = bufferLimit
    this.#onOverflow = onOverflow
  }

  welcome(): void {
    this.send(textFrame(frames.welcome()))
  }

  confirm(identifier: string): void {
    this.send(textFrame(frames.confirm(identifier)))
  }

  reject(identifier: string): void {
    this.send(textFrame(frames.reject(identifier)))
  }

  message(identifier: string, json: string): void {
    this.send(textFrame(frames.message(identifier, json)))
  }

  disconnect(reason: string, reconnect: boolean): void {
    if (this.#ending) return
    this.send(textFrame(frames.disconnect(reason, reconnect)))
    this.#outbox.flush()
    this.#ending = true
    this.#socket.close(1000)
  }

  terminate(): void {
    this.#ending = true
    this.takeFrames()
    this.#socket.terminate()
  }

  pause(): void {
    this.#socket.pause()
  }

  resume(): void {
    this.#socket.resume()
  }

  /** Puts a ready frame in line; a client that doesn't read fast enough is cut off. */
  send(frame: Buffer): void {
    if (this.#ending || this.#socket.readyState !== this.#socket.OPEN) return
    this.#bytes += frame.length
    if (this.#bytes + this.#stream.writableLength > this.#bufferLimit) {
      this.#onOverflow()
      this.terminate()
      return
    }
    if (this.#frames.push(frame) === 1) this.#outbox.add(this)
  }

  /** Hands over what is in line. */
  takeFrames(): Buffer[] {
    const taken = this.#frames
    this.#frames = []
    this.#bytes = 0
    return taken
  }

  write(bytes: Buffer): void {
    if (this.#stream.writable) this.#stream.write(bytes)
  }
}
