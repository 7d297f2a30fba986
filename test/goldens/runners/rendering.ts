import {
  asJson,
  Controller,
  compileAction,
  controllerSettings,
  type RenderOptions,
  type Status,
  toJson,
  tokenAndOptions,
} from '../../../src/controller/index.ts'
import { renderJson } from '../../../src/controller/json/encode.ts'
import { ApiErrorRenderer, type Endpoint, Pipeline } from '../../../src/http/index.ts'
import { inject } from '../../http/injected.ts'
import { errorFor } from './rendering_errors.ts'
import { fromRuby, NotBuilt } from './rendering_values.ts'

type Call = readonly [method: string, ...args: unknown[]]
interface ToJsonCase {
  readonly id: string
  readonly kind: 'to_json'
  readonly value: unknown
  readonly options: Record<string, unknown>
  readonly render_json: string
  readonly to_json: string
  readonly as_json: unknown
}
interface RequestCase {
  readonly id: string
  readonly kind: 'request'
  readonly calls: readonly Call[]
  readonly request: { method: string; path: string; headers: Record<string, string> }
  readonly exception?: { class: string }
  readonly response: { status: number; headers: Record<string, string | string[] | number>; body: string }
}
type RenderingCase = ToJsonCase | RequestCase | { id: string; kind: 'pattern' }

/** Renders what `rendering.json` renders and compares status, headers and body, and the JSON of values. */
export async function run(golden: { cases: RenderingCase[] }): Promise<{ passed: number; failed: { id: string; reason: string }[] }> {
  const failed: { id: string; reason: string }[] = []
  for (const one of golden.cases) {
    const reason = await runCase(one).catch(reasonOf)
    if (reason !== undefined) failed.push({ id: one.id, reason })
  }
  return { passed: golden.cases.length - failed.length, failed }
}

function reasonOf(error: unknown): string {
  return error instanceof NotBuilt ? `not built: ${error.message}` : String((error as Error).stack)
}

async function runCase(one: RenderingCase): Promise<string | undefined> {
  if (one.kind === 'to_json') return jsonDifference(one)
  if (one.kind === 'request') return requestDifference(one)
  throw new NotBuilt(one.kind)
}

function jsonDifference(one: ToJsonCase): string | undefined {
  const value = fromRuby(one.value)
  const options = Object.keys(one.options).length === 0 ? undefined : (fromRuby(one.options) as never)
  const got = {
    render_json: numbers(renderJson(value, options)),
    to_json: numbers(toJson(value, options)),
    as_json: numbers(toJson(asJson(value, options))),
  }
  const expected = { render_json: numbers(one.render_json), to_json: numbers(one.to_json), as_json: numbers(toJson(fromRuby(one.as_json))) }
  return JSON.stringify(got) === JSON.stringify(expected) ? undefined : `expected ${JSON.stringify(expected)}, got ${JSON.stringify(got)}`
}

/** Floats compare by value: `1.0` and `1`, `1.0e-07` and `1e-7` are the same JSON number. */
function numbers(json: string): string {
  return json.replace(/"(?:[^"\\]|\\.)*"|-?\d+\.\d+(?:e[+-]?\d+)?|-?\d+e[+-]?\d+/gi, (token) =>
    token.startsWith('"') ? token : String(Number(token)),
  )
}

// What middleware and conditional GET add to every response is not the controller room's.
const ofOthers = [
  'x-frame-options',
  'x-xss-protection',
  'x-content-type-options',
  'x-permitted-cross-domain-policies',
  'referrer-policy',
  'etag',
  'cache-control',
  'content-length',
  'x-request-id',
  'date',
  'connection',
  'keep-alive',
  'transfer-encoding',
]

async function requestDifference(one: RequestCase): Promise<string | undefined> {
  const { method, path, headers } = one.request
  const target = /^\/(main|allowed|missing_action|nope)(?:[?./]|$)/.exec(path)?.[1]
  if (target === undefined) throw new NotBuilt(path)
  if ('vary' in one.response.headers) throw new NotBuilt('Vary')
  if (Object.keys(headers).some((name) => /^if-/i.test(name))) throw new NotBuilt('conditional GET')
  if (
    one.calls.some(
      ([, argument]) => typeof argument === 'object' && argument !== null && 'xml' in argument && typeof argument.xml !== 'string',
    )
  )
    throw new NotBuilt('XML of a hash')
  if (one.calls.some(([method, argument]) => method === 'redirect_to' && typeof argument === 'object'))
    throw new NotBuilt('redirects to routes')
  class MainController extends Controller {
    run() {
      for (const call of one.calls) perform(this, call)
    }
  }
  controllerSettings.allowedRedirectHosts = path === '/allowed' ? ['ok.example.org', '.sub.example.org'] : []
  let unexpected: unknown
  const endpoint: Endpoint = (request, response) =>
    compileAction(MainController, target === 'missing_action' ? 'nope_action' : 'run')(request, response)
  const isRouted = target !== 'nope' && (one.calls.length > 0 || one.exception?.class !== 'ActionController::UnknownHttpMethod')
  const pipeline = new Pipeline({
    errors: new ApiErrorRenderer({ details: false, emptyBodies: true, report: (error) => (unexpected = error) }),
    router: { find: () => (isRouted ? { endpoint } : null) },
  })
  const answer = await inject(pipeline.handle, { method, path, headers })
  controllerSettings.allowedRedirectHosts = []
  if (unexpected instanceof NotBuilt) throw unexpected
  const got = { status: answer.status, headers: headersOf(answer.head), body: withoutChunks(answer) }
  const expected = { status: one.response.status, headers: comparable(one.response.headers), body: one.response.body }
  return JSON.stringify(got) === JSON.stringify(expected)
    ? undefined
    : `expected ${JSON.stringify(expected)}, got ${JSON.stringify(got)} ${unexpected ?? ''}`
}

// How Node.js frames an empty body whose length it wasn't told.
function withoutChunks({ head, body }: { head: string; body: string }): string {
  return /^transfer-encoding: chunked/im.test(head) && body === '0\r\n\r\n' ? '' : body
}

function headersOf(head: string): Record<string, string> {
  const headers: Record<string, string | string[]> = {}
  for (const line of head.split('\r\n').slice(1)) {
    const [name = '', value = ''] = line.split(/: ?(.*)/s)
    const before = headers[name.toLowerCase()]
    headers[name.toLowerCase()] = before === undefined ? value : [before, value].flat()
  }
  return comparable(headers)
}

function comparable(headers: Record<string, string | string[] | number>): Record<string, string> {
  const kept = Object.entries(headers).filter(([name]) => !ofOthers.includes(name))
  return Object.fromEntries(kept.map(([name, value]) => [name, String(value)]).toSorted())
}

function perform(controller: Controller, [method, ...args]: Call): void {
  const operation = operations[method]
  if (operation === undefined) throw new NotBuilt(method)
  operation(
    controller,
    ...((method === 'raise' ? [{ ruby: Object.values(args[0] as object)[0] }, args[1]] : args.map(fromRuby)) as never[]),
  )
}

type Options = Record<string, unknown>
const operations: Record<string, (controller: Controller, ...args: never[]) => unknown> = {
  render: (controller, options: Options = { body: null }) => controller.render(renderOptions(options, controller)),
  head: (controller, status: Status | null, headers: Record<string, string> = {}) => controller.head(status ?? 200, headers),
  redirect_to: (controller, target: string, options: Options = {}) => controller.redirectTo(text(target), redirectOptions(options)),
  redirect_back: (controller, { fallback_location, ...options }: Options) =>
    controller.redirectBack({ fallbackLocation: fallback_location as string, ...redirectOptions(options) }),
  redirect_back_or_to: (controller, target: string, options: Options = {}) => controller.redirectBackOrTo(target, redirectOptions(options)),
  header: (controller, name: string, value: string) => controller.response.setHeader(name, value),
  set_status: (controller, status: Status) => (controller.status = status),
  set_content_type: (controller, type: string) => (controller.response.contentType = type),
  set_response_body: (controller, body: string | string[]) => (controller.response.body = [body].flat().join('')),
  raise: (_controller, error: { ruby: string }, message = 'message') => {
    throw errorFor(error.ruby, message)
  },
  instance_eval: (controller, ruby: string) => {
    const script = scripts[ruby]
    if (script === undefined) throw new NotBuilt(ruby)
    script(controller)
  },
}

function renderOptions({ content_type, json, ...options }: Options, controller: Controller): RenderOptions {
  const from = /^url_from\((.*)\)$/.exec((json as { ruby?: string } | null)?.ruby ?? '')
  const value = from === null ? json : (controller.urlFrom(JSON.parse(from[1]!)) ?? null)
  const rest = content_type === undefined ? options : { ...options, contentType: content_type }
  return (json === undefined ? rest : { json: value, ...rest }) as unknown as RenderOptions
}

function redirectOptions({ allow_other_host, status }: Options): { allowOtherHost: boolean; status: Status } {
  return { allowOtherHost: allow_other_host === true, status: (status ?? 302) as Status }
}

function text(target: unknown): string {
  if (typeof target !== 'string') throw new NotBuilt('a target that is no text')
  return target
}

// The recorder's few lines of Ruby, written out.
const scripts: Record<string, (controller: Controller) => void> = {
  "authenticate_or_request_with_http_basic { |u, p| u == 'u' && p == 'p' }; render(json: {ok: true}) unless performed?": (controller) => {
    controller.authenticateOrRequestWithHttpBasic((name, password) => name === 'u' && password === 'p')
    if (!controller.isPerformed) controller.render({ json: { ok: true } })
  },
  "authenticate_or_request_with_http_token { |t, o| (@o = o) && t == 'secret' }; render(json: {ok: true, options: @o}) unless performed?": (
    controller,
  ) => {
    let sent: unknown
    controller.authenticateOrRequestWithHttpToken((token, options) => (sent = options) && token === 'secret')
    if (!controller.isPerformed) controller.render({ json: { ok: true, options: sent } })
  },
  request_http_basic_authentication: (controller) => controller.requestHttpBasicAuthentication(),
  "request_http_token_authentication('App', 'no')": (controller) => controller.requestHttpTokenAuthentication('App', 'no'),
  'render json: ActionController::HttpAuthentication::Token.token_and_options(request)': (controller) =>
    controller.render({ json: tokenAndOptions(controller.request.authorization) }),
  "self.class.instance_variable_get(:@x); render json: {a: '<'}": (controller) => controller.render({ json: { a: '<' } }),
}
