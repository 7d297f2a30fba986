import { ApiErrorRenderer, mediaTypeOf, Pipeline, type Request, type RequestSettings } from '../../../src/http/index.ts'
import { type InjectedRequest, inject } from '../../http/injected.ts'
import type { GoldenResult } from './param_parsing.ts'

type Wanted = Record<string, unknown> & { $error?: { class: string } }

interface MiddlewareCase {
  readonly id: string
  readonly kind: 'remote_ip' | 'request' | 'mime' | 'ssl' | 'hosts'
  readonly method?: string
  readonly url?: string
  readonly env?: Record<string, string>
  readonly remote_addr?: string
  readonly x_forwarded_for?: string | null
  readonly client_ip?: string | null
  readonly spoofing_check?: boolean
  readonly trusted_proxies?: string[] | null
  readonly result?: Wanted | string
  readonly accept?: string | null
  readonly xhr?: boolean
  readonly params?: Record<string, unknown>
  readonly formats?: string[] | Wanted
  readonly format?: string | null
}

/** The kinds of `middleware.json` that the http room answers for; forced TLS and host authorization aren't built yet. */
export function isAboutRequests({ kind }: MiddlewareCase): boolean {
  return kind === 'remote_ip' || kind === 'request' || kind === 'mime'
}

/** Asks requests what Rails asked them. */
export async function run(golden: { cases: MiddlewareCase[] }): Promise<GoldenResult> {
  const failed: { id: string; reason: string }[] = []
  const cases = golden.cases.filter(isAboutRequests)
  for (const one of cases) {
    const reason = await runCase(one)
    if (reason !== undefined) failed.push({ id: one.id, reason })
  }
  return { passed: cases.length - failed.length, failed }
}

/** Runs one case; answers what differs, or undefined. */
export async function runCase(one: MiddlewareCase): Promise<string | undefined> {
  const [expected, got] = await { remote_ip: remoteIpOf, request: requestOf, mime: formatsOf, ssl: nothing, hosts: nothing }[one.kind](one)
  const [wanted, given] = [JSON.stringify(expected), JSON.stringify(got)]
  return wanted === given ? undefined : `expected ${wanted}, got ${given}`
}

async function nothing(): Promise<[unknown, unknown]> {
  return [undefined, undefined]
}

async function remoteIpOf(one: MiddlewareCase): Promise<[unknown, unknown]> {
  const headers = withoutNulls({ 'x-forwarded-for': one.x_forwarded_for, 'client-ip': one.client_ip })
  // The recorder printed the network 203.0.113.0/24 without its bits.
  const proxies = one.trusted_proxies?.map((proxy) => (proxy.endsWith('.0') ? `${proxy}/24` : proxy))
  const settings = { ipSpoofingCheck: one.spoofing_check ?? true, ...(proxies && { trustedProxies: proxies }) }
  const request = { method: 'GET', path: '/', headers, remoteAddress: one.remote_addr ?? '127.0.0.1' }
  const got = await ask(request, settings, (request) => request.remoteIp)
  return [typeof one.result === 'string' ? one.result : { error: 400 }, got]
}

async function requestOf({ method = 'GET', url = '', env = {}, result }: MiddlewareCase): Promise<[unknown, unknown]> {
  const target = /^(https?):\/\/([^/]*)(.*)$/.exec(url)!
  const headers: Record<string, string> = { host: target[2]! }
  for (const [name, value] of Object.entries(env))
    headers[
      name
        .replace(/^HTTP_/, '')
        .replaceAll('_', '-')
        .toLowerCase()
    ] = value
  if (env['HTTPS'] === 'on') headers['x-forwarded-ssl'] = 'on'
  const wanted = result as Wanted
  const got = await ask({ method, path: target[3]!, headers, remoteAddress: '127.0.0.1' }, {}, (request) => [
    request.method,
    `${request.protocol}://`,
    request.host,
    request.port,
    request.url,
    request.fullpath,
    request.path,
    request.queryString,
    request.subdomains,
    request.mediaType ?? null,
    request.authorization ?? null,
    mediaTypeOf(request.format ?? ''),
    request.remoteIp,
  ])
  const names = 'method protocol host port url fullpath path query_string subdomains media_type authorization format ip'
  return [names.split(' ').map((name) => wanted[name]), got]
}

async function formatsOf({ accept, xhr, params, formats }: MiddlewareCase): Promise<[unknown, unknown]> {
  const headers = withoutNulls({ accept, 'x-requested-with': xhr ? 'XMLHttpRequest' : null })
  const got = await ask({ method: 'GET', path: '/', headers }, {}, (request) => {
    request.pathParameters = params ?? {}
    return request.formats.map((format) => mediaTypeOf(format) ?? format)
  })
  return [Array.isArray(formats) ? formats : { error: 406 }, got]
}

async function ask(request: InjectedRequest, settings: RequestSettings, question: (request: Request) => unknown): Promise<unknown> {
  let got: unknown
  const pipeline = new Pipeline({
    request: settings,
    errors: new ApiErrorRenderer({ details: false }),
    router: { find: () => ({ endpoint: (request) => void (got = question(request)) }) },
  })
  const { status } = await inject(pipeline.handle, request)
  return status === 200 ? got : { error: status }
}

function withoutNulls(headers: Record<string, string | null | undefined>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).filter((entry): entry is [string, string] => typeof entry[1] === 'string'))
}
