import { type Controller, type RenderOptions, type Status, tokenAndOptions } from '../../../src/controller/index.ts'
import { NotHere, raised } from './rendering_errors.ts'
import { type Evaluated, fromRuby } from './rendering_values.ts'

/** A recorded call: its method and arguments. */
export type Call = readonly [method: string, ...args: unknown[]]
type Options = Record<string, unknown>

/** What an action does for recorded calls. */
export function perform(controller: Controller, calls: readonly Call[], evaluated: Evaluated): unknown {
  let last: unknown
  for (const [method, ...args] of calls) {
    const operation = operations[method]
    if (operation === undefined) throw new NotHere(method)
    if (method === 'raise') throw raised(args[0], args[1])
    const then = thenOf(args.at(-1))
    const values = (then === undefined ? args : args.slice(0, -1)).map((arg) => fromRuby(arg, evaluated))
    const result = operation(controller, ...(values as never[]))
    if (then !== undefined && result !== false) last = perform(controller, then, evaluated)
    else last = result
  }
  return last
}

function thenOf(argument: unknown): readonly Call[] | undefined {
  return typeof argument === 'object' && argument !== null ? (argument as { then?: readonly Call[] }).then : undefined
}

const freshnessNames: Readonly<Record<string, string>> = {
  weak_etag: 'weakEtag',
  strong_etag: 'strongEtag',
  last_modified: 'lastModified',
  cache_control: 'cacheControl',
  no_cache: 'noCache',
  max_age: 'maxAge',
  must_revalidate: 'mustRevalidate',
  stale_while_revalidate: 'staleWhileRevalidate',
  stale_if_error: 'staleIfError',
}

/** Keyword arguments in our spelling; a day is midnight in UTC. */
function camel(options: unknown): unknown {
  if (typeof options !== 'object' || options === null || Object.getPrototypeOf(options) !== Object.prototype) return options
  return Object.fromEntries(
    Object.entries(options).map(([name, value]) => [
      freshnessNames[name] ?? name,
      name === 'last_modified' && typeof value === 'string' ? new Date(value) : name === 'cache_control' ? camel(value) : value,
    ]),
  )
}

const operations: Record<string, (controller: Controller, ...args: never[]) => unknown> = {
  render: (controller, options: Options = { body: null }) => controller.render(renderOptions(options, controller)),
  head: (controller, status: Status | null, headers: Record<string, string> = {}) => controller.head(status ?? 200, headers),
  redirect_to: (controller, target: unknown, options: Options = {}) => controller.redirectTo(targetOf(target), redirectOptions(options)),
  redirect_back: (controller, { fallback_location, ...options }: Options) =>
    controller.redirectBack({ fallbackLocation: fallback_location as string, ...redirectOptions(options) }),
  redirect_back_or_to: (controller, target: string, options: Options = {}) => controller.redirectBackOrTo(target, redirectOptions(options)),
  header: (controller, name: string, value: string) => controller.response.setHeader(name, value),
  cookie: (controller, name: string, { value, path, httponly, same_site }: Options) =>
    controller.response.appendHeader('set-cookie', `${name}=${value}; path=${path}${httponly ? '; httponly' : ''}; samesite=${same_site}`),
  set_status: (controller, status: Status) => (controller.status = status),
  set_content_type: (controller, type: string) => (controller.response.contentType = type),
  set_response_body: (controller, body: string | string[]) => (controller.response.body = [body].flat().join('')),
  send_data: (controller, data: string, options: Options = {}) => controller.sendData(data, options),
  expires_in: (controller, seconds: number, options: object = {}) => controller.expiresIn(seconds, camel(options) as {}),
  expires_now: (controller) => controller.expiresNow(),
  no_store: (controller) => controller.noStore(),
  must_understand: (controller) => controller.mustUnderstand(),
  fresh_when: (controller, ...args: unknown[]) => controller.freshWhen(...(args.map(camel) as [object])),
  'stale?': (controller, ...args: unknown[]) => controller.stale(...(args.map(camel) as [object])),
  http_cache_forever: (controller, options: { public?: boolean } = {}) => controller.httpCacheForever(options, () => true) ?? false,
  raise: () => {},
  instance_eval: (controller, ruby: string) => {
    const script = scripts[ruby]
    if (script === undefined) throw new NotHere(ruby)
    return script(controller)
  },
}

function renderOptions({ content_type, json, ...options }: Options, controller: Controller): RenderOptions {
  const from = /^url_from\((.*)\)$/.exec((json as { ruby?: string } | null)?.ruby ?? '')
  const value = from === null ? json : (controller.urlFrom(JSON.parse(from[1]!)) ?? null)
  const rest = content_type === undefined ? options : { ...options, contentType: content_type }
  return (json === undefined ? rest : { json: value, ...rest }) as unknown as RenderOptions
}

function redirectOptions({ allow_other_host, status }: Options): { allowOtherHost: boolean | undefined; status: Status | undefined } {
  return { allowOtherHost: allow_other_host as boolean | undefined, status: status as Status | undefined }
}

function targetOf(target: unknown): string {
  const { ruby, only_path, ...rest } = Object(target) as { ruby?: string; only_path?: boolean }
  if (only_path !== undefined) return { ...rest, onlyPath: only_path } as never
  const targets: Readonly<Record<string, unknown>> = {
    "proc { '/from/proc' }": () => '/from/proc',
    'post_url(5)': 'http://www.example.com/posts/5',
    'post_path(5, a: 1)': '/posts/5?a=1',
  }
  return (ruby === undefined ? target : targets[ruby]) as string
}

// The recorder's few lines of Ruby, written out.
const scripts: Record<string, (controller: Controller) => unknown> = {
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
  "request_http_basic_authentication('My \"Realm\"', 'nope')": (controller) =>
    controller.requestHttpBasicAuthentication('My "Realm"', 'nope'),
  "request_http_token_authentication('App', 'no')": (controller) => controller.requestHttpTokenAuthentication('App', 'no'),
  'render json: ActionController::HttpAuthentication::Token.token_and_options(request)': (controller) =>
    controller.render({ json: tokenAndOptions(controller.request.authorization) }),
  "self.class.instance_variable_get(:@x); render json: {a: '<'}": (controller) => controller.render({ json: { a: '<' } }),
  "respond_to { |f| f.json { render json: { k: 'json' } }; f.xml { render plain: 'xml' }; f.any { head :ok } }": (controller) =>
    controller.respondTo((format) => {
      format.json(() => controller.render({ json: { k: 'json' } }))
      format.xml(() => controller.render({ plain: 'xml' }))
      format.any(() => controller.head('ok'))
    }),
  "respond_to { |f| f.json { render json: { k: 'json' } }; f.html { render plain: 'html' } }": (controller) =>
    controller.respondTo((format) => {
      format.json(() => controller.render({ json: { k: 'json' } }))
      format.html(() => controller.render({ plain: 'html' }))
    }),
  "respond_to { |f| f.json { render json: {} }; f.any(:csv, :text) { render plain: 'x' } }": (controller) =>
    controller.respondTo((format) => {
      format.json(() => controller.render({ json: {} }))
      format.any('csv', 'text', () => controller.render({ plain: 'x' }))
    }),
  'respond_to :json, :xml': (controller) => controller.respondTo('json', 'xml'),
  "respond_to { |f| f.any { render plain: 'any' } }": (controller) =>
    controller.respondTo((format) => format.any(() => controller.render({ plain: 'any' }))),
  "respond_to { |f| f.xml { head :created }; f.json { head :no_content }; f.html { redirect_to '/posts' } }": (controller) =>
    controller.respondTo((format) => {
      format.xml(() => controller.head('created'))
      format.json(() => controller.head('no_content'))
      format.html(() => controller.redirectTo('/posts'))
    }),
  "respond_to { |f| f.csv { send_data 'a', filename: 'x.csv' }; f.pdf { send_data 'b', type: :pdf } }": (controller) =>
    controller.respondTo((format) => {
      format.csv(() => controller.sendData('a', { filename: 'x.csv' }))
      format.pdf(() => controller.sendData('b', { type: 'pdf' }))
    }),
}
