import { clearScreenDown, moveCursor } from 'node:readline'

/** Text that takes the place of what it showed before, where a person looks at it; one after the other where it goes to a file or a pipe. */
export class LiveText {
  readonly #out: NodeJS.WritableStream & { readonly isTTY?: boolean }
  #lines = 0

  /** @param out where it is shown */
  constructor(out: NodeJS.WritableStream & { readonly isTTY?: boolean }) {
    this.#out = out
  }

  /** Shows the text.
   * @param text lines that fit the terminal's width
   */
  show(text: string): void {
    if (this.#out.isTTY && this.#lines > 0) {
      moveCursor(this.#out, -999, -this.#lines)
      clearScreenDown(this.#out)
    }
    this.#out.write(`${text}\n${this.#out.isTTY ? '' : '\n'}`)
    this.#lines = text.split('\n').length
  }
}
