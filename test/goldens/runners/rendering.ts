import { asJson, toJson } from '../../../src/controller/index.ts'
import { renderJson } from '../../../src/controller/json/encode.ts'
import { type InjectedAnswer, inject } from '../../http/injected.ts'
import type { GoldenResult } from './param_parsing.ts'
import { type RenderingApplication, renderingApplication } from './rendering_application.ts'
import { type Call, perform } from './rendering_calls.ts'
import { NotHere } from './rendering_errors.ts'
import { type RenderingModels, renderingModels } from './rendering_models.ts'
import { evaluateAll, fromRuby } from './rendering_values.ts'

interface ToJsonCase {
  readonly id: string
  readonly kind: 'to_json'
  readonly value: unknown
  readonly options: Record<string, unknown>
  readonly render_json: unknown
  readonly to_json: unknown
  readonly as_json: unknown
}
type Headers = Record<string, string | string[] | number>
interface RequestCase {
  readonly id: string
  readonly kind: 'request'
  readonly calls: readonly Call[]
  readonly request: { method: string; path: string; headers: Record<string, string>; body?: string }
  readonly response: { status: number; headers: Headers; body: string }
}
interface PatternCase {
  readonly id: string
  readonly kind: 'pattern'
  readonly matches_uuid_v4: boolean
  readonly header_names: readonly string[]
}
type RenderingCase = ToJsonCase | RequestCase | PatternCase
interface Recorded {
  readonly models: RenderingModels
  readonly application: RenderingApplication
}

/** Renders what `rendering.json` renders and compares status, headers and body, and the JSON of values. */
export async function run(golden: {
  about: { fixtures: Record<string, Record<string, unknown>[]> }
  cases: RenderingCase[]
}): Promise<GoldenResult> {
  const recorded = { models: await renderingModels(golden.about.fixtures), application: renderingApplication() }
  const failed: { id: string; reason: string }[] = []
  try {
    for (const one of golden.cases) {
      const reason = await runCase(one, recorded).catch((error: Error) => (error instanceof NotHere ? `no ${error.message}` : error.stack))
      if (reason !== undefined) failed.push({ id: one.id, reason })
    }
  } finally {
    await recorded.models.close()
  }
  return { passed: golden.cases.length - failed.length, failed }
}

function runCase(one: RenderingCase, recorded: Recorded): Promise<string | undefined> {
  if (one.kind === 'to_json') return jsonDifference(one, recorded)
  return one.kind === 'request' ? requestDifference(one, recorded) : patternDifference(one, recorded)
}

async function jsonDifference(one: ToJsonCase, { models }: Recorded): Promise<string | undefined> {
  const withRoot = one.id.startsWith('model.config_root')
  if (withRoot) Object.assign(models.Post, { includeRootInJson: true })
  try {
    const evaluated = await evaluateAll(one.value, models, one.options)
    const value = fromRuby(one.value, evaluated)
    const { escape_html_entities: escapes = !one.id.startsWith('config.escape_html_false'), ...rest } = one.options
    const options = Object.keys(rest).length === 0 ? undefined : (fromRuby(rest) as never)
    const got = {
      render_json: attempt(() => numbers(renderJson(value, options))),
      to_json: attempt(() => numbers(toJson(value, options, escapes === true))),
      as_json: attempt(() => inOrder(toJson(asJson(value, options)))),
    }
    const expected = {
      render_json: isError(one.render_json) ? failure : numbers(one.render_json),
      to_json: isError(one.to_json) ? failure : numbers(one.to_json),
      as_json: isError(one.as_json) ? failure : inOrder(toJson(fromRuby(one.as_json))),
    }
    return difference(expected, got)
  } finally {
    if (withRoot) Object.assign(models.Post, { includeRootInJson: false })
  }
}

/** Reading the recording has put whole numbers among the keys first, as JavaScript does. */
function inOrder(json: string): unknown {
  return JSON.stringify(JSON.parse(String(numbers(json))))
}

const failure = '(an error)'

function isError(recorded: unknown): boolean {
  return typeof recorded === 'object' && recorded !== null && '$error' in recorded
}

function attempt(work: () => unknown): unknown {
  try {
    return work()
  } catch {
    return failure
  }
}

/** Floats compare by value: `1.0` and `1`, `1.0e-07` and `1e-7` are the same JSON number. */
function numbers(json: unknown): unknown {
  if (typeof json !== 'string') return json
  return json.replace(/"(?:[^"\\]|\\.)*"|-?\d+\.\d+(?:e[+-]?\d+)?|-?\d+e[+-]?\d+/gi, (token) =>
    token.startsWith('"') ? token : String(Number(token)),
  )
}

const securityHeaders = [
  'x-frame-options',
  'x-xss-protection',
  'x-content-type-options',
  'x-permitted-cross-domain-policies',
  'referrer-policy',
]

// How Node.js frames a message, and when it was sent.
const framing = ['content-length', 'date', 'connection', 'keep-alive', 'transfer-encoding']

async function requestDifference(one: RequestCase, { models, application }: Recorded): Promise<string | undefined> {
  const evaluated = await evaluateAll(one.calls, models, (one.calls[0]?.[1] as object | undefined) ?? {})
  application.unexpected = undefined
  application.script = (controller) => perform(controller, one.calls, evaluated)
  const { body, ...request } = one.request
  const answer = await inject(application.pipeline.handle, { ...request, body: body === undefined ? undefined : Buffer.from(body) })
  if (application.unexpected instanceof NotHere) throw application.unexpected
  const ignored = [...framing, ...('x-request-id' in one.response.headers ? [] : ['x-request-id'])]
  // We send the security headers with every answer; Rails leaves them out of those that no controller made.
  if (!('x-frame-options' in one.response.headers)) ignored.push(...securityHeaders)
  const got = { status: answer.status, headers: comparable(headersOf(answer.head), ignored), body: withoutChunks(answer) }
  const expected = { status: one.response.status, headers: comparable(one.response.headers, ignored), body: one.response.body }
  return difference(withoutClock(expected), withoutClock(got), application.unexpected)
}

function difference(expected: unknown, got: unknown, error: unknown = ''): string | undefined {
  const [wanted, given] = [JSON.stringify(expected), JSON.stringify(got)]
  return wanted === given ? undefined : `expected ${wanted}, got ${given} ${error ?? ''}`
}

/** The recording stood still in time; a time in an answer, and the ETag made of it, is compared by its form. */
function withoutClock<T extends { headers: Record<string, string>; body: string }>(answer: T): T {
  const body = answer.body.replace(/"timestamp":"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ"/, '"timestamp":"(now)"')
  if (body === answer.body) return answer
  return { ...answer, body, headers: { ...answer.headers, etag: 'etag' in answer.headers ? '(of now)' : '' } }
}

async function patternDifference(one: PatternCase, { application }: Recorded): Promise<string | undefined> {
  const answer = await inject(application.pipeline.handle, { method: 'GET', path: '/main/other' })
  const headers = headersOf(answer.head)
  const isUuid = /^[\da-f]{8}-[\da-f]{4}-4[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/.test(String(headers['x-request-id']))
  const names = (all: readonly string[]) => all.filter((name) => name !== 'x-runtime' && !framing.includes(name)).toSorted()
  return difference([one.matches_uuid_v4, names(one.header_names)], [isUuid, names(Object.keys(headers))])
}

// How Node.js frames an empty body whose length it wasn't told.
function withoutChunks({ head, body }: InjectedAnswer): string {
  return /^transfer-encoding: chunked/im.test(head) && body === '0\r\n\r\n' ? '' : body
}

function headersOf(head: string): Headers {
  const headers: Record<string, string | string[]> = {}
  for (const line of head.split('\r\n').slice(1)) {
    const [name = '', value = ''] = line.split(/: ?(.*)/s)
    const before = headers[name.toLowerCase()]
    headers[name.toLowerCase()] = before === undefined ? value : [before, value].flat()
  }
  return headers
}

function comparable(headers: Headers, ignored: readonly string[]): Record<string, string> {
  const kept = Object.entries(headers).filter(([name, value]) => value !== null && !ignored.includes(name))
  return Object.fromEntries(kept.map(([name, value]) => [name, String(value)]).toSorted())
}
