import { digestPassword, maxPasswordBytes, passwordMatches } from '../../messages/index.ts'
import { isBlank } from '../../values/index.ts'
import { InvalidArgument } from '../errors.ts'
import type { ModelInfo } from '../model_info.ts'
import { extraOf, readAttribute, writeAttribute } from './attribute_access.ts'
import type { AttributeRecord } from './attribute_record.ts'
import type { ModelClass, ModelRecord } from './model_record.ts'
import { EXTRA } from './record_state.ts'

/** The password that was assigned to this object. */
export function pendingPassword(record: AttributeRecord, attribute: string): string | null {
  return record[EXTRA]?.passwords?.get(attribute)?.plain ?? null
}

/** Defines `password`, `password_confirmation` and `authenticate` for an attribute. An empty password is ignored, null clears the digest. */
export function definePassword(prototype: object, attribute: string): void {
  Object.defineProperty(prototype, attribute, {
    configurable: true,
    enumerable: true,
    get(this: AttributeRecord) {
      return pendingPassword(this, attribute)
    },
    set(this: AttributeRecord, value: unknown) {
      if (value === null || value === undefined) writeAttribute(this, `${attribute}_digest`, null)
      if (value === '') return
      const extra = extraOf(this)
      extra.passwords ??= new Map()
      extra.passwords.set(attribute, { plain: typeof value === 'string' ? value : null, isPending: typeof value === 'string' })
    },
  })
  const authenticate = attribute === 'password' ? 'authenticate' : `authenticate_${attribute}`
  Object.defineProperty(prototype, authenticate, {
    configurable: true,
    value: function (this: ModelRecord, password: string) {
      return authenticateRecord(this, attribute, password)
    },
  })
}

async function authenticateRecord(record: ModelRecord, attribute: string, password: string): Promise<ModelRecord | false> {
  const digest = readAttribute(record, `${attribute}_digest`)
  if (typeof digest !== 'string' || digest === '') return false
  return (await passwordMatches(String(password), digest)) && record
}

/** Digests the passwords that were assigned since the last save. */
export async function digestPasswords(record: ModelRecord, info: ModelInfo): Promise<void> {
  for (const { attribute } of info.securePasswords) {
    const password = record[EXTRA]?.passwords?.get(attribute)
    if (password?.isPending !== true) continue
    writeAttribute(record, `${attribute}_digest`, await digestPassword(password.plain!))
    password.isPending = false
  }
}

/** What `hasSecurePassword` validates: a password on create, and no more bytes than bcrypt reads. */
export function validatePassword(record: ModelRecord, attribute: string): void {
  const password = pendingPassword(record, attribute)
  if (isBlank(readAttribute(record, `${attribute}_digest`)) && password === null) record.errors.add(attribute, 'blank')
  if (password !== null && Buffer.byteLength(password) > maxPasswordBytes) record.errors.add(attribute, 'password_too_long')
}

/** Finds a record by its other attributes and checks its password; takes as long when there is none.
 * @throws InvalidArgument without a password, or with nothing else
 */
export async function authenticateBy(model: ModelClass, info: ModelInfo, attributes: Record<string, unknown>): Promise<ModelRecord | null> {
  const passwords = info.securePasswords.map(({ attribute }) => attribute).filter((attribute) => Object.hasOwn(attributes, attribute))
  const others = Object.fromEntries(Object.entries(attributes).filter(([name]) => !passwords.includes(name)))
  if (passwords.length === 0) throw new InvalidArgument({ reason: 'One or more password arguments are required' })
  if (Object.keys(others).length === 0) throw new InvalidArgument({ reason: 'One or more finder arguments are required' })
  if (passwords.some((name) => typeof attributes[name] !== 'string' || attributes[name] === '')) return null
  const record = (await model.findBy(others)) as ModelRecord | null
  for (const attribute of passwords) {
    const digest = record === null ? null : readAttribute(record, `${attribute}_digest`)
    const isRight = await passwordMatches(attributes[attribute] as string, digest as string | null)
    if (!isRight) return null
  }
  return record
}
