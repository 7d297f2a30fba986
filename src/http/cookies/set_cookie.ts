import { encodeValue } from './cookie_header.ts'
import type { ResolvedCookie } from './cookie_options.ts'

/** The Set-Cookie header of a cookie, byte for byte as Rack writes it. */
export function setCookieHeader(name: string, cookie: ResolvedCookie): string {
  return attributes(name, [cookie.value].flat().map(encodeValue).join('&'), cookie)
}

/** The Set-Cookie header that makes a browser forget a cookie. */
export function deleteCookieHeader(name: string, cookie: ResolvedCookie): string {
  return attributes(name, '', { ...cookie, maxAge: 0, expires: new Date(0) })
}

function attributes(name: string, value: string, cookie: ResolvedCookie): string {
  let header = `${nameOf(name)}=${value}`
  if (cookie.domain !== undefined) header += `; domain=${cookie.domain}`
  header += `; path=${cookie.path}`
  if (cookie.maxAge !== undefined) header += `; max-age=${cookie.maxAge}`
  if (cookie.expires !== undefined) header += `; expires=${cookie.expires.toUTCString()}`
  if (cookie.secure) header += '; secure'
  if (cookie.httpOnly) header += '; httponly'
  if (cookie.sameSite !== null) header += `; samesite=${cookie.sameSite}`
  return cookie.partitioned ? `${header}; partitioned` : header
}

/** A name with other characters than a token's (RFC 6265, section 4.1.1) is encoded. */
function nameOf(name: string): string {
  return /^[!#$%&'*+\-.^_`|~\w]+$/.test(name) ? name : encodeValue(name)
}
