import { Readable } from 'node:stream'
import { ClientDisconnected } from '../errors.ts'

/** A body that is written piece by piece while it is sent. `write` waits for a client that reads slowly, so that nothing piles up in memory. */
export class ResponseBody extends Readable {
  readonly #abort = new AbortController()
  readonly #onRead: (() => void) | undefined
  #beforeWriting: (() => void | Promise<void>) | undefined
  #beginning: Promise<void> | undefined
  #isStarted = false
  #isClosed = false
  #waiting: { resolve: () => void; reject: (error: Error) => void }[] = []

  /** @param hooks.onRead called when the client begins to read: never for HEAD, or when something else is answered
   * @param hooks.beforeWriting called before the first piece is written, or the end
   */
  constructor(hooks: { readonly onRead?: () => void; readonly beforeWriting?: () => void | Promise<void> } = {}) {
    super({ highWaterMark: 64 * 1024 })
    this.#onRead = hooks.onRead
    this.#beforeWriting = hooks.beforeWriting
  }

  /** Aborted when nobody reads any more: the client has gone, or the server is shutting down. */
  get signal(): AbortSignal {
    return this.#abort.signal
  }

  /** Whether it is over, by `close` or because the client has gone. */
  get isClosed(): boolean {
    return this.#isClosed || this.destroyed
  }

  /** Sends a piece; resolves when there is room for the next one.
   * @throws ClientDisconnected (REGAUGE_CLIENT_DISCONNECTED) when the client has gone, or the body is closed
   */
  async write(chunk: string | Uint8Array): Promise<void> {
    const beginning = this.#begin()
    if (beginning !== undefined) await beginning
    if (this.isClosed) throw new ClientDisconnected({})
    if (chunk.length === 0 || this.push(chunk)) return
    await new Promise<void>((resolve, reject) => this.#waiting.push({ resolve, reject }))
  }

  /** As `write`, ended by a line break. */
  writeln(text: string): Promise<void> {
    return this.write(text.endsWith('\n') ? text : `${text}\n`)
  }

  /** Ends the body. Does nothing when it has ended. */
  close(): void {
    if (this.isClosed) return
    const beginning = this.#begin()
    if (beginning === undefined) this.#end()
    else
      beginning.then(
        () => this.#end(),
        (error: Error) => this.destroy(error),
      )
  }

  override _read(): void {
    if (!this.#isStarted) {
      this.#isStarted = true
      this.#onRead?.()
    }
    const waiting = this.#waiting
    this.#waiting = []
    for (const { resolve } of waiting) resolve()
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    this.#settle()
    this.#abort.abort()
    done(error)
  }

  #begin(): Promise<void> | undefined {
    const begin = this.#beforeWriting
    this.#beforeWriting = undefined
    const beginning = begin?.()
    if (beginning !== undefined) this.#beginning = beginning
    return this.#beginning
  }

  #end(): void {
    if (this.isClosed) return
    this.#isClosed = true
    this.push(null)
    this.#settle()
    this.#abort.abort()
  }

  #settle(): void {
    const waiting = this.#waiting
    this.#waiting = []
    for (const { reject } of waiting) reject(new ClientDisconnected({}))
  }
}
