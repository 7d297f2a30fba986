import type { ServerResponse } from 'node:http'
import onHeaders from 'on-headers'
import type { CookieJar } from './cookie_jar.ts'

const watched = new WeakSet<ServerResponse>()

/** Writes the cookies of a jar with the head of a response, whoever sends it. */
export function writeCookiesWith(response: ServerResponse, jar: CookieJar): void {
  if (watched.has(response)) return
  watched.add(response)
  onHeaders(response, () => jar.write({ appendHeader: (name, value) => void response.appendHeader(name, value) }))
}
