import type { Seconds } from '../../messages/index.ts'
import { camelize, upcaseFirst } from '../../naming/index.ts'
import { isBlank } from '../../values/index.ts'
import { declare, declareAccessor } from '../declarations.ts'
import { InvalidArgument } from '../errors.ts'
import type { ModelInfo } from '../model_info.ts'
import { extraOf, readAttribute, writeAttribute } from './attribute_access.ts'
import type { AttributeRecord } from './attribute_record.ts'
import type { ModelClass, ModelRecord } from './model_record.ts'
import { EXTRA } from './record_state.ts'
import { type PasswordAlgorithm, passwordAlgorithm, type PasswordAlgorithmName } from '../security/password_algorithm.ts'
import { findByTokenFor, findByTokenForOrThrow, generateTokenFor } from '../security/token_for.ts'

/** How a password is kept. */
export interface SecurePasswordOptions {
  /** False: nothing is validated. */
  readonly validations?: boolean
  /** Default bcrypt, as in Rails. `argon2` needs the package of that name; another is an object of the application's own. */
  readonly algorithm?: PasswordAlgorithmName | PasswordAlgorithm
  /** Adds `passwordResetToken`, valid for 15 minutes unless said otherwise. Default true. */
  readonly resetToken?: boolean | { readonly expiresIn: Seconds }
}

const resetTokenSeconds = 15 * 60

/** The password that was assigned to this object. */
export function pendingPassword(record: AttributeRecord, attribute: string): string | null {
  return record[EXTRA]?.passwords?.get(attribute)?.plain ?? null
}

/** Defines what `hasSecurePassword` adds: the password with its confirmation and challenge, `authenticate`, the salt, the reset token. */
export function defineSecurePassword(model: ModelClass, attribute: string, options: SecurePasswordOptions): void {
  const validations = options.validations !== false
  const algorithm = passwordAlgorithm(options.algorithm)
  declare(model).securePasswords.push({ attribute, validations, algorithm })
  definePassword(model.prototype, attribute, algorithm)
  declareAccessor(model, `${attribute}_confirmation`)
  declareAccessor(model, `${attribute}_challenge`)
  if (validations) {
    model.validate((record: ModelRecord) => validatePassword(record, attribute, algorithm))
    model.validate((record: ModelRecord) => validateChallenge(record, attribute, algorithm))
    model.validates(attribute, { confirmation: { allowNil: true } })
  }
  if (options.resetToken !== false) defineResetToken(model, attribute, options.resetToken, algorithm)
}

// An empty password is ignored, null clears the digest.
function definePassword(prototype: object, attribute: string, algorithm: PasswordAlgorithm): void {
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
  Object.defineProperty(prototype, `${camelize(attribute, 'lower')}Salt`, {
    configurable: true,
    get(this: ModelRecord) {
      return saltOf(this, attribute, algorithm)
    },
  })
  const method = attribute === 'password' ? 'authenticate' : `authenticate${upcaseFirst(camelize(attribute, 'lower'))}`
  define(prototype, method, function (this: ModelRecord, password) {
    return authenticateRecord(this, attribute, password, algorithm)
  })
}

function defineResetToken(
  model: ModelClass,
  attribute: string,
  given: true | { readonly expiresIn: Seconds } | undefined,
  algorithm: PasswordAlgorithm,
): void {
  const name = camelize(attribute, 'lower')
  const purpose = `${attribute}_reset`
  const expiresIn = typeof given === 'object' ? secondsOf(given.expiresIn) : resetTokenSeconds
  const state = (record: ModelRecord): string | null => saltOf(record, attribute, algorithm)?.slice(-10) ?? null
  declare(model).tokens.push({ purpose, declaredBy: model.name, expiresIn, state })
  Object.defineProperty(model.prototype, `${name}ResetToken`, {
    configurable: true,
    get(this: ModelRecord) {
      return generateTokenFor(this, purpose)
    },
  })
  define(model, `findBy${upcaseFirst(name)}ResetToken`, function (this: ModelClass, token) {
    return findByTokenFor(this.all(), purpose, token)
  })
  define(model, `findBy${upcaseFirst(name)}ResetTokenOrThrow`, function (this: ModelClass, token) {
    return findByTokenForOrThrow(this.all(), purpose, token)
  })
}

function define(target: object, name: string, value: (this: never, argument: unknown) => unknown): void {
  Object.defineProperty(target, name, { configurable: true, writable: true, value })
}

function secondsOf(given: Seconds): number {
  return typeof given === 'number' ? given : given.seconds
}

/** The salt in a digest, which changes with the password. */
function saltOf(record: ModelRecord, attribute: string, algorithm: PasswordAlgorithm): string | null {
  const digest = readAttribute(record, `${attribute}_digest`)
  return typeof digest === 'string' && digest !== '' ? algorithm.salt(digest) : null
}

async function authenticateRecord(
  record: ModelRecord,
  attribute: string,
  password: unknown,
  algorithm: PasswordAlgorithm,
): Promise<ModelRecord | false> {
  const digest = readAttribute(record, `${attribute}_digest`)
  if (typeof digest !== 'string' || digest === '') return false
  return (await algorithm.matches(String(password), digest)) && record
}

/** Digests the passwords that were assigned since the last save. */
export async function digestPasswords(record: ModelRecord, info: ModelInfo): Promise<void> {
  for (const { attribute, algorithm } of info.securePasswords) {
    const password = record[EXTRA]?.passwords?.get(attribute)
    if (password?.isPending !== true) continue
    writeAttribute(record, `${attribute}_digest`, await algorithm.digest(password.plain!))
    password.isPending = false
  }
}

/** A password must be there, and have no more bytes than the algorithm reads. */
function validatePassword(record: ModelRecord, attribute: string, { maxBytes = Number.POSITIVE_INFINITY }: PasswordAlgorithm): void {
  const password = pendingPassword(record, attribute)
  if (isBlank(readAttribute(record, `${attribute}_digest`)) && password === null) record.errors.add(attribute, 'blank')
  if (password !== null && Buffer.byteLength(password) > maxBytes) record.errors.add(attribute, 'password_too_long')
}

/** The password that is asked for before a change is that of the row: the present one is no answer, since it may be what changes. */
async function validateChallenge(record: ModelRecord, attribute: string, algorithm: PasswordAlgorithm): Promise<void> {
  const challenge: unknown = Reflect.get(record, `${attribute}_challenge`)
  if (challenge === null || challenge === undefined) return
  const digest = record.attributeWas(`${attribute}_digest`)
  const isRight = typeof digest === 'string' && digest !== '' && (await algorithm.matches(String(challenge), digest))
  if (!isRight) record.errors.add(`${attribute}_challenge`, 'invalid')
}

/** Finds a record by its other attributes and checks its passwords; takes as long when there is none.
 * @throws InvalidArgument without a password, or with nothing else
 */
export async function authenticateBy(model: ModelClass, info: ModelInfo, attributes: Record<string, unknown>): Promise<ModelRecord | null> {
  const asked = info.securePasswords.filter(({ attribute }) => Object.hasOwn(attributes, attribute))
  const passwords = asked.map(({ attribute }) => attribute)
  const others = Object.fromEntries(Object.entries(attributes).filter(([name]) => !passwords.includes(name)))
  if (passwords.length === 0) throw new InvalidArgument({ reason: 'One or more password arguments are required' })
  if (Object.keys(others).length === 0) throw new InvalidArgument({ reason: 'One or more finder arguments are required' })
  if (passwords.some((name) => typeof attributes[name] !== 'string' || attributes[name] === '')) return null
  const record = (await model.findBy(others)) as ModelRecord | null
  let isRight = record !== null
  for (const { attribute, algorithm } of asked) {
    const digest = record === null ? null : readAttribute(record, `${attribute}_digest`)
    const matches = await algorithm.matches(String(attributes[attribute]), typeof digest === 'string' ? digest : null)
    isRight &&= matches
  }
  return isRight ? record : null
}
