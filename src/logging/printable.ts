/** A text without the characters that came from outside and would not be shown as themselves: control characters (an escape sequence in a path, a line
 * break that fakes a line), those that turn the direction of what follows, other breaks of lines, and halves of characters. They must neither reach a
 * terminal nor fake what it shows.
 * @example printable('a\nb\u202e') // 'a\\x0ab\\u202e' */
export function printable(value: unknown): string {
  return String(value ?? '').replace(/[\p{Cc}\p{Bidi_Control}\p{Zl}\p{Zp}\p{Cs}]/gu, escaped)
}

function escaped(character: string): string {
  const code = character.charCodeAt(0)
  return code > 0xff ? `\\u${code.toString(16).padStart(4, '0')}` : `\\x${code.toString(16).padStart(2, '0')}`
}
