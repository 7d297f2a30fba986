import { constantTimeEqual, currentMessages, decodeJson, encodeJson, InvalidSignature, type MessageVerifier } from '../../messages/index.ts'
import { didYouMean } from '../../naming/index.ts'
import { declarationsOf, type TokenDefinition } from '../declarations.ts'
import { InvalidArgument } from '../errors.ts'
import type { ModelClass, ModelRecord } from '../record/model_record.ts'
import type { Relation } from '../relation/relation.ts'
import { findByKey, keyOf } from './signed_id.ts'

/** The token of a record for a purpose that its class declared with `generatesTokenFor`.
 * @throws InvalidArgument for a purpose that it didn't declare, with a suggestion
 */
export function generateTokenFor(record: ModelRecord, purpose: string): string {
  const definition = definitionOf(record.constructor as ModelClass, purpose)
  return verifier().generate(payloadOf(definition, record), { expiresIn: definition.expiresIn, purpose: fullPurpose(definition) })
}

/** The record of a token; null when the token isn't valid, has expired, or its record has changed since.
 * @throws InvalidArgument for a purpose that wasn't declared
 */
export async function findByTokenFor(relation: Relation, purpose: string, token: unknown): Promise<ModelRecord | null> {
  return resolve(relation, purpose, token, (id) => findByKey(relation, id))
}

/** @throws InvalidSignature when the token isn't valid
 * @throws RecordNotFound when the record is gone
 */
export async function findByTokenForOrThrow(relation: Relation, purpose: string, token: unknown): Promise<ModelRecord> {
  const record = await resolve(relation, purpose, token, (id) => relation.find(id) as Promise<ModelRecord>)
  if (record === null) throw new InvalidSignature({})
  return record
}

async function resolve(
  relation: Relation,
  purpose: string,
  token: unknown,
  find: (id: unknown) => Promise<ModelRecord | null>,
): Promise<ModelRecord | null> {
  const definition = definitionOf(relation.info.model, purpose)
  const payload = verifier().verified(token, { purpose: fullPurpose(definition) })
  if (!Array.isArray(payload)) return null
  const record = await find(payload[0])
  if (record === null) return null
  return constantTimeEqual(encodeJson(payloadOf(definition, record)), encodeJson(payload)) ? record : null
}

function verifier(): MessageVerifier {
  return currentMessages().messageVerifier('active_record/token_for')
}

function definitionOf(model: ModelClass, purpose: string): TokenDefinition {
  const definitions = declarationsOf(model).flatMap(({ tokens }) => tokens)
  const found = definitions.findLast((each) => each.purpose === purpose)
  if (found !== undefined) return found
  const suggestion = didYouMean(
    purpose,
    definitions.map((each) => each.purpose),
  )
  const hint = suggestion === undefined ? '' : ` Did you mean ${suggestion}?`
  throw new InvalidArgument({ reason: `${model.name} generates no token for '${purpose}'.${hint}` })
}

function fullPurpose({ declaredBy, purpose, expiresIn }: TokenDefinition): string {
  return [declaredBy, purpose, expiresIn ?? ''].join('\n')
}

// Through JSON, since that is what comes back: a date as its text, an absent value as null.
function payloadOf({ state }: TokenDefinition, record: ModelRecord): unknown[] {
  const id = keyOf(record)
  return state === undefined ? [id] : [id, decodeJson(encodeJson(state.call(record, record as never)))]
}
