import type { IncomingMessage, ServerResponse } from 'node:http'
import { currentExecution } from '../context/index.ts'
import { type CookieJar, Request, type SessionData, writeCookiesWith } from '../http/index.ts'
import { application } from './current.ts'

/** A request of `node:http`, or something that has one: the handshake of a connection. */
type Message = IncomingMessage | { readonly raw: IncomingMessage }

const requests = new WeakMap<IncomingMessage, Request>()

/** The cookies of a request outside of controllers: in Express middleware, or of a connection of channels.
 *
 * @param response given by middleware that sets cookies: they are sent with whatever answers
 * @throws NotBooted when no application is running
 * @example
 * connect() { this.currentUserId = cookiesOf(this.request).encrypted.get('user_id') }
 */
export function cookiesOf(message: Message, response?: ServerResponse): CookieJar {
  const { cookies } = requestOf(message)
  if (response !== undefined) writeCookiesWith(response, cookies)
  return cookies
}

/** What the session of such a request holds, loaded from its store. What is written to it in middleware is kept when the request goes on to a
 * controller; a connection has nobody to send it to.
 * @throws NotBooted when no application is running
 * @example async connect() { this.currentUserId = (await sessionOf(this.request))['user_id'] }
 */
export async function sessionOf(message: Message): Promise<SessionData> {
  const request = requestOf(message)
  if (request.sessionState.exists) await request.loadSession()
  return request.session
}

function requestOf(message: Message): Request {
  const raw = 'raw' in message ? message.raw : message
  const execution = currentExecution()
  if (execution?.request instanceof Request && execution.request.raw === raw) return execution.request
  const known = requests.get(raw)
  if (known !== undefined) return known
  const request = new Request(raw, application().pipeline.requestOptions)
  requests.set(raw, request)
  return request
}
