import { isDeepStrictEqual } from 'node:util'
import { ApiErrorRenderer, mediaTypeOf, Pipeline, type Request, UploadedFile } from '../../../src/http/index.ts'
import { inject } from '../../http/injected.ts'
import { parsingRouter } from './parsing_routes.ts'
import { withModels } from './wrapping_controllers.ts'

interface ParsingCase {
  readonly id: string
  readonly request: { method: string; path: string; headers: Record<string, string>; body?: string; body_hex?: string }
  readonly status: number
  readonly query_params?: unknown
  readonly request_params?: unknown
  readonly path_params?: Record<string, unknown>
  readonly params?: unknown
  readonly format?: string
  readonly media_type?: string | null
  readonly content_type?: string
  readonly body?: string
  readonly exception?: { class: string }
}

/** What came of the cases of a golden file. */
export interface GoldenResult {
  readonly passed: number
  readonly failed: { id: string; reason: string }[]
}

/** Parses the requests of `param_parsing.json` and compares with what Rails made of them. */
export async function run(golden: { cases: ParsingCase[] }): Promise<GoldenResult> {
  const failed: { id: string; reason: string }[] = []
  for (const one of golden.cases) {
    const reason = await runCase(one)
    if (reason !== undefined) failed.push({ id: one.id, reason })
  }
  return { passed: golden.cases.length - failed.length, failed }
}

/** Runs one case; answers what differs, or undefined. */
export function runCase(one: ParsingCase): Promise<string | undefined> {
  return withModels(() => runWithModels(one))
}

let seen: Record<string, unknown> | undefined
const router = parsingRouter(async ({ request, params }) => {
  seen = { ...(await describe(request)), params: await plain(params.toUnsafe()) }
})
const pipeline = new Pipeline({ errors: new ApiErrorRenderer({ details: false, emptyBodies: true }), router })

async function runWithModels(one: ParsingCase): Promise<string | undefined> {
  seen = undefined
  const { body, body_hex: hex, ...request } = one.request
  const bytes = hex !== undefined ? Buffer.from(hex, 'hex') : body !== undefined ? Buffer.from(body, 'utf8') : undefined
  const answer = await inject(pipeline.handle, { ...request, body: bytes })
  if (answer.status !== one.status) return `status: expected ${one.status}, got ${answer.status} ${answer.body}`
  const expected =
    seen === undefined ? { content_type: one.content_type, body: one.body } : pick(one, one.path_params?.['controller'] !== 'wrap_off')
  const got = seen ?? { content_type: /^content-type: (.*)$/im.exec(answer.head)?.[1], body: answer.body }
  return differences(expected as Record<string, unknown>, got)
}

async function describe(request: Request): Promise<Record<string, unknown>> {
  const { queryParameters, requestParameters, pathParameters, format, formats, mediaType } = request
  return {
    query_params: queryParameters,
    request_params: await plain(requestParameters),
    path_params: pathParameters,
    format: format === undefined ? (formats[0] ?? '') : mediaTypeOf(format),
    media_type: mediaType ?? null,
  }
}

function pick(one: ParsingCase, wraps: boolean): Record<string, unknown> {
  const { query_params, request_params, path_params, params, format, media_type } = one
  const picked = { query_params, path_params, params, format, media_type }
  // Rails puts what it wraps among the parameters of the body too.
  return untagged(wraps ? picked : { ...picked, request_params }) as Record<string, unknown>
}

function differences(expected: Record<string, unknown>, got: Record<string, unknown>): string | undefined {
  for (const [name, value] of Object.entries(expected)) {
    if (!isDeepStrictEqual(ordinary(got[name]), ordinary(value))) {
      return `${name}: expected ${JSON.stringify(value).slice(0, 300)}, got ${JSON.stringify(got[name])?.slice(0, 300)}`
    }
  }
  return undefined
}

async function plain(value: unknown): Promise<unknown> {
  if (value instanceof UploadedFile) {
    value.rewind()
    const content = (await value.read()).toString('latin1')
    return { filename: value.originalFilename, type: value.contentType ?? null, content, size: value.size, headers: value.headers }
  }
  if (Array.isArray(value)) return Promise.all(value.map(plain))
  if (value === null || typeof value !== 'object') return value
  return Object.fromEntries(await Promise.all(Object.entries(value).map(async ([key, member]) => [key, await plain(member)] as const)))
}

// The recorder's tags for what JSON has no word for.
function untagged(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(untagged)
  if (value === null || typeof value !== 'object') return value
  const tagged = value as Record<string, never>
  if ('$float' in tagged) return Number(tagged['$float'])
  if ('$int' in tagged) return tagged['$int']
  if ('$bytes' in tagged) return Buffer.from(tagged['$bytes'], 'hex').toString('latin1')
  if ('$upload' in tagged) {
    const { content, ...others } = tagged['$upload'] as { content: unknown }
    return { ...others, content: untagged(content) }
  }
  return Object.fromEntries(Object.entries(tagged).map(([key, member]) => [key, untagged(member)]))
}

// Null prototypes and negative zeros compare as what they print as.
function ordinary(value: unknown): unknown {
  return value === undefined
    ? undefined
    : JSON.parse(JSON.stringify(value, (_key, member) => (Object.is(member, Infinity) ? 'Infinity' : member)))
}
