import { printable } from '../logging/index.ts'

/** JSON text that may go to a terminal: JSON itself leaves the control characters from 7f to 9f as they are, and what turns the direction of a text.
 * @param indentation 0 makes it one line */
export function jsonText(value: unknown, indentation = 2): string {
  const escaped = (character: string) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`
  return JSON.stringify(value, null, indentation).replace(/[\u007f-\u009f\p{Bidi_Control}\p{Zl}\p{Zp}]/gu, escaped)
}

/** Lines that may go to a terminal. */
export function printableLines(text: string): string {
  return text.replace(/[^\n]+/g, printable)
}

/** Prints what a command found: as JSON when asked, else as the text `describe` makes of it. */
export function printResult(options: { readonly json?: boolean }, result: unknown, describe: () => string): void {
  const text = options.json ? jsonText(result) : describe()
  process.stdout.write(text.endsWith('\n') ? text : `${text}\n`)
}
