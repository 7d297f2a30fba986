import { decodeBase64, encodeBase64 } from '../../messages/index.ts'
import { isRecord } from '../record/attribute_access.ts'

let applicationName = 'regauge'

/** Sets the name of the application in GlobalIDs. */
export function useGlobalIdApplication(name: string): void {
  applicationName = name
}

/** Values that a GlobalID carries beside the record: `gid://shop/Order/1?as=guest`. */
export type GlobalIdParams = Readonly<Record<string, string | number | boolean | null>>

/** The parts of a GlobalID. */
export interface GlobalIdParts {
  readonly app: string
  readonly modelName: string
  /** The key; a list of a composite one. */
  readonly modelId: string | readonly string[]
  readonly params: Readonly<Record<string, string>> | null
}

/** The GlobalID of a record; null while it isn't saved, undefined for what is no record.
 * @example globalIdOf(article) // 'gid://blog/Article/1'
 */
export function globalIdOf(value: object, params: GlobalIdParams = {}): string | null | undefined {
  if (!isRecord(value)) return undefined
  const key = value.toKey()
  if (key === null || value.isNewRecord()) return null
  return `gid://${applicationName}/${value.constructor.name}/${key.map((part) => escapeKey(String(part))).join('/')}${query(params)}`
}

/** A GlobalID in base64, as it is put into URLs. */
export function globalIdParameter(globalId: string): string {
  return encodeBase64(globalId, true)
}

/** The parts of a GlobalID, as it is or in base64; null for a text that is none.
 * @example parseGlobalId('gid://shop/Order/1')?.modelName // 'Order'
 */
export function parseGlobalId(text: unknown): GlobalIdParts | null {
  if (typeof text !== 'string' || text.length > longest) return null
  return parseUri(text) ?? parseUri(decodeBase64(text, true)?.toString() ?? '')
}

const longest = 4096
const mostKeyParts = 20

// RFC 3986: a host name, then segments and a query of the letters that stand for themselves, and percent-encoded bytes.
const uri =
  /^gid:\/\/([A-Za-z0-9.-]+)\/((?:[\w.~!$&'()*+,;=:@-]|%[\da-fA-F]{2})+)\/((?:[\w.~!$&'()*+,;=:@/-]|%[\da-fA-F]{2})+)(?:\?((?:[\w.~!$&'()*+,;=:@/?-]|%[\da-fA-F]{2})*))?$/

function parseUri(text: string): GlobalIdParts | null {
  const [, app, modelName, key, search] = uri.exec(text) ?? []
  if (app === undefined || modelName === undefined || key === undefined) return null
  try {
    const parts = key.split('/').filter((part) => part !== '')
    if (parts.length === 0 || parts.length > mostKeyParts) return null
    const ids = parts.map(unescapeForm)
    return { app, modelName, modelId: ids.length === 1 ? ids[0]! : ids, params: search === undefined ? null : paramsOf(search) }
  } catch {
    return null // a % that stands for nothing
  }
}

function paramsOf(search: string): Record<string, string> {
  const params = Object.create(null) as Record<string, string>
  for (const [name, value] of new URLSearchParams(search)) params[name] = value
  return params
}

function query(params: GlobalIdParams): string {
  const pairs = Object.entries(params).map(([name, value]) =>
    value === null ? escapeForm(name) : `${escapeForm(name)}=${escapeForm(String(value))}`,
  )
  return pairs.length === 0 ? '' : `?${pairs.join('&')}`
}

/** As Ruby's CGI.escape. */
function escapeKey(text: string): string {
  return percentEncoded(text, /[!'()*]/g)
}

/** As forms are sent. */
function escapeForm(text: string): string {
  return percentEncoded(text, /[!'()~]/g)
}

function percentEncoded(text: string, others: RegExp): string {
  return encodeURIComponent(text)
    .replace(others, (letter) => `%${letter.charCodeAt(0).toString(16).toUpperCase()}`)
    .replaceAll('%20', '+')
}

function unescapeForm(text: string): string {
  return decodeURIComponent(text.replaceAll('+', ' '))
}
