import type { IncomingMessage } from 'node:http'

/** The handshake of a connection, as `connect` and the channels see it. */
export interface CableRequest {
  /** The query of the URL; for socket.io its `auth` object too, which wins. Without prototype. */
  readonly params: Readonly<Record<string, unknown>>
  /** Cookies as sent, percent-decoded. Without prototype. */
  readonly cookies: Readonly<Record<string, string>>
  /** Names in lower case. */
  readonly headers: IncomingMessage['headers']
  readonly url: string
  readonly path: string
  readonly ip: string | undefined
  readonly requestId: string | undefined
  /** Node's own request. */
  readonly raw: IncomingMessage
}

/** Reads the parts of a handshake that Rails applications ask for.
 * @param extra more parameters, which win over the query's
 */
export function readHandshake(raw: IncomingMessage, extra: Readonly<Record<string, unknown>> = {}): CableRequest {
  const url = raw.url ?? '/'
  const [path = '/', query = ''] = splitOnce(url, '?')
  let params: Record<string, unknown> | undefined
  let cookies: Record<string, string> | undefined
  return {
    raw,
    url,
    path,
    headers: raw.headers,
    ip: raw.socket.remoteAddress,
    requestId: first(raw.headers['x-request-id'])
      ?.replace(/[^\w-]/g, '')
      .slice(0, 255),
    get params() {
      return (params ??= record([...new URLSearchParams(query), ...Object.entries(extra)]))
    },
    get cookies() {
      return (cookies ??= record(parseCookies(raw.headers.cookie ?? '')))
    },
  }
}

function parseCookies(header: string): [string, string][] {
  return header
    .split(';')
    .map((pair) => splitOnce(pair, '='))
    .filter((pair) => pair.length === 2)
    .map(([name = '', value = '']) => [name.trim(), decode(value.trim())] as [string, string])
    .reverse() // the first of two cookies with one name is the more specific one: it must win
}

function record<T>(entries: readonly (readonly [string, T])[]): Record<string, T> {
  const result: Record<string, T> = Object.create(null)
  for (const [name, value] of entries) if (name !== '__proto__') result[name] = value
  return result
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

function splitOnce(text: string, separator: string): string[] {
  const at = text.indexOf(separator)
  return at < 0 ? [text] : [text.slice(0, at), text.slice(at + separator.length)]
}

function first(value: string | string[] | undefined): string | undefined {
  return Array.isArray(value) ? value[0] : value
}
