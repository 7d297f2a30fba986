import { TransactionWait } from '../errors.ts'

/** Gives back what `take` answered. */
export type Release = () => void

interface Waiting {
  start(): void
}

/** Who may write, one after the other, first come first served: SQLite has one writer, and an open transaction must be alone on its connection. */
export class Turns {
  readonly #patience: number
  readonly #waiting: Waiting[] = []
  #taken = false

  /** @param patience how long, in milliseconds, somebody waits for a turn */
  constructor(patience: number) {
    this.#patience = patience
  }

  /** Whether work can start at once, without `take`. */
  get areFree(): boolean {
    return !this.#taken
  }

  /** Waits until everybody before us has finished.
   *
   * @throws TransactionWait when that takes too long
   */
  take(): Release | Promise<Release> {
    if (!this.#taken) {
      this.#taken = true
      return this.#releaseOnce()
    }
    return new Promise((resolve, reject) => {
      const waiting: Waiting = {
        start: () => {
          clearTimeout(timer)
          resolve(this.#releaseOnce())
        },
      }
      const timer = setTimeout(() => {
        this.#waiting.splice(this.#waiting.indexOf(waiting), 1)
        reject(new TransactionWait({ seconds: this.#patience / 1000 }))
      }, this.#patience)
      this.#waiting.push(waiting)
    })
  }

  #releaseOnce(): Release {
    let released = false
    return () => {
      if (released) return
      released = true
      const next = this.#waiting.shift()
      if (next === undefined) this.#taken = false
      else next.start()
    }
  }
}
