/** What a worker is told when it waits: that there may be a job now (score 0), or when the next delayed one is due. */
export interface Mark {
  readonly member: string
  readonly score: number
}

/** Wakes the workers of a queue. A mark is taken by one of them, who leaves another when there is more to do. */
export class Marker {
  #hasWork = false
  #nextDelayed: number | undefined
  readonly #waiting: ((mark: Mark) => void)[] = []

  /** There may be a job to take. */
  work(): void {
    this.#hasWork = true
    this.#wake()
  }

  /** The next delayed job is due at `time`. */
  delayedUntil(time: number | undefined): void {
    if (time === undefined) return
    this.#nextDelayed = time
    this.#wake()
  }

  clear(): void {
    this.#hasWork = false
    this.#nextDelayed = undefined
  }

  /** Waits for a mark.
   * @param seconds how long at most
   * @param register is given a function that ends the wait with an error, and returns one that forgets it
   * @returns undefined when none came in time */
  wait(seconds: number, register: (interrupt: (error: Error) => void) => () => void): Promise<Mark | undefined> {
    const mark = this.#take()
    if (mark !== undefined) return Promise.resolve(mark)
    return new Promise((resolve, reject) => {
      const finish = () => {
        clearTimeout(timer)
        unregister()
        const index = this.#waiting.indexOf(receive)
        if (index >= 0) this.#waiting.splice(index, 1)
      }
      const receive = (found: Mark | undefined) => {
        finish()
        resolve(found)
      }
      const timer = setTimeout(() => receive(undefined), Math.max(0, seconds) * 1000)
      const unregister = register((error) => {
        finish()
        reject(error)
      })
      this.#waiting.push(receive)
    })
  }

  #wake(): void {
    if (this.#waiting.length === 0) return
    const mark = this.#take()
    if (mark !== undefined) this.#waiting.shift()!(mark)
  }

  #take(): Mark | undefined {
    if (this.#hasWork) {
      this.#hasWork = false
      return { member: '0', score: 0 }
    }
    if (this.#nextDelayed === undefined) return undefined
    const mark = { member: '1', score: this.#nextDelayed }
    this.#nextDelayed = undefined
    return mark
  }
}
