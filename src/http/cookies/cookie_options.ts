import { isIP } from 'node:net'
import { didYouMean } from '../../naming/index.ts'
import { InvalidCookie } from '../errors.ts'

/** Which sites' requests carry a cookie. `null` says nothing, and leaves it to the browser. */
export type SameSite = 'lax' | 'strict' | 'none' | null

/** When a cookie ends: a time, or a duration such as `days(30)`. */
export type CookieExpiry = Date | { from(start?: Date): Date; readonly milliseconds: number }

/** How a cookie is kept and sent back, beside its value. */
export interface CookieOptions {
  /** Default: when the browser is closed. */
  readonly expires?: CookieExpiry | undefined
  /** Seconds. Browsers prefer it to `expires`. */
  readonly maxAge?: number | undefined
  /** `'all'` for the domain of the host and all its subdomains; of a list the one that the host belongs to. Default: the host alone. */
  readonly domain?: string | 'all' | readonly string[] | ((host: string) => string | undefined) | undefined
  /** How many labels the domain of `'all'` has, of 2 or 3 otherwise: 4 for `a.b.example.com`. */
  readonly tldLength?: number | undefined
  /** Default `/`. */
  readonly path?: string | undefined
  /** Sent over TLS only; not set at all by a plain request. */
  readonly secure?: boolean | undefined
  /** Kept from scripts. */
  readonly httpOnly?: boolean | undefined
  /** Default: `config.cookies.sameSite`. */
  readonly sameSite?: SameSite | undefined
  /** Kept apart for each site that embeds ours. */
  readonly partitioned?: boolean | undefined
}

/** Options made ready to be written. */
export interface ResolvedCookie {
  /** The texts of a list are written one by one. */
  readonly value: string | readonly string[]
  readonly expires: Date | undefined
  readonly maxAge: number | undefined
  readonly domain: string | undefined
  readonly path: string
  readonly secure: boolean
  readonly httpOnly: boolean
  readonly sameSite: SameSite
  readonly partitioned: boolean
}

/** A value with its options, as Rails gives both to `[]=`. */
export interface CookieWithOptions<T> extends CookieOptions {
  readonly value: T
}

/** A value and its options, however they were given: in one object or as two. An object that has more than these is a value itself.
 * @param fewest how many options make it one
 */
export function valueAndOptions(given: unknown, options: CookieOptions, fewest = 1): [value: unknown, options: CookieOptions] {
  if (typeof given !== 'object' || given === null || !Object.hasOwn(given, 'value')) return [given, options]
  const { value, ...own } = given as CookieWithOptions<unknown>
  const names = Object.keys(own)
  return names.length >= fewest && names.every((name) => known.includes(name)) ? [value, { ...options, ...own }] : [given, options]
}

const known = ['expires', 'maxAge', 'domain', 'tldLength', 'path', 'secure', 'httpOnly', 'sameSite', 'partitioned']

/** Works out what is written for a cookie of a host.
 * @throws InvalidCookie (REGAUGE_INVALID_COOKIE) for an unknown option or one that would end up as something else in the header
 */
export function resolveCookie(
  name: string,
  value: string | readonly string[],
  options: CookieOptions,
  host: string,
  sameSite: SameSite,
): ResolvedCookie {
  for (const option in options) {
    if (!known.includes(option))
      throw new InvalidCookie({ name, problem: `the unknown option '${option}'`, suggestion: didYouMean(option, known) })
  }
  const resolved = {
    value,
    expires: timeOf(name, options.expires),
    maxAge: options.maxAge,
    domain: domainOf(options, host),
    path: options.path ?? '/',
    secure: options.secure === true,
    httpOnly: options.httpOnly === true,
    sameSite: options.sameSite === undefined ? sameSite : options.sameSite,
    partitioned: options.partitioned === true,
  }
  refuseUnsafe(name, resolved)
  return resolved
}

function timeOf(name: string, expires: CookieExpiry | undefined): Date | undefined {
  if (expires === undefined || expires === null) return undefined
  const time = expires instanceof Date ? expires : expires.from(new Date(Date.now()))
  if (Number.isNaN(time.getTime())) throw new InvalidCookie({ name, problem: 'a time that is none in expires' })
  return time
}

function refuseUnsafe(name: string, { domain, path, sameSite, maxAge }: ResolvedCookie): void {
  for (const [option, text] of [
    ['domain', domain ?? ''],
    ['path', path],
  ] as const) {
    if (!/^[\x20-\x3a\x3c-\x7e]*$/.test(text)) throw new InvalidCookie({ name, problem: `a ${option} that no header can hold` })
  }
  if (sameSite !== null && !['lax', 'strict', 'none'].includes(sameSite))
    throw new InvalidCookie({
      name,
      problem: `sameSite '${String(sameSite)}'`,
      suggestion: didYouMean(String(sameSite), ['lax', 'strict', 'none']),
    })
  if (maxAge !== undefined && !Number.isInteger(maxAge))
    throw new InvalidCookie({ name, problem: 'a maxAge that is no whole number of seconds' })
}

function domainOf({ domain, tldLength }: CookieOptions, host: string): string | undefined {
  if (typeof domain === 'function') return domain(host)
  if (domain === 'all') return wholeDomain(host, tldLength)
  if (typeof domain !== 'object' || domain === null) return domain ?? undefined
  return domain.find((one) => {
    const name = one.replace(/^\./, '')
    return host === name || host.endsWith(`.${name}`)
  })
}

/** The domain that a host shares with its siblings; addresses and single names have none. */
function wholeDomain(host: string, tldLength: number | undefined): string | undefined {
  const labels = host.split('.')
  if (isIP(host) === 4 || /^[\d.]+$/.test(host) || labels.includes('') || labels.length === 1) return undefined
  if (tldLength !== undefined) return labels.length >= tldLength ? labels.slice(-tldLength).join('.') : undefined
  return labels.slice(/\.[^.]{2,3}\.[^.]{2}$/.test(host) ? -3 : -2).join('.')
}
