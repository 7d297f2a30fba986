/** Prints what a command found: as JSON when asked, else as the text `describe` makes of it. */
export function printResult(options: { readonly json?: boolean }, result: unknown, describe: () => string): void {
  const text = options.json ? JSON.stringify(result, null, 2) : describe()
  process.stdout.write(text.endsWith('\n') ? text : `${text}\n`)
}
