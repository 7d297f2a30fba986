import { CookieJar, type CookieOptions, CookiePolicy } from '../../../src/http/index.ts'
import { KeyGenerator } from '../../../src/messages/index.ts'
import { applicationMessages } from './crypto_application.ts'
import { type Check, type CryptoCase, type CryptoGolden, decode, expectSame } from './crypto_values.ts'

type Operation = readonly [name: string, jar: string, cookie: string, value?: unknown]

interface CookieCase extends CryptoCase {
  readonly request: { readonly host: string; readonly https: boolean; readonly cookie: string }
  readonly config: Readonly<Record<string, unknown>>
  readonly ops: readonly Operation[]
  readonly results: readonly { readonly result?: unknown; readonly error?: { readonly class: string } }[]
  readonly set_cookie: readonly string[]
  readonly write_error?: { readonly class: string }
}

/** Cookies that are read, set and deleted, and the Set-Cookie headers that come of it. */
export const cookies: Readonly<Record<string, Check>> = {
  cookie(one: CookieCase, golden: CryptoGolden) {
    const { host, https, cookie } = one.request
    const request = { host, isSsl: https, header: (name: string) => (name === 'cookie' && cookie !== '' ? cookie : undefined) }
    const jar = new CookieJar(request, policyOf(one, golden))
    const isRefused = one.write_error !== undefined || one.results.some(({ error }) => error !== undefined)
    const answers = attempt(() => one.ops.map((operation) => perform(jar, operation)))
    if (answers === undefined) return expectSame(isRefused, true)
    // What setting a cookie answers in Ruby, the value, isn't asked here.
    const asked = one.ops.map(([name], index) => (name === 'set' ? null : (decode(one.results[index]?.result ?? null) as unknown)))
    expectSame(answers, asked)
    const written: string[] = []
    jar.write({ appendHeader: (_name, value) => void written.push(value) })
    expectSame(written, one.set_cookie)
  },
}

function attempt<T>(work: () => T): T | undefined {
  try {
    return work()
  } catch {
    return undefined
  }
}

function perform(jar: CookieJar, [name, jarName, cookie, value]: Operation): unknown {
  const target = jarName.split('.').reduce((one, part) => (part === 'plain' ? one : (one as never)[part]), jar as unknown) as CookieJar
  if (name === 'get') return target.get(cookie) ?? null
  if (name === 'fetch') return target.get(cookie) ?? value
  if (name === 'to_header') return jar.toHeader()
  if (name === 'delete') return jar.delete(cookie, cookieOptions((value ?? {}) as Record<string, unknown>)) ?? null
  const [plain, options] = isOptions(value) ? [value['value'], cookieOptions(value)] : [value, {}]
  target.set(cookie, decode(plain ?? null) as string, options)
  return null
}

function isOptions(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !Object.keys(value)[0]?.startsWith('$')
}

const names: Readonly<Record<string, keyof CookieOptions>> = {
  http_only: 'httpOnly',
  httponly: 'httpOnly',
  max_age: 'maxAge',
  same_site: 'sameSite',
  tld_length: 'tldLength',
}

/** Options of Ruby as ours; a length in a text is a number here, and `true` for same_site is strict. */
function cookieOptions({ value: _, ...options }: Record<string, unknown>): CookieOptions {
  const entries = Object.entries(options).map(([name, value]): [string, unknown] => {
    const given = decode(value)
    if (name === 'max_age') return ['maxAge', Number(given)]
    if (name === 'same_site') return ['sameSite', given === true ? 'strict' : typeof given === 'string' ? given.toLowerCase() : given]
    return [names[name] ?? name, name === 'path' && given === null ? undefined : given]
  })
  return Object.fromEntries(entries)
}

function policyOf({ id, config }: CookieCase, golden: CryptoGolden): CookiePolicy {
  const { serializer, signed_digest, metadata, authenticated, same_site } = config
  const settings = {
    ...(serializer !== undefined && { serializer: serializer as 'json' }),
    ...(signed_digest !== undefined && { signedDigest: signed_digest as string }),
    ...(metadata !== undefined && { useMetadata: metadata as boolean }),
    ...(authenticated !== undefined && { useAuthenticatedEncryption: authenticated as boolean }),
    ...(same_site !== undefined && { sameSite: same_site as 'lax' }),
    ...(/\.rotation\./.test(id) && { rotations: rotationsOf(id, golden) }),
  }
  return new CookiePolicy(settings, applicationMessages(golden).keyGenerator)
}

/** The older secrets that the recorder's note tells of. */
function rotationsOf(id: string, golden: CryptoGolden) {
  const generator = id.endsWith('old_secret')
    ? new KeyGenerator('old'.repeat(40), { iterations: 1000 })
    : new KeyGenerator(golden.about.secret_key_base, { iterations: 1000, digest: 'SHA1' })
  return {
    signed: [{ secret: generator.generateKey('signed cookie') }],
    encrypted: [{ key: generator.generateKey('authenticated encrypted cookie', 32) }],
  }
}
