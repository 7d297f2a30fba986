/** What a response says about its caching; absent and false are the same. Durations are seconds.
 * @see https://www.rfc-editor.org/rfc/rfc9111#section-5.2.2
 */
export interface CacheControl {
  maxAge?: number | undefined
  public?: boolean | undefined
  private?: boolean | undefined
  mustRevalidate?: boolean | undefined
  mustUnderstand?: boolean | undefined
  noCache?: boolean | undefined
  noStore?: boolean | undefined
  staleWhileRevalidate?: number | undefined
  staleIfError?: number | undefined
  immutable?: boolean | undefined
  /** Directives that have no name here, as they are sent: `s-maxage=60`. */
  extras?: readonly string[] | undefined
}

/** The Cache-Control header of what was declared and of the header that was set beside it, as Rails merges and orders them: what is declared
 * wins, over `no-cache` and `no-store` of the header too.
 *
 * @returns undefined when neither says anything
 * @example cacheControlHeader('public, foo=bar', { maxAge: 60 }) // 'max-age=60, public, foo=bar'
 */
export function cacheControlHeader(header: string | undefined, declared: CacheControl | undefined): string | undefined {
  const set = header === undefined ? {} : parseCacheControl(header)
  const isDeclared = declared !== undefined && Object.keys(declared).length > 0
  if (!isDeclared) return Object.keys(set).length === 0 ? header : directives(set).join(', ')
  const extras = [...new Set([...(declared.extras ?? []), ...(set.extras ?? [])])]
  return directives({ ...set, noCache: false, noStore: false, ...declared, extras }).join(', ')
}

function parseCacheControl(header: string): CacheControl {
  const control: CacheControl = {}
  const extras: string[] = []
  for (const segment of header.replaceAll(' ', '').split(',')) {
    const [name = '', argument] = segment.split(/=(.*)/s)
    const known = Object.hasOwn(knownDirectives, name) ? knownDirectives[name as keyof typeof knownDirectives] : undefined
    if (name === 'max-age') control.maxAge = Number.parseInt(argument ?? '0', 10) || 0
    else if (known !== undefined) control[known] = true
    else if (segment !== '') extras.push(segment)
  }
  if (extras.length > 0) control.extras = extras
  return control
}

const knownDirectives = {
  'no-store': 'noStore',
  'no-cache': 'noCache',
  public: 'public',
  private: 'private',
  'must-revalidate': 'mustRevalidate',
  'must-understand': 'mustUnderstand',
} as const

function directives(control: CacheControl): string[] {
  const { extras = [] } = control
  if (control.noStore) return [control.private && 'private', control.mustUnderstand && 'must-understand', 'no-store'].filter(isSaid)
  if (control.noCache) return [control.public && 'public', 'no-cache', ...extras].filter(isSaid)
  return [
    seconds('max-age', control.maxAge),
    control.public ? 'public' : 'private',
    control.mustRevalidate && 'must-revalidate',
    seconds('stale-while-revalidate', control.staleWhileRevalidate),
    seconds('stale-if-error', control.staleIfError),
    control.immutable && 'immutable',
    ...extras,
  ].filter(isSaid)
}

function seconds(name: string, value: number | undefined): string | undefined {
  return value === undefined ? undefined : `${name}=${Math.trunc(value)}`
}

function isSaid(directive: string | false | undefined): directive is string {
  return typeof directive === 'string'
}
