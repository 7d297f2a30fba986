import { tmpdir } from 'node:os'
import type { KeyGenerator } from '../../messages/index.ts'
import { type CookieJarSettings, CookiePolicy } from '../cookies/index.ts'
import { defaultTrustedProxies, type TrustsProxy, trustedProxies } from './remote_ip.ts'
import { SessionPolicy, type SessionSettings } from '../sessions/index.ts'

/** The headers that Rails sends with every answer of a controller. */
export const railsHeaders: Readonly<Record<string, string>> = {
  'x-frame-options': 'SAMEORIGIN',
  'x-xss-protection': '0',
  'x-content-type-options': 'nosniff',
  'x-permitted-cross-domain-policies': 'none',
  'referrer-policy': 'strict-origin-when-cross-origin',
}

/** Reads a body of a media type of its own; what it throws is answered with 400. */
export type ParameterParser = (body: string) => object

/** Settings of `config.http` that reading a request and answering it need. */
export interface RequestSettings {
  /** Largest body in bytes, 413 beyond; multipart forms included. Default 50 MiB. */
  readonly bodyLimit?: number
  /** Largest JSON or urlencoded body, and all fields of a multipart form together, in bytes: what is held in memory. Default 16 MiB. */
  readonly memoryLimit?: number
  /** Levels of nesting in query strings and JSON. Default 100. */
  readonly depthLimit?: number
  /** Levels of nesting in forms. Default 32, as Rack's. */
  readonly formDepthLimit?: number
  /** Pairs of a form. Default 4096, as Rack's. */
  readonly parameterLimit?: number
  /** Members of objects and elements of arrays of a JSON body, all together. Default 250,000: what takes some tenths of a second to parse. */
  readonly jsonValueLimit?: number
  /** Files of a multipart form. Default 128, as Rack's. */
  readonly fileLimit?: number
  /** Parts of a multipart form. Default 4096, as Rack's. */
  readonly partLimit?: number
  /** Folder of uploaded files until the response is sent. */
  readonly uploadFolder?: string
  /** Media types that bodies may have, 415 for others. Default: all; those that we don't read give no parameters, as in Rails. */
  readonly acceptedMediaTypes?: readonly string[]
  /** Parsers of bodies by media type, before those that are there: Rails' `parameter_parsers`.
   * @example config.http.parameterParsers['application/vnd.api+json'] = (body) => JSON.parse(body) */
  readonly parameterParsers?: Readonly<Record<string, ParameterParser>>
  /** Whether POST requests may name another method in X-HTTP-Method-Override or `_method`. Default false, as in an API-only Rails. */
  readonly methodOverride?: boolean
  /** Addresses and networks of our proxies. Default: loopback, link-local and private ones. */
  readonly trustedProxies?: readonly string[]
  /** Whether contradicting Client-Ip and X-Forwarded-For are refused. Default true. */
  readonly ipSpoofingCheck?: boolean
  /** Whether every client is taken to have used TLS, for a proxy that ends it and doesn't say so (Rails' `config.assume_ssl`). Default false. */
  readonly assumeSsl?: boolean
  /** Headers that every answer starts with. Default: those of Rails. */
  readonly defaultHeaders?: Readonly<Record<string, string>>
  /** Whether answers get an ETag, and 304 is answered to clients that have them already. Default true, as in Rails. */
  readonly etags?: boolean
  /** How many labels the top-level domain has, less one: 1 for example.com, 2 for example.co.uk. Default 1. */
  readonly tldLength?: number
}

/** Settings of what a browser keeps for us: `config.cookies` and `config.session`. */
export interface StateSettings {
  /** Derives the keys of signed and encrypted cookies from the application's secret. */
  readonly keys?: KeyGenerator | undefined
  readonly cookies?: CookieJarSettings | undefined
  /** Undefined for an application without sessions. */
  readonly session?: SessionSettings | undefined
}

/** `RequestSettings` with the defaults filled in, made once at boot and shared by all requests. */
export interface RequestOptions extends Required<Omit<RequestSettings, 'trustedProxies' | 'acceptedMediaTypes'>> {
  readonly acceptedMediaTypes: readonly string[] | undefined
  readonly trustsProxy: TrustsProxy
  readonly cookies: CookiePolicy
  readonly session: SessionPolicy | undefined
}

/** Fills in the defaults.
 * @throws TypeError when `trustedProxies` has an entry that is no address
 */
export function requestOptions(settings: RequestSettings = {}, { cookies, keys, session }: StateSettings = {}): RequestOptions {
  return {
    bodyLimit: settings.bodyLimit ?? 50 * 1024 * 1024,
    memoryLimit: settings.memoryLimit ?? 16 * 1024 * 1024,
    depthLimit: settings.depthLimit ?? 100,
    formDepthLimit: settings.formDepthLimit ?? 32,
    parameterLimit: settings.parameterLimit ?? 4096,
    jsonValueLimit: settings.jsonValueLimit ?? 250_000,
    fileLimit: settings.fileLimit ?? 128,
    partLimit: settings.partLimit ?? 4096,
    uploadFolder: settings.uploadFolder ?? tmpdir(),
    acceptedMediaTypes: settings.acceptedMediaTypes,
    parameterParsers: Object.assign(Object.create(null), settings.parameterParsers) as Readonly<Record<string, ParameterParser>>,
    methodOverride: settings.methodOverride ?? false,
    trustsProxy: trustedProxies(settings.trustedProxies ?? defaultTrustedProxies),
    ipSpoofingCheck: settings.ipSpoofingCheck ?? true,
    assumeSsl: settings.assumeSsl ?? false,
    defaultHeaders: settings.defaultHeaders ?? railsHeaders,
    etags: settings.etags ?? true,
    tldLength: settings.tldLength ?? 1,
    cookies: new CookiePolicy(cookies, keys),
    session: session && new SessionPolicy(session),
  }
}
