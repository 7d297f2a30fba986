import { didYouMeanText, row } from '../row.ts'

/** Errors of controllers and their parameters. */
export const controllerErrors = {
  REGAUGE_UNKNOWN_ACTION: row(
    404,
    (d: { controller: string; action: string; route?: string | undefined; suggestion?: string | undefined }) =>
      `The action '${d.action}' could not be found for ${d.controller}${d.route ? `, where the route ${d.route} leads` : ''}.${didYouMeanText(d.suggestion)}`,
    ({ route }) =>
      route === undefined
        ? 'Write the method in the controller, or correct the name. What runs as a callback is no action.'
        : 'Write the method in the controller, or correct the route; `regauge routes --unused` lists all such routes. What runs as a callback is no action.',
  ),
  REGAUGE_MISSING_CALLBACK: row(
    500,
    (d: { controller: string; callback: string; suggestion?: string | undefined }) =>
      `${d.controller} has a callback '${d.callback}', but no method of that name.${didYouMeanText(d.suggestion)}`,
    'Write the method, or correct the name in beforeAction, afterAction, aroundAction, their if and unless, or rescueFrom.',
  ),
  REGAUGE_UNDEFINED_CALLBACK: row(
    500,
    (d: { controller: string; kind: string; callback: string; suggestion?: string | undefined }) =>
      `${d.controller} skips the ${d.kind} callback '${d.callback}', which has not been defined.${didYouMeanText(d.suggestion)}`,
    'Correct the name, or pass { raise: false } when the callback may be absent.',
  ),
  REGAUGE_INVALID_CALLBACK: row(
    500,
    (d: { controller: string; kind: string; problem: string; suggestion?: string | undefined }) =>
      `${d.controller} declares a ${d.kind} callback with ${d.problem}.${didYouMeanText(d.suggestion)}`,
    "A callback is a method's name, a function or an object; its options are only, except, if and unless (and raise, to skip it).",
  ),
  REGAUGE_INVALID_RESCUE: row(
    500,
    (d: { controller: string; handler: string } | { controller: string; error: string }) =>
      'error' in d
        ? `${d.controller} has a rescueFrom that names ${d.error} of Ruby, which nothing here is.`
        : `${d.controller} has a rescueFrom whose handler is ${d.handler}.`,
    (d) =>
      'error' in d
        ? 'Pass Error: all errors are of it.'
        : "Name the errors first and the handler last: rescueFrom(RecordNotFound, 'notFound'), { with: 'notFound' } or a function of controller and error.",
  ),
  REGAUGE_PARAMETER_MISSING: row(
    400,
    (d: { param: string; keys?: readonly string[] | undefined; suggestion?: string | undefined }) =>
      `param is missing or the value is empty or invalid: ${d.param}${d.suggestion ? `\n${didYouMeanText(d.suggestion).trim()}` : ''}`,
  ),
  REGAUGE_EXPECTED_PARAMETER_MISSING: row(
    500,
    (d: { param: string; keys?: readonly string[] | undefined }) => `param is missing or the value is empty or invalid: ${d.param}`,
    'expectOrThrow is for clients of the same product; use expect to answer 400.',
  ),
  REGAUGE_UNPERMITTED_PARAMETERS: row(
    500,
    (d: { names: readonly string[] }) =>
      `found unpermitted parameter${d.names.length > 1 ? 's' : ''}: ${d.names.map((name) => `:${name}`).join(', ')}`,
    "Permit them, or set config.controller.onUnpermittedParameters to 'log' or false.",
  ),
  REGAUGE_UNFILTERED_PARAMETERS: row(
    500,
    (_details: Record<never, never>) => 'unable to convert unpermitted parameters to hash',
    'Call permit first, or toUnsafe when every key may pass.',
  ),
  REGAUGE_DOUBLE_RENDER: row(
    500,
    (d: { controller: string; action: string }) => `${d.controller}#${d.action} rendered or redirected more than once.`,
    'Render once in an action; return after rendering early.',
  ),
  REGAUGE_UNAWAITED_JSON: row(
    500,
    (d: { controller: string; action: string }) => `${d.controller}#${d.action} rendered a promise as JSON.`,
    'Await it: this.render({ json: await Article.all() }).',
  ),
  REGAUGE_UNKNOWN_STATUS: row(
    500,
    (d: { status: string; suggestion?: string | undefined }) => `Unrecognized status code ${d.status}.${didYouMeanText(d.suggestion)}`,
    "Use a number, or a name such as 'not_found'.",
  ),
  REGAUGE_UNKNOWN_ENCODING: row(
    500,
    (d: { controller: string; action: string; encoding: string }) =>
      `${d.controller} reads a parameter of the action '${d.action}' in the encoding '${d.encoding}', which doesn't exist.`,
    "Use a label of the Encoding Standard, such as 'shift_jis', or 'iso-8859-1'.",
  ),
  REGAUGE_UNSAFE_REDIRECT: row(
    500,
    (d: { location: string; reason?: string | undefined }) => d.reason ?? `Unsafe redirect to ${JSON.stringify(d.location)}.`,
    'Pass { allowOtherHost: true } when the host may be another one, or list it in config.controller.allowedRedirectHosts.',
  ),
  REGAUGE_UNKNOWN_FORMAT: row(
    406,
    (d: { accepted: readonly string[]; asked: readonly string[] }) =>
      `The client asks for ${d.asked.join(', ') || 'a format that is not known'}; the action has ${d.accepted.join(', ') || 'none'}.`,
    'Add a block for the format, or format.any for all others.',
  ),
  REGAUGE_RESPOND_TO_MISMATCH: row(
    500,
    (d: { chosen: string; type: string }) => `respondTo would answer with ${d.type}, but the content type is ${d.chosen} already.`,
    'Call respondTo once in an action, and choose no content type before.',
  ),
  REGAUGE_MISSING_FILE: row(
    500,
    (d: { path: string }) => `Cannot read file ${JSON.stringify(d.path)}`,
    'Answer 404 yourself where a file may be absent.',
  ),
  REGAUGE_FILE_CHANGED: row(
    500,
    () => 'The file became shorter while it was sent.',
    'Replace a file (write another one and rename it) instead of writing over it: who is reading the old one goes on reading it.',
  ),
  REGAUGE_INVALID_EVENT: row(
    500,
    (d: { field: string; problem: string }) => `The ${d.field} of a server-sent event can't be ${d.problem}.`,
    'Put text of any kind into the data; event and id are one line, retry is a whole number of milliseconds.',
  ),
  REGAUGE_UNKNOWN_URL: row(
    500,
    (d: { target: string }) => `Cannot make a URL of ${d.target}.`,
    'Give a path, a URL, a saved record or the values of a route.',
  ),
  REGAUGE_UNAWAITED_FRESHNESS: row(
    500,
    (_details: Record<never, never>) => 'A promise was to say whether the answer is fresh.',
    'Await it: this.freshWhen(await Article.all()).',
  ),
  REGAUGE_TOO_MANY_REQUESTS: row(429, (_details: Record<never, never>) => 'Too many requests; try again later.'),
  REGAUGE_INVALID_AUTHENTICITY_TOKEN: row(
    422,
    (d: { reason: string }) => d.reason,
    'Send the token of formAuthenticityToken() as authenticity_token or X-CSRF-Token; leave APIs with tokens of their own unprotected.',
  ),
  REGAUGE_INVALID_CROSS_ORIGIN_REQUEST: row(
    422,
    (_details: Record<never, never>) =>
      'Security warning: an embedded <script> tag on another site requested protected JavaScript. If this is meant, call ' +
      'skipForgeryProtection for this action to permit cross-origin JavaScript embedding.',
  ),
  REGAUGE_INVALID_FORGERY_PROTECTION: row(
    500,
    (d: { controller: string; option: string; value: string }) =>
      `${d.controller} protects from forgery with ${d.option}: '${d.value}', which doesn't exist.`,
    "with is 'exception', 'null_session', 'reset_session' or a function; store is 'session', 'cookie' or has fetch, store and reset.",
  ),
  REGAUGE_INVALID_CREDENTIALS: row(
    500,
    (d: { controller: string; option: string }) => `${d.controller} lets clients in by a ${d.option} that is no text, or empty.`,
    'Set the environment variable that it comes from.',
  ),
  REGAUGE_INVALID_RATE_LIMIT: row(
    500,
    (d: { controller: string; option: string; value: string }) => `${d.controller} limits requests with ${d.option}: ${d.value}.`,
    'to is a whole number, within a time in seconds or a duration; by and with are functions or names of methods.',
  ),
} as const
