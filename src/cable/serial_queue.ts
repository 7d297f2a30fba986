/** Runs pieces of work one after the other, in the order they came. The first one starts before `push` returns. */
export class SerialQueue {
  readonly #waiting: (() => void | Promise<void>)[] = []
  #busy = false
  #running: Promise<void> | undefined

  /** How many wait behind the running one. */
  get waiting(): number {
    return this.#waiting.length
  }

  /** @param work must not throw or reject */
  push(work: () => void | Promise<void>): void {
    this.#waiting.push(work)
    if (this.#busy) return
    this.#busy = true
    this.#running = this.#drain()
  }

  /** Resolves when nothing runs or waits. */
  async idle(): Promise<void> {
    while (this.#busy) await this.#running
  }

  async #drain(): Promise<void> {
    for (let work = this.#waiting.shift(); work !== undefined; work = this.#waiting.shift()) {
      const running = work()
      if (running !== undefined) await running
    }
    this.#busy = false
  }
}
