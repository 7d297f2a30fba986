import { createHash } from 'node:crypto'
import { constantTimeEqual } from '../messages/index.ts'
import { BasicAuthentication } from './basic_authentication.ts'

/** A password, or the MD5 of `name:realm:password` (an HA1, which a store of digests holds); nothing for a name that nobody has. */
export type DigestPassword = string | null | undefined | false

/** What a client says in an `Authorization: Digest …` header (RFC 7616, section 3.4), by name. */
export type DigestCredentials = ReadonlyMap<string, string>

const salt = 'http authentication'
/** How long a nonce may be used, in seconds. */
const lifetime = 300

/** HTTP digest authentication, for clients that need it: MD5 is broken, and the server must know the password. Basic over TLS is better. */
export abstract class DigestAuthentication extends BasicAuthentication {
  /** Whether the client knows the password that `passwordOf` a name answers with. `passwordOf` may be async; await the result then. */
  authenticateWithHttpDigest<P extends DigestPassword | Promise<DigestPassword>>(
    passwordOf: (name: string) => P,
    realm = 'Application',
  ): P extends Promise<unknown> ? Promise<boolean> | boolean : boolean {
    const credentials = digestCredentials(this.request.authorization)
    const key = this.request.options.cookies.keys.generateKey(salt)
    if (credentials === undefined || !isOurs(credentials, key, realm)) return false
    const { originalMethod } = this.request
    const password: DigestPassword | Promise<DigestPassword> = passwordOf(credentials.get('username') ?? '')
    if (!(password instanceof Promise)) return isRight(credentials, password, originalMethod)
    return password.then((known) => isRight(credentials, known, originalMethod)) as never
  }

  /** The same, and a 401 when it doesn't.
   * @example await this.authenticateOrRequestWithHttpDigest(async (name) => (await User.findBy({ name }))?.ha1)
   */
  authenticateOrRequestWithHttpDigest<P extends DigestPassword | Promise<DigestPassword>>(
    passwordOf: (name: string) => P,
    realm = 'Application',
    message?: string,
  ): P extends Promise<unknown> ? Promise<boolean> | boolean : boolean {
    const known: boolean | Promise<boolean> = this.authenticateWithHttpDigest(passwordOf, realm)
    if (known instanceof Promise) return known.then((right) => this.orRequestDigest(right, realm, message)) as never
    return this.orRequestDigest(known, realm, message)
  }

  /** Answers 401 and asks for a digest. */
  requestHttpDigestAuthentication(realm = 'Application', message = 'HTTP Digest: Access denied.\n'): void {
    const key = this.request.options.cookies.keys.generateKey(salt)
    const fields = `realm="${realm.replaceAll('"', '')}", qop="auth", algorithm=MD5, nonce="${nonceAt(key, now())}", opaque="${opaqueOf(key)}"`
    this.response.setHeader('www-authenticate', `Digest ${fields}`)
    this.render({ html: message, status: 'unauthorized' })
  }

  private orRequestDigest(known: boolean, realm: string, message?: string): boolean {
    if (!known) this.requestHttpDigestAuthentication(realm, message)
    return known
  }
}

/** The credentials of an Authorization header; undefined when there is none, or of another scheme. */
export function digestCredentials(authorization: string | undefined): DigestCredentials | undefined {
  if (authorization === undefined || !/^digest\s/i.test(authorization)) return undefined
  const pairs = authorization.slice(7, 8192).matchAll(/(\w{1,32})\s?=\s?(?:"((?:[^"\\]|\\.)*)"|([^,\s]+))/g)
  return new Map(Array.from(pairs, ([, name, quoted, plain]) => [name!, (quoted ?? plain!).replace(/\\(.)/g, '$1').replaceAll("'", '')]))
}

/** Whether realm, nonce and opaque are such as we have sent, not too long ago. */
function isOurs(credentials: DigestCredentials, key: Buffer, realm: string): boolean {
  const nonce = credentials.get('nonce') ?? ''
  const time = Number(/^\d{1,12}(?=:)/.exec(Buffer.from(nonce, 'base64').toString('latin1'))?.[0] ?? Number.NaN)
  return (
    Math.abs(time - now()) <= lifetime &&
    constantTimeEqual(nonce, nonceAt(key, time)) &&
    constantTimeEqual(credentials.get('opaque') ?? '', opaqueOf(key)) &&
    credentials.get('realm') === realm
  )
}

/** Some browsers leave the question mark of an empty query out of the digest. */
function isRight(credentials: DigestCredentials, password: DigestPassword, method: string): boolean {
  if (typeof password !== 'string' || password === '') return false
  const uri = credentials.get('uri') ?? ''
  const response = credentials.get('response') ?? ''
  const hashes = [password, md5(`${credentials.get('username') ?? ''}:${credentials.get('realm') ?? ''}:${password}`)]
  const expected = hashes.flatMap((ha1) => [uri, `${uri}?`].map((one) => responseTo(credentials, ha1, method, one)))
  return expected.filter((one) => constantTimeEqual(one, response)).length > 0
}

function responseTo(credentials: DigestCredentials, ha1: string, method: string, uri: string): string {
  const fields = ['nonce', 'nc', 'cnonce', 'qop'].map((name) => credentials.get(name) ?? '')
  return md5([ha1, ...fields, md5(`${method}:${uri}`)].join(':'))
}

function nonceAt(key: Buffer, time: number): string {
  return Buffer.from(`${time}:${md5(Buffer.concat([Buffer.from(`${time}:`), key]))}`).toString('base64')
}

function opaqueOf(key: Buffer): string {
  return md5(key)
}

function md5(bytes: string | Buffer): string {
  return createHash('md5').update(bytes).digest('hex')
}

function now(): number {
  return Math.floor(Date.now() / 1000)
}
