import type { MessageMetadata, Seconds } from '../../messages/index.ts'
import { declare } from '../declarations.ts'
import { ciphertextOf, decryptRecord, encryptRecord } from '../encryption/encrypted_record.ts'
import type { EncryptsOptions } from '../encryption/scheme.ts'
import { declareEncryption } from '../encryption/declaration.ts'
import { globalIdParameter } from '../global_id/global_id.ts'
import { type SignedGlobalIdOptions, signedGlobalIdOf } from '../global_id/signed_global_id.ts'
import { infoOf } from '../model_info.ts'
import { MacroStatics } from '../record/macro_statics.ts'
import type { ModelClass, ModelRecord } from '../record/model_record.ts'
import { authenticateBy, defineSecurePassword, type SecurePasswordOptions } from '../record/secure_password.ts'
import type { SignedIdPurpose } from '../relation/token_finders.ts'
import { defineSecureToken, type SecureTokenOptions } from './secure_token.ts'
import { signedIdOf } from './signed_id.ts'
import { generateTokenFor } from './token_for.ts'

/** What records have to do with secrets: passwords, tokens, signed ids, encrypted attributes. */
export class SecureRecord extends MacroStatics {
  /** Adds a password kept as a digest in `password_digest`, bcrypt's unless said otherwise: `password=`, `password_confirmation=`, `password_challenge=`, `authenticate`, their
   * validations, and `passwordResetToken`. */
  static hasSecurePassword(attribute = 'password', options: SecurePasswordOptions = {}): void {
    defineSecurePassword(asModel(this), attribute, options)
  }

  /** Finds a record by its other attributes and checks its password, in a time that doesn't tell whether there is one. */
  static authenticateBy(attributes: Record<string, unknown>): Promise<ModelRecord | null> {
    const model = asModel(this)
    return authenticateBy(model, infoOf(model), attributes)
  }

  /** Gives new records a random token, and adds `regenerateToken()`.
   * @throws InvalidArgument for a length below 24
   * @example this.hasSecureToken('auth_token', { length: 36 })
   */
  static hasSecureToken(attribute = 'token', options: SecureTokenOptions = {}): void {
    defineSecureToken(asModel(this), attribute, options)
  }

  /** Declares a purpose for which records make tokens.
   * @param state what a token stays valid with: when it changes, tokens made before are worth nothing
   * @example this.generatesTokenFor('email_confirmation', { expiresIn: hours(2) }, (user) => user.email)
   */
  static generatesTokenFor(
    purpose: string,
    ...args: readonly ({ readonly expiresIn?: Seconds | null } | ((record: never) => unknown))[]
  ): void {
    const state = args.find((arg) => typeof arg === 'function')
    const { expiresIn } = args.find((arg) => typeof arg === 'object') ?? {}
    const seconds = typeof expiresIn === 'object' ? expiresIn?.seconds : expiresIn
    declare(asModel(this)).tokens.push({ purpose, declaredBy: this.name, expiresIn: seconds, state })
  }

  /** Keeps attributes encrypted in the database.
   * @throws InvalidEncryption for options that don't go together
   * @example this.encrypts('email', { deterministic: true, downcase: true })
   */
  static encrypts(...args: readonly (string | EncryptsOptions)[]): void {
    const attributes = args.filter((arg) => typeof arg === 'string')
    const options = args.find((arg) => typeof arg === 'object') ?? {}
    for (const attribute of attributes) declareEncryption(asModel(this), attribute, options)
  }

  /** The record of a signed id; null when the id isn't valid, has expired, is for something else, or the row is gone.
   * @example await User.findSigned(params.string('id'), { purpose: 'unsubscribe' })
   */
  static findSigned(signedId: unknown, options?: SignedIdPurpose): Promise<ModelRecord | null> {
    return asModel(this).all().findSigned(signedId, options)
  }

  /** @throws InvalidSignature when the id isn't valid
   * @throws RecordNotFound when the row is gone
   */
  static findSignedOrThrow(signedId: unknown, options?: SignedIdPurpose): Promise<ModelRecord> {
    return asModel(this).all().findSignedOrThrow(signedId, options)
  }

  /** The record of a token that `generateTokenFor` made; null when the token isn't valid or the record has changed since. */
  static findByTokenFor(purpose: string, token: unknown): Promise<ModelRecord | null> {
    return asModel(this).all().findByTokenFor(purpose, token)
  }

  /** @throws InvalidSignature when the token isn't valid
   * @throws RecordNotFound when the row is gone
   */
  static findByTokenForOrThrow(purpose: string, token: unknown): Promise<ModelRecord> {
    return asModel(this).all().findByTokenForOrThrow(purpose, token)
  }

  /** The key in a form that can be given away: nobody can change it to another record's.
   * @throws InvalidArgument for a record that isn't saved
   * @example user.signedId({ purpose: 'unsubscribe', expiresIn: days(30) })
   */
  signedId(options: MessageMetadata = {}): string {
    return signedIdOf(asRecord(this), options)
  }

  /** A token for a purpose that the class declared with `generatesTokenFor`.
   * @throws InvalidArgument for another purpose
   */
  generateTokenFor(purpose: string): string {
    return generateTokenFor(asRecord(this), purpose)
  }

  /** The GlobalID in base64, for URLs. */
  toGlobalIdParam(): string {
    return globalIdParameter(this.toGlobalId())
  }

  /** The GlobalID with a signature, for forms and links: it names any record, and nobody can make one.
   * @throws InvalidArgument for a record that isn't saved
   * @example project.toSignedGlobalId({ for: 'sharing', expiresIn: hours(1) })
   */
  toSignedGlobalId(options: SignedGlobalIdOptions = {}): string {
    return signedGlobalIdOf(this, options)
  }

  /** What the database holds for an encrypted attribute, or will hold. */
  ciphertextFor(attribute: string): Promise<unknown> {
    return ciphertextOf(asRecord(this), attribute)
  }

  /** Writes all encrypted attributes anew: with the present keys, whatever they were written with. */
  encrypt(): Promise<boolean> {
    return encryptRecord(asRecord(this))
  }

  /** Writes all encrypted attributes unencrypted. */
  decrypt(): Promise<boolean> {
    return decryptRecord(asRecord(this))
  }
}

function asModel(model: typeof SecureRecord): ModelClass {
  return model as unknown as ModelClass
}

function asRecord(record: SecureRecord): ModelRecord {
  return record as unknown as ModelRecord
}
