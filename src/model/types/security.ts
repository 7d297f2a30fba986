import type { MessageMetadata, Seconds } from '../../messages/index.ts'
import type { EncryptsOptions } from '../encryption/scheme.ts'
import type { GlobalIdParams } from '../global_id/global_id.ts'
import type { SignedGlobalIdOptions } from '../global_id/signed_global_id.ts'
import type { SecurePasswordOptions } from '../record/secure_password.ts'
import type { SignedIdPurpose } from '../relation/token_finders.ts'
import type { SecureTokenOptions } from '../security/secure_token.ts'
import type { AnyClass, Instance } from './relations.ts'
import type { NameOf, ScalarsOf } from './schema_types.ts'

type Columns<G, N extends NameOf<G>> = keyof ScalarsOf<G, N> & string
type Pascal<S extends string> = S extends `${infer Head}_${infer Tail}` ? `${Capitalize<Head>}${Pascal<Tail>}` : Capitalize<S>
type Camel<S extends string> = Uncapitalize<Pascal<S>>

/** The macros of passwords, tokens and encrypted attributes. */
export type SecurityMacros<G, N extends NameOf<G>> = {
  hasSecurePassword(attribute?: string, options?: SecurePasswordOptions): void
  hasSecureToken(attribute?: Columns<G, N>, options?: SecureTokenOptions): void
  generatesTokenFor<T extends AnyClass>(this: T, purpose: string, state?: (record: Instance<T>) => unknown): void
  generatesTokenFor<T extends AnyClass>(
    this: T,
    purpose: string,
    options: { readonly expiresIn?: Seconds | null },
    state?: (record: Instance<T>) => unknown,
  ): void
  encrypts(...args: readonly [Columns<G, N>, ...(Columns<G, N> | EncryptsOptions)[]]): void
}

/** Finding records by what was given away of them, on classes and relations. `R` is the record. */
export interface TokenFindersOf<R> {
  findSigned(signedId: unknown, options?: SignedIdPurpose): Promise<R | null>
  findSignedOrThrow(signedId: unknown, options?: SignedIdPurpose): Promise<R>
  findByTokenFor(purpose: string, token: unknown): Promise<R | null>
  findByTokenForOrThrow(purpose: string, token: unknown): Promise<R>
}

/** The same as static methods, which answer records of the class they are called on. */
export interface TokenStatics {
  findSigned<T extends AnyClass>(this: T, signedId: unknown, options?: SignedIdPurpose): Promise<Instance<T> | null>
  findSignedOrThrow<T extends AnyClass>(this: T, signedId: unknown, options?: SignedIdPurpose): Promise<Instance<T>>
  findByTokenFor<T extends AnyClass>(this: T, purpose: string, token: unknown): Promise<Instance<T> | null>
  findByTokenForOrThrow<T extends AnyClass>(this: T, purpose: string, token: unknown): Promise<Instance<T>>
}

/** `findByPasswordResetToken` of a model with a column `password_digest`. */
export type ResetTokenStatics<S> = [keyof S & `${string}_digest`] extends [never] ? unknown : ResetTokenFinders<S>
type ResetTokenFinders<S> = {
  readonly [K in keyof S as K extends `${infer P}_digest` ? `findBy${Pascal<P>}ResetToken` : never]: <T extends AnyClass>(
    this: T,
    token: unknown,
  ) => Promise<Instance<T> | null>
} & {
  readonly [K in keyof S as K extends `${infer P}_digest` ? `findBy${Pascal<P>}ResetTokenOrThrow` : never]: <T extends AnyClass>(
    this: T,
    token: unknown,
  ) => Promise<Instance<T>>
}

/** Members of records of a model with a column `password_digest` or a column for a token. */
export type SecretMembers<S> = [keyof S & (`${string}_digest` | 'token' | `${string}_token`)] extends [never] ? unknown : Secrets<S>
type Secrets<S> = {
  readonly [K in keyof S as K extends `${infer P}_digest` ? `${Camel<P>}ResetToken` : never]: string
} & {
  readonly [K in keyof S as K extends `${infer P}_digest` ? `${Camel<P>}Salt` : never]: string | null
} & {
  readonly [K in keyof S as K extends `${infer P}_digest` ? (P extends 'password' ? 'authenticate' : `authenticate${Pascal<P>}`) : never]: <
    R,
  >(
    this: R,
    password: string,
  ) => Promise<R | false>
} & {
  readonly [K in keyof S as K extends 'token' | `${string}_token` ? `regenerate${Pascal<K & string>}` : never]: <R>(this: R) => Promise<R>
}

/** The members that every record has for being named outside, and for its encrypted attributes. */
export type SecureMembers<G, N extends NameOf<G>> = {
  signedId(options?: MessageMetadata): string
  generateTokenFor(purpose: string): string
  toGlobalId(params?: GlobalIdParams): string
  toGlobalIdParam(): string
  toSignedGlobalId(options?: SignedGlobalIdOptions): string
  ciphertextFor(attribute: Columns<G, N>): Promise<unknown>
  encrypt(): Promise<boolean>
  decrypt(): Promise<boolean>
}
