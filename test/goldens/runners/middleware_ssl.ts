import { forceSsl, type SslOptions } from '../../../src/http/index.ts'
import { type SentAnswer, send } from './middleware_asking.ts'

/** Options of ActionDispatch::SSL, a request, the headers of the application behind it, and what was answered. */
export interface SslCase {
  readonly options?: Record<string, unknown>
  readonly request?: { readonly method: string; readonly url: string }
  readonly app_headers?: Readonly<Record<string, string | readonly string[]>>
  readonly response?: SentAnswer
}

/** What Rails answered and what we answer. */
export async function sslOf({ options = {}, request, app_headers = {}, response }: SslCase): Promise<[unknown, unknown]> {
  const [, protocol, host, path] = /^(https?):\/\/([^/]*)(.*)$/.exec(request!.url)!
  const asked = { method: request!.method, path: path || '/', headers: { host }, encrypted: protocol === 'https' }
  return [response, await send(forceSsl(optionsOf(options)), asked, app_headers, response!)]
}

function optionsOf(options: Record<string, unknown>): SslOptions {
  const { redirect, hsts, secure_cookies, ssl_default_redirect_status } = options
  return {
    ...(redirect !== undefined && { redirect: redirectOf(redirect) }),
    ...(hsts !== undefined && { hsts: hstsOf(hsts) }),
    ...(secure_cookies !== undefined && { secureCookies: secure_cookies as boolean }),
    ...(ssl_default_redirect_status !== undefined && { defaultRedirectStatus: ssl_default_redirect_status as number }),
  }
}

function redirectOf(redirect: unknown): NonNullable<SslOptions['redirect']> {
  if (typeof redirect !== 'object' || redirect === null) return false
  // The one block that the recorder passes.
  return 'exclude' in redirect ? { ...redirect, exclude: (request) => request.path === '/up' } : redirect
}

function hstsOf(hsts: unknown): NonNullable<SslOptions['hsts']> {
  if (typeof hsts !== 'object' || hsts === null) return hsts === true
  const { expires } = hsts as { expires?: number | { $duration: [string, number] } }
  return { ...hsts, ...(expires !== undefined && { expires: typeof expires === 'object' ? expires.$duration[1] : expires }) }
}
