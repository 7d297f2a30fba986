/** Percent-encodes what may not stand in a routes file's path, as Rails does when it reads one (RFC 2396). */
export function escapeRoutePath(path: string): string {
  return path.replace(/[^\-_.!~*'()a-zA-Z\d;/?:@&=+$,[\]]+/g, percentEncode)
}

/** Percent-encodes a value that fills one segment (RFC 3986, `pchar`). */
export function escapeSegment(value: string): string {
  return value.replace(/[^a-zA-Z0-9\-._~!$&'()*+,;=:@]+/g, percentEncode)
}

/** Percent-encodes a value that may span several segments. */
export function escapePath(value: string): string {
  return value.replace(/[^a-zA-Z0-9\-._~!$&'()*+,;=:@/]+/g, percentEncode)
}

/** Percent-encodes what follows the `#`. */
export function escapeFragment(value: string): string {
  return value.replace(/[^a-zA-Z0-9\-._~!$&'()*+,;=:@/?]+/g, percentEncode)
}

/** Encodes a name or value of a query string; spaces become plus signs. */
export function escapeQuery(value: string): string {
  return value.replace(/[^ a-zA-Z0-9_.\-~]+/g, percentEncode).replaceAll(' ', '+')
}

/** Decodes a captured part of a path. A percent sign that begins no escape stands for itself, as in Rails.
 * @returns undefined when the escapes aren't valid UTF-8
 */
export function unescapePath(value: string): string | undefined {
  if (!value.includes('%')) return value
  return decoded(value) ?? decoded(value.replace(/%(?![\da-f]{2})/gi, '%25'))
}

function decoded(value: string): string | undefined {
  try {
    return decodeURIComponent(value)
  } catch {
    return undefined
  }
}

/** One leading slash, no double slashes, none at the end, escapes in upper case: how paths are compared. */
export function normalizePath(path: string): string {
  if (!mayNeedNormalizing(path) && !path.includes('//')) return path
  const squeezed = `/${path}`.replace(/\/{2,}/g, '/')
  if (squeezed === '/') return squeezed
  return squeezed.replace(/\/$/, '').replace(/%[a-f0-9]{2}/g, (encoded) => encoded.toUpperCase())
}

/** Whether a path isn't as {@link normalizePath} leaves it, but for doubled slashes, which take longer to find. */
export function mayNeedNormalizing(path: string): boolean {
  return path.charCodeAt(0) !== slash || (path.charCodeAt(path.length - 1) === slash && path.length > 1) || path.includes('%')
}

const slash = 47

function percentEncode(text: string): string {
  let encoded = ''
  for (const byte of Buffer.from(text)) encoded += `%${byte < 16 ? '0' : ''}${byte.toString(16).toUpperCase()}`
  return encoded
}
