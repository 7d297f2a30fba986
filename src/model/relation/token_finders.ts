import type { ModelRecord } from '../record/model_record.ts'
import { findSigned, findSignedOrThrow } from '../security/signed_id.ts'
import { findByTokenFor, findByTokenForOrThrow } from '../security/token_for.ts'
import { BatchMethods } from './batches.ts'
import type { Relation } from './relation.ts'

/** What a signed id was made for. */
export interface SignedIdPurpose {
  readonly purpose?: string
}

/** Finds records by what was given away of them: signed ids and tokens. */
export class TokenFinders extends BatchMethods {
  /** The record of a signed id; null when the id isn't valid, has expired, is for something else, or the row is gone.
   * @example await User.where({ active: true }).findSigned(params.string('id'), { purpose: 'unsubscribe' })
   */
  findSigned(signedId: unknown, { purpose }: SignedIdPurpose = {}): Promise<ModelRecord | null> {
    return findSigned(this as unknown as Relation, signedId, purpose)
  }

  /** @throws InvalidSignature when the id isn't valid
   * @throws RecordNotFound when the row is gone
   */
  findSignedOrThrow(signedId: unknown, { purpose }: SignedIdPurpose = {}): Promise<ModelRecord> {
    return findSignedOrThrow(this as unknown as Relation, signedId, purpose)
  }

  /** The record of a token that `generateTokenFor` made; null when the token isn't valid or the record has changed since. */
  findByTokenFor(purpose: string, token: unknown): Promise<ModelRecord | null> {
    return findByTokenFor(this as unknown as Relation, purpose, token)
  }

  /** @throws InvalidSignature when the token isn't valid
   * @throws RecordNotFound when the row is gone
   */
  findByTokenForOrThrow(purpose: string, token: unknown): Promise<ModelRecord> {
    return findByTokenForOrThrow(this as unknown as Relation, purpose, token)
  }
}
