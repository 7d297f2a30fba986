import { InvalidUrlOption, MissingHost } from '../errors.ts'
import { escapeFragment, escapeQuery } from '../path/escape.ts'
import type { UrlOptions } from '../types.ts'
import { toParam } from './parameter.ts'
import { hashOf, toQuery } from './query.ts'

/** Everything a finished URL is made of; `path` is already escaped. */
export type UrlParts = UrlOptions & { readonly path?: string; readonly isSecure?: boolean | undefined }

/** The whole URL.
 * @throws MissingHost when no host is given
 */
export function urlFrom(parts: UrlParts): string {
  if (parts.onlyPath) return pathFrom(parts)
  if (!parts.host) throw new MissingHost({})
  const [, givenProtocol, givenHost, givenPort] = /^([^:]+:\/\/)?(\[[^\]]+\]|[^:]+)(?::(\d+$))?/.exec(parts.host)!
  const protocol = spellProtocol(
    parts.protocol === false ? false : (parts.protocol ?? givenProtocol ?? (parts.isSecure ? 'https' : 'http')),
  )
  const port = 'port' in parts ? parts.port : givenPort
  const account = parts.user && parts.password ? `${escapeQuery(parts.user)}:${escapeQuery(parts.password)}@` : ''
  return protocol + account + spellHost(givenHost!, parts) + spellPort(port, protocol) + pathFrom(parts)
}

/** The path, query and fragment. */
export function pathFrom(parts: UrlParts): string {
  let path = String(parts.scriptName ?? '').replace(/\/$/, '') + (parts.path ?? '')
  if (parts.trailingSlash && path === '') path = '/'
  if (parts.params !== undefined && parts.params !== null) {
    const params = hashOf(parts.params) ?? { params: parts.params }
    const query = toQuery(
      Object.fromEntries(Object.entries(params).filter(([, value]) => hashOf(value) !== undefined || toParam(value) !== null)),
    )
    if (query !== '') path += `?${query}`
  }
  const anchor = toParam(parts.anchor)
  return anchor === null || parts.anchor === false ? path : `${path}#${escapeFragment(anchor)}`
}

function spellProtocol(protocol: string | false): string {
  if (protocol === false || protocol === '//') return '//'
  const name = /^([^:]+)(:)?(\/\/)?$/.exec(protocol)?.[1]
  if (name === undefined) throw new InvalidUrlOption({ option: 'protocol', value: JSON.stringify(protocol) })
  return `${name}://`
}

function spellPort(port: number | string | false | null | undefined, protocol: string): string {
  if (port === undefined || port === null || port === false || port === '') return ''
  const standard = protocol === '//' ? undefined : protocol === 'https://' ? 443 : 80
  return Number(port) === standard ? '' : `:${port}`
}

/** The host with its subdomain or domain changed. Addresses have neither. */
function spellHost(host: string, { subdomain = true, domain, tldLength = 1 }: UrlOptions): string {
  if (/\d{1,3}\.\d{1,3}\.\d{1,3}\.\d{1,3}$/.test(host)) return host
  if (subdomain === true && (domain === undefined || domain === null)) return host
  const labels = host.split('.')
  const kept = subdomain === true ? labels.slice(0, -(tldLength + 1)).join('.') : subdomain ? (toParam(subdomain) ?? '') : ''
  return `${kept === '' ? '' : `${kept}.`}${domain ?? labels.slice(-(1 + tldLength)).join('.')}`
}
