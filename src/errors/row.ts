/** One row of the error table. `D` is the shape of the details that the message is made of. */
export interface ErrorRow<D> {
  /** The HTTP status a request ends with when nobody rescues the error. */
  readonly status: number
  readonly message: (details: D) => string
  /** What to do about it, in one sentence; where it depends, what the details say. */
  readonly hint?: Hint<D>
}

type Hint<D> = string | ((details: D) => string | undefined)

/** Declares a row, so that the details are typed from the message function. */
export function row<D>(status: number, message: (details: D) => string, hint?: Hint<D>): ErrorRow<D> {
  return hint === undefined ? { status, message } : { status, message, hint }
}

/** “ Did you mean x?”, or nothing: for the end of a message. */
export function didYouMeanText(suggestion: string | undefined): string {
  return suggestion === undefined ? '' : ` Did you mean ${suggestion}?`
}
