/** JSON text that may go to a terminal: JSON itself leaves the control characters from 7f to 9f as they are. */
export function jsonText(value: unknown): string {
  const escaped = (character: string) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`
  return JSON.stringify(value, null, 2).replace(/[\u007f-\u009f]/g, escaped)
}

/** Prints what a command found: as JSON when asked, else as the text `describe` makes of it. */
export function printResult(options: { readonly json?: boolean }, result: unknown, describe: () => string): void {
  const text = options.json ? jsonText(result) : describe()
  process.stdout.write(text.endsWith('\n') ? text : `${text}\n`)
}
