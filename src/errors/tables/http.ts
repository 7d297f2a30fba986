import { didYouMeanText, row } from '../row.ts'

/** Errors of reading a request, writing a response and opening a port. */
export const httpErrors = {
  REGAUGE_BAD_REQUEST: row(400, (d: { reason: string }) => d.reason),
  REGAUGE_PARSE_ERROR: row(
    400,
    (d: { reason: string }) => `Error occurred while parsing request parameters: ${d.reason}`,
    'Send a body that matches its Content-Type.',
  ),
  REGAUGE_METHOD_NOT_ALLOWED: row(405, (d: { method: string; allowed: readonly string[] }) =>
    d.allowed.length === 0 ? `The method ${d.method} is not known here.` : `${d.method}, accepted HTTP methods are ${d.allowed.join(', ')}`,
  ),
  REGAUGE_INVALID_MEDIA_TYPE: row(406, (d: { type: string }) => `"${d.type}" is not a valid MIME type`),
  REGAUGE_BODY_TOO_LARGE: row(
    413,
    (d: { limit: number }) => `The request body is larger than ${d.limit} bytes.`,
    'Raise config.http.bodyLimit (or memoryLimit, for what is held in memory) if bodies of this size are expected.',
  ),
  REGAUGE_REQUEST_TIMEOUT: row(
    408,
    (d: { timeout: number }) => `The request was not complete after ${d.timeout} ms.`,
    'Raise config.http.requestTimeout if clients may take longer to send a body.',
  ),
  REGAUGE_TOO_MANY_PARTS: row(
    413,
    (d: { what: string; limit: number }) => `The request has more than ${d.limit} ${d.what}.`,
    'Raise the limit in config.http if requests of this size are expected.',
  ),
  REGAUGE_UNSUPPORTED_MEDIA_TYPE: row(415, (d: { type: string }) => `The content type '${d.type}' is not supported.`),
  REGAUGE_UNSUPPORTED_ENCODING: row(
    415,
    (d: { encoding: string }) => `The content encoding '${d.encoding}' is not supported.`,
    'Send the body uncompressed.',
  ),
  REGAUGE_IP_SPOOFING: row(
    400,
    (d: { clientIp: string; forwardedFor: string }) =>
      `IP spoofing attack?! Client-Ip: "${d.clientIp}", X-Forwarded-For: "${d.forwardedFor}"`,
    'Let the proxy overwrite both headers, or set config.http.ipSpoofingCheck to false.',
  ),
  REGAUGE_INVALID_HEADER: row(
    500,
    (d: { name: string }) => `The response header '${d.name}' contains a line break or another character that headers may not have.`,
    'Never build a header from what a client sent without checking it.',
  ),
  REGAUGE_BODY_CONSUMED: row(
    500,
    (_details: Record<never, never>) => 'The body has been read by middleware, and is not there as it was sent any more.',
    'Let the middleware keep it: express.json({ verify: (req, _res, bytes) => { req.rawBody = bytes } }).',
  ),
  REGAUGE_INVALID_COOKIE: row(
    500,
    (d: { name: string; problem: string; suggestion?: string | undefined }) =>
      `The cookie '${d.name}' is set with ${d.problem}.${didYouMeanText(d.suggestion)}`,
    'Its options are expires, maxAge, domain, tldLength, path, secure, httpOnly, sameSite and partitioned.',
  ),
  REGAUGE_MISSING_SECRET: row(
    500,
    (_details: Record<never, never>) => 'Cookies can be neither signed nor encrypted here: there is no secret to derive keys from.',
    'Boot an application, or give the pipeline request.keys: new KeyGenerator(secretKeyBase, { iterations: 1000 }).',
  ),
  REGAUGE_SESSION_DISABLED: row(
    500,
    (_details: Record<never, never>) => 'This application has no sessions, so that nothing can be written to one.',
    "Set config.session.store to 'cookie', 'memory', 'database' or 'redis'.",
  ),
  REGAUGE_SESSION_NOT_LOADED: row(
    500,
    (_details: Record<never, never>) => 'The session has not been loaded from its store yet.',
    'Await request.loadSession() first; before an action it has been done for you.',
  ),
  REGAUGE_UNKNOWN_MIDDLEWARE: row(
    500,
    (d: { name: string; known: readonly string[]; suggestion?: string | undefined }) =>
      `There is no middleware '${d.name}' in the stack (${d.known.join(', ') || 'it is empty'}).${didYouMeanText(d.suggestion)}`,
    'List the stack with `regauge middleware`.',
  ),
  REGAUGE_CLIENT_DISCONNECTED: row(
    500,
    (_details: Record<never, never>) => 'client disconnected',
    "Nobody reads any more: let the error end the action, or ask the stream's signal.",
  ),
  REGAUGE_UNKNOWN_MEDIA_TYPE: row(
    500,
    (d: { format: string; suggestion?: string | undefined }) => `Unknown MIME type ${d.format}.${didYouMeanText(d.suggestion)}`,
    "Register it with registerMediaType, or name the type itself: 'text/csv'.",
  ),
  REGAUGE_INVALID_VARIANT: row(
    500,
    (_details: Record<never, never>) => 'request.variant must be set to a name or an array of names.',
    "Choose it among names of yours: request.variant = isPhone ? 'phone' : null.",
  ),
  REGAUGE_FIXED_MIDDLEWARE: row(
    500,
    (d: { name: string; reason: string }) => `The middleware '${d.name}' is a stage of every request: ${d.reason}.`,
    'Use unshift to run before all other middleware, and use to run after them.',
  ),
  REGAUGE_NO_VIEWS: row(
    500,
    (d: { view: string }) => `res.render('${d.view}') was called, and there are no views on this server.`,
    'Answer with JSON or HTML, or mount an Express application that has the views.',
  ),
  REGAUGE_CANNOT_LISTEN: row(
    500,
    (d: { where: string; reason: string }) => `Cannot listen on ${d.where}: ${d.reason}.`,
    'Stop the other process, or choose another port with PORT or --port.',
  ),
} as const
