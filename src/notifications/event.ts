/** Something that happened and how long it took: what subscribers with one parameter are given. */
export class NotificationEvent<P = Record<string, unknown>> {
  readonly name: string
  readonly payload: P
  /** The same for all that happens in one request or job. */
  readonly transactionId: string
  /** When it began and ended, in milliseconds of `performance.now()`. */
  readonly startedAt: number
  readonly finishedAt: number

  constructor(name: string, payload: P, transactionId: string, startedAt: number, finishedAt: number) {
    this.name = name
    this.payload = payload
    this.transactionId = transactionId
    this.startedAt = startedAt
    this.finishedAt = finishedAt
  }

  /** Milliseconds. */
  get duration(): number {
    return this.finishedAt - this.startedAt
  }

  get time(): Date {
    return dateOf(this.startedAt)
  }

  get end(): Date {
    return dateOf(this.finishedAt)
  }
}

/** A moment of `performance.now()` as a date. */
export function dateOf(moment: number): Date {
  return new Date(performance.timeOrigin + moment)
}
