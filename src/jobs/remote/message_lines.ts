import { constants } from 'node:buffer'
import type net from 'node:net'
import { JobTooLarge } from '../errors.ts'
import type { MessageWire } from './wire.ts'

const { MAX_STRING_LENGTH } = constants
/** So many characters an owner takes at a time. What it answers may be as long as a text can be. */
export const longestLine = 64 * 1024 * 1024

/** How much is sent, and waits to be read. Default: as much as there is. */
export interface LineOptions {
  /** Whoever leaves so many bytes unread is let go. */
  readonly mostUnread?: number | undefined
  /** Whoever sends a longer message is let go. */
  readonly longestReceived?: number | undefined
  /** No longer message is sent. */
  readonly longestSent?: number | undefined
}

/** Messages as lines of JSON on a socket. Whoever sends anything else, what can't be handled, a line without end, or reads nothing is let go. */
export class MessageLines<M> implements MessageWire<M> {
  readonly #socket: net.Socket
  readonly #mostUnread: number
  readonly #longestReceived: number
  readonly #longestSent: number
  /** What has come of a line whose end hasn't. */
  #pieces: string[] = []
  #length = 0
  #handler: ((message: M) => void) | undefined
  /** What came before anybody listened. */
  #early: string[] = []

  constructor(socket: net.Socket, options: LineOptions = {}) {
    this.#socket = socket
    this.#mostUnread = options.mostUnread ?? Number.POSITIVE_INFINITY
    this.#longestReceived = options.longestReceived ?? MAX_STRING_LENGTH
    this.#longestSent = options.longestSent ?? Number.POSITIVE_INFINITY
    socket.setEncoding('utf8')
    socket.on('data', (text: string) => this.#receive(text))
  }

  /** @throws JobTooLarge (REGAUGE_JOB_TOO_LARGE), and what JSON.stringify throws */
  send(message: M): void {
    if (this.#socket.writableLength > this.#mostUnread) this.#socket.destroy()
    if (!this.#socket.writable) return
    const text = JSON.stringify(message)
    const limit = this.#longestSent
    if (text.length > limit) throw new JobTooLarge({ name: 'one message to the process that owns the queue', bytes: text.length, limit })
    this.#socket.write(`${text}\n`)
  }

  /** Calls `handler` with each message from here on, instead of the one before. */
  receive(handler: (message: M) => void): void {
    this.#handler = handler
    while (this.#early.length > 0 && this.#handler !== undefined) this.#handle(this.#early.shift()!)
  }

  /** The next message alone; what comes after it is kept for whoever listens then. */
  next(): Promise<M> {
    return new Promise((resolve) => {
      this.receive((message) => {
        this.#handler = undefined
        resolve(message)
      })
    })
  }

  #receive(text: string): void {
    const lines = text.split('\n')
    const rest = lines.pop()!
    for (const line of lines) {
      const whole = this.#pieces.length === 0 ? line : this.#pieces.join('') + line
      this.#pieces = []
      this.#length = 0
      if (this.#handler === undefined) this.#early.push(whole)
      else this.#handle(whole)
    }
    if (rest !== '') this.#pieces.push(rest)
    this.#length += rest.length
    if (this.#length > this.#longestReceived) this.#socket.destroy()
  }

  #handle(line: string): void {
    const message = messageOf<M>(line)
    try {
      if (message === undefined) this.#socket.destroy()
      else this.#handler!(message)
    } catch {
      // It says what makes no sense, such as data that are nested too deeply to be written again.
      this.#socket.destroy()
    }
  }
}

function messageOf<M>(line: string): M | undefined {
  try {
    const value: unknown = JSON.parse(line)
    return typeof value === 'object' && value !== null && typeof Reflect.get(value, 'kind') === 'string' ? (value as M) : undefined
  } catch {
    return undefined
  }
}
