import { clearScreenDown, moveCursor } from 'node:readline'
import { linesTaken } from './text_width.ts'

/** Where text is shown: with its width when it is a terminal. */
type Terminal = NodeJS.WritableStream & { readonly isTTY?: boolean; readonly columns?: number }

/** Text that takes the place of what it showed before, where a person looks at it; one after the other where it goes to a file or a pipe. */
export class LiveText {
  readonly #out: Terminal
  #lines = 0

  /** @param out where it is shown */
  constructor(out: Terminal) {
    this.#out = out
  }

  /** Shows the text. A line that is longer than the terminal is wide takes several of its lines. */
  show(text: string): void {
    if (this.#out.isTTY && this.#lines > 0) {
      moveCursor(this.#out, -999, -this.#lines)
      clearScreenDown(this.#out)
    }
    this.#out.write(`${text}\n${this.#out.isTTY ? '' : '\n'}`)
    // A terminal that doesn't know its size says 0.
    const columns = this.#out.columns || Number.POSITIVE_INFINITY
    this.#lines = text.split('\n').reduce((sum, line) => sum + linesTaken(line, columns), 0)
  }
}
