/** A text without the control characters that came from outside (an escape sequence in a path, a line break that fakes a line): they must neither
 * reach a terminal nor fake a line.
 * @example printable('a\nb') // 'a\\x0ab' */
export function printable(value: unknown): string {
  return String(value ?? '').replace(/\p{Cc}/gu, (character) => `\\x${character.charCodeAt(0).toString(16).padStart(2, '0')}`)
}
