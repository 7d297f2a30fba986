import { mediaTypeOf } from '../../../src/http/index.ts'
import { createLogger, useLogger } from '../../../src/logging/index.ts'
import { type GoldenResult, runCases } from '../golden_file.ts'
import { ask, withoutNulls } from './middleware_asking.ts'
import { type HostCase, hostOf } from './middleware_hosts.ts'
import { type RequestCase, requestOf } from './middleware_requests.ts'
import { type SslCase, sslOf } from './middleware_ssl.ts'

interface RemoteIpCase {
  readonly remote_addr?: string
  readonly x_forwarded_for?: string | null
  readonly client_ip?: string | null
  readonly spoofing_check?: boolean
  readonly trusted_proxies?: string[] | null
  readonly result?: unknown
}

interface MimeCase {
  readonly accept?: string | null
  readonly xhr?: boolean
  readonly params?: Record<string, unknown>
  readonly formats?: string[] | object
}

/** One case of `middleware.json`. */
export type MiddlewareCase = { readonly id: string } & (
  | ({ readonly kind: 'remote_ip' } & RemoteIpCase)
  | ({ readonly kind: 'request' } & RequestCase)
  | ({ readonly kind: 'mime' } & MimeCase)
  | ({ readonly kind: 'ssl' } & SslCase)
  | ({ readonly kind: 'hosts' } & HostCase)
)

/** Asks requests what Rails asked them, and sends them to hosts and protocols that are allowed and such that aren't. */
export async function run(golden: { cases: MiddlewareCase[] }): Promise<GoldenResult> {
  // Hosts that are refused are logged.
  useLogger(createLogger({ level: 'silent' }))
  try {
    return await runCases(golden.cases.map((one) => ({ id: one.id, run: () => runCase(one) })))
  } finally {
    useLogger(undefined)
  }
}

/** Runs one case.
 * @throws Error that says what differs
 */
export async function runCase(one: MiddlewareCase): Promise<void> {
  const [wanted, given] = (await answersTo(one)).map((answer) => JSON.stringify(answer))
  if (wanted !== given) throw new Error(`expected ${wanted}, got ${given}`)
}

/** What Rails said and what we say. */
function answersTo(one: MiddlewareCase): Promise<[unknown, unknown]> {
  switch (one.kind) {
    case 'remote_ip':
      return remoteIpOf(one)
    case 'request':
      return requestOf(one)
    case 'mime':
      return formatsOf(one)
    case 'ssl':
      return sslOf(one)
    case 'hosts':
      return hostOf(one)
  }
}

async function remoteIpOf(one: RemoteIpCase): Promise<[unknown, unknown]> {
  const headers = withoutNulls({ 'x-forwarded-for': one.x_forwarded_for, 'client-ip': one.client_ip })
  // The recorder printed the network 203.0.113.0/24 without its bits.
  const proxies = one.trusted_proxies?.map((proxy) => (proxy.endsWith('.0') ? `${proxy}/24` : proxy))
  const settings = { ipSpoofingCheck: one.spoofing_check ?? true, ...(proxies && { trustedProxies: proxies }) }
  const request = { method: 'GET', path: '/', headers, remoteAddress: one.remote_addr ?? '127.0.0.1' }
  const got = await ask(request, settings, (request) => request.remoteIp)
  return [typeof one.result === 'string' ? one.result : { error: 400 }, got]
}

async function formatsOf({ accept, xhr, params, formats }: MimeCase): Promise<[unknown, unknown]> {
  const headers = withoutNulls({ accept, 'x-requested-with': xhr ? 'XMLHttpRequest' : null })
  const got = await ask({ method: 'GET', path: '/', headers }, {}, (request) => {
    request.pathParameters = params ?? {}
    return request.formats.map((format) => mediaTypeOf(format) ?? format)
  })
  return [Array.isArray(formats) ? formats : { error: 406 }, got]
}
