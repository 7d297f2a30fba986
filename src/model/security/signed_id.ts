import { underscore } from '../../naming/index.ts'
import { currentMessages, type MessageMetadata, type MessageVerifier } from '../../messages/index.ts'
import { InvalidArgument } from '../errors.ts'
import { mainClassOf } from '../model_factory.ts'
import type { ModelClass, ModelRecord } from '../record/model_record.ts'
import type { Relation } from '../relation/relation.ts'

/** The name of the verifier of signed ids, as in Rails. */
export const signedIdSalt = 'active_record/signed_id'

/** What a signed id is for: the class with the table, as Rails writes it, and the purpose that was given. */
function purposeOf(model: ModelClass, purpose: string | null | undefined): string {
  return [underscore(mainClassOf(model).name), purpose ?? ''].filter((part) => part.trim() !== '').join('/')
}

function verifier(): MessageVerifier {
  return currentMessages().messageVerifier(signedIdSalt)
}

/** @throws InvalidArgument for a record that isn't saved */
export function signedIdOf(record: ModelRecord, options: MessageMetadata): string {
  if (record.isNewRecord()) throw new InvalidArgument({ reason: 'Cannot get a signed_id for a new record' })
  const model = record.constructor as ModelClass
  return verifier().generate(keyOf(record), { ...options, purpose: purposeOf(model, options.purpose) })
}

/** The record of a signed id among the rows of a relation; null when the id isn't valid or the row is gone. */
export async function findSigned(relation: Relation, signedId: unknown, purpose: string | undefined): Promise<ModelRecord | null> {
  const { model } = relation.info
  const id = verifier().verified(signedId, { purpose: purposeOf(model, purpose) })
  return id === undefined || id === null ? null : findByKey(relation, id)
}

/** @throws InvalidSignature when the id isn't valid
 * @throws RecordNotFound when the row is gone
 */
export async function findSignedOrThrow(relation: Relation, signedId: unknown, purpose: string | undefined): Promise<ModelRecord> {
  const { model } = relation.info
  const id = verifier().verify(signedId, { purpose: purposeOf(model, purpose) })
  return (await relation.find(id)) as ModelRecord
}

/** The row with a key that was in a message, if it is there. */
export async function findByKey(relation: Relation, id: unknown): Promise<ModelRecord | null> {
  const { schema, model } = relation.info
  if (schema.primaryKey.length === 0) throw new InvalidArgument({ reason: `${model.name} has no primary key.` })
  const ids = schema.primaryKey.length === 1 ? [id] : Array.isArray(id) ? id : []
  if (ids.length !== schema.primaryKey.length) return null
  return relation.findBy(Object.fromEntries(schema.primaryKey.map(({ name }, place) => [name, ids[place]]))) as Promise<ModelRecord | null>
}

/** The key of a record as messages hold it: one value, or the list of a composite key. */
export function keyOf(record: ModelRecord): unknown {
  const key = record.toKey()
  return key?.length === 1 ? key[0] : key
}
