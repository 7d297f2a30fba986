import type { Request } from './request.ts'

/** The methods Rails accepts: HTTP, WebDAV and their relatives (RFC 9110, 2518, 3253, 3648, 3744, 5323, 4791, 5789). */
export const knownMethods: readonly string[] = (
  'OPTIONS GET HEAD POST PUT DELETE TRACE CONNECT PROPFIND PROPPATCH MKCOL COPY MOVE LOCK UNLOCK VERSION-CONTROL REPORT CHECKOUT ' +
  'CHECKIN UNCHECKOUT MKWORKSPACE UPDATE LABEL MERGE BASELINE-CONTROL MKACTIVITY ORDERPATCH ACL SEARCH MKCALENDAR PATCH'
).split(' ')

const known = new Set(knownMethods)

/** Whether Rails accepts a method. */
export function isKnownMethod(method: string): boolean {
  return known.has(method)
}

/** Lets a POST be another method, named by a form's `_method` or the X-HTTP-Method-Override header, as Rack::MethodOverride does. */
export function applyMethodOverride(request: Request): void {
  const isForm = request.mediaType !== 'application/json'
  const field = isForm ? request.requestParameters['_method'] : undefined
  const method = (typeof field === 'string' ? field : (request.header('x-http-method-override') ?? '')).toUpperCase()
  if (known.has(method)) request.method = method
}
