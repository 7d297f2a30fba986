import { transliterate } from '../naming/index.ts'

/** A Content-Disposition header: the name in ASCII for clients of old, and as it is for all others.
 * @see https://www.rfc-editor.org/rfc/rfc6266#section-4.3
 * @example contentDisposition('attachment', 'né.txt') // attachment; filename="ne.txt"; filename*=UTF-8''n%C3%A9.txt
 */
export function contentDisposition(disposition: string, filename: string | undefined): string {
  if (filename === undefined) return disposition
  const name = Buffer.from(filename).toString() // half a character can't be escaped
  const ascii = percentEscape([...name].map((character) => transliterate(character)).join(''), /[^ A-Za-z0-9!#$+.^_`|~-]/gu)
  return `${disposition}; filename="${ascii}"; filename*=UTF-8''${percentEscape(name, /[^A-Za-z0-9!#$&+.^_`|~-]/gu)}`
}

function percentEscape(text: string, escaped: RegExp): string {
  return text.replace(escaped, (character) =>
    [...Buffer.from(character)].map((byte) => `%${byte.toString(16).toUpperCase().padStart(2, '0')}`).join(''),
  )
}
