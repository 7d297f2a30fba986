import { mediaTypeOf, type Request } from '../../../src/http/index.ts'
import { ask } from './middleware_asking.ts'

/** A request of `middleware.json`, and what Rails said of it by the name of the method. */
export interface RequestCase {
  readonly method?: string
  readonly url?: string
  readonly env?: Record<string, string>
  readonly result?: Record<string, unknown>
}

/** Our answers under the names of Rails' methods. `server_port` is that of Rack's own server, and variants are for views: there are none. */
const questions: Record<string, (request: Request) => unknown> = {
  method: (request) => request.originalMethod,
  request_method: (request) => request.requestMethod,
  'get?': (request) => request.isGet,
  'post?': (request) => request.isPost,
  'head?': (request) => request.isHead,
  'ssl?': (request) => request.isSsl,
  protocol: (request) => `${request.protocol}://`,
  host: (request) => request.host,
  host_with_port: (request) => request.hostWithPort,
  raw_host_with_port: (request) => request.rawHostWithPort,
  port: (request) => request.port,
  'standard_port?': (request) => request.isStandardPort,
  optional_port: (request) => request.optionalPort,
  port_string: (request) => request.portString,
  url: (request) => request.url,
  original_url: (request) => request.originalUrl,
  base_url: (request) => request.baseUrl,
  fullpath: (request) => request.fullpath,
  path: (request) => request.path,
  original_fullpath: (request) => request.originalFullpath,
  query_string: (request) => request.queryString,
  domain: (request) => request.domain,
  subdomain: (request) => request.subdomain,
  subdomains: (request) => request.subdomains,
  'xhr?': (request) => request.isXhr,
  media_type: (request) => request.mediaType,
  content_length: (request) => request.contentLength,
  content_mime_type: (request) => request.mediaType,
  format: (request) => mediaTypeOf(request.format ?? ''),
  'local?': (request) => request.isLocal,
  ip: (request) => request.ip,
  authorization: (request) => request.authorization,
  user_agent: (request) => request.userAgent,
  referer: (request) => request.referer,
  content_type: (request) => request.contentType,
  if_none_match: (request) => request.ifNoneMatch,
  'form_data?': (request) => request.isFormData,
}

/** What Rails said and what we say. */
export async function requestOf({ method = 'GET', url = '', env = {}, result = {} }: RequestCase): Promise<[unknown, unknown]> {
  const [, , host = '', path = ''] = /^(https?):\/\/([^/]*)(.*)$/.exec(url) ?? []
  const { HTTPS, REMOTE_ADDR, SCRIPT_NAME, ...headers } = env
  const request = {
    method,
    path,
    headers: { host, ...headersOf(headers), ...(HTTPS === 'on' && { 'x-forwarded-ssl': 'on' }) },
    remoteAddress: REMOTE_ADDR ?? '127.0.0.1',
    ...(SCRIPT_NAME !== undefined && { baseUrl: SCRIPT_NAME }),
  }
  const names = Object.keys(questions).filter((name) => name in result)
  const got = await ask(request, {}, (request) => names.map((name) => [name, questions[name]!(request) ?? null]))
  return [names.map((name) => [name, result[name]]), got]
}

function headersOf(env: Record<string, string>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(env).map(([name, value]) => [
      name
        .replace(/^HTTP_/, '')
        .replaceAll('_', '-')
        .toLowerCase(),
      value,
    ]),
  )
}
