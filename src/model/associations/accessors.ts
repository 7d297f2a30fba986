import { InvalidArgument } from '../errors.ts'
import { infoOf } from '../model_info.ts'
import { infoOfRecord, isRecord, readAttribute, writeAttribute } from '../record/attribute_access.ts'
import type { AttributeRecord } from '../record/attribute_record.ts'
import type { ModelRecord } from '../record/model_record.ts'
import { VALUES } from '../record/record_state.ts'
import { Reference } from './reference.ts'
import type { Reflection } from './reflection.ts'
import { noteRead } from './repeated_loading.ts'
import { noteReplaced } from './replaced.ts'
import { collectionOf, loadedOf, setCached, setInverse } from './state.ts'
import { assignThrough } from './through_record.ts'

/** Makes the getter of an association: the loaded record, or something to await; for hasMany always the collection. */
export function associationReader(reflection: Reflection): (this: AttributeRecord) => unknown {
  if (reflection.isCollection) {
    return function () {
      if (!Object.hasOwn(this, VALUES)) return undefined
      const collection = collectionOf(this, reflection)
      if (!collection.isLoaded()) noteRead(this, reflection)
      return collection
    }
  }
  return function () {
    if (!Object.hasOwn(this, VALUES)) return undefined
    const loaded = loadedOf(this, reflection)
    if (loaded !== undefined) return loaded
    noteRead(this, reflection)
    return new Reference(this, reflection)
  }
}

/** Makes the setter of an association. A belongsTo writes its foreign key; children are saved with their owner. */
export function associationWriter(reflection: Reflection): (this: AttributeRecord, value: unknown) => void {
  if (reflection.isCollection) {
    return function (value) {
      assignCollection(this, reflection, value)
    }
  }
  return function (value) {
    assignRecord(this, reflection, value)
  }
}

function assignRecord(owner: AttributeRecord, reflection: Reflection, value: unknown): void {
  const record = value === null || value === undefined ? null : requireTarget(reflection, value)
  if (reflection.through !== undefined) assignThrough(owner, reflection, record)
  else {
    if (loadedOf(owner, reflection) !== record) noteReplaced(owner, reflection)
    placeRecord(owner, reflection, record)
  }
}

/** Writes the keys that make an association lead to a record, or to none, and keeps what it leads to. */
export function placeRecord(owner: AttributeRecord, reflection: Reflection, record: ModelRecord | null): void {
  if (reflection.kind === 'belongsTo') {
    writeOwnerKey(owner, reflection, record)
  } else if (record !== null) {
    if (!owner.isNewRecord()) ownRecord(owner, reflection, record)
    writeTargetType(record, reflection)
  }
  setCached(owner, reflection, record)
  if (record !== null) setInverse(owner, reflection, record)
}

/** Writes the key of a belongsTo, and the class's name where it is polymorphic. */
export function writeOwnerKey(owner: AttributeRecord, reflection: Reflection, record: AttributeRecord | null): void {
  if (reflection.isPolymorphic) {
    writeAttribute(owner, reflection.typeColumn!, record === null ? null : infoOfRecord(record).polymorphicName)
    reflection = reflection.of(owner) ?? reflection
  }
  const { ownerKeys, targetKeys } = reflection
  for (const [place, name] of ownerKeys.entries()) {
    const key = record === null ? null : readAttribute(record, targetKeys[place]!)
    if (key !== readAttribute(owner, name)) writeAttribute(owner, name, key)
  }
}

/** Writes the key of an owner to a record of a hasOne or hasMany, as far as the owner has it. */
export function ownRecord(owner: AttributeRecord, { ownerKeys, targetKeys }: Reflection, record: AttributeRecord): void {
  for (const [place, name] of targetKeys.entries()) {
    const key = readAttribute(owner, ownerKeys[place]!)
    if (key !== null && key !== undefined) writeAttribute(record, name, key)
  }
}

/** Writes the owner's class to a record of an association with `as`. */
export function writeTargetType(record: AttributeRecord, reflection: Reflection): void {
  if (reflection.options.as !== undefined) writeAttribute(record, reflection.typeColumn!, reflection.info.polymorphicName)
}

/** What the rows of an association lose with their owner: its key, and its class with `as`. */
export function clearedKeys(reflection: Reflection): Record<string, null> {
  const keys: Record<string, null> = Object.fromEntries(reflection.targetKeys.map((name) => [name, null]))
  if (reflection.options.as !== undefined) keys[reflection.typeColumn!] = null
  return keys
}

function assignCollection(owner: AttributeRecord, reflection: Reflection, value: unknown): void {
  if (!Array.isArray(value))
    throw new InvalidArgument({ reason: `'${reflection.name}' takes an array of ${reflection.className} records.` })
  const records = value.map((each) => requireTarget(reflection, each))
  if (!owner.isNewRecord()) {
    const name = reflection.name
    throw new InvalidArgument({
      reason: `'${name}' of a saved ${owner.constructor.name} is replaced with: await record.${name}.replace([…])`,
    })
  }
  collectionOf(owner, reflection).assignTarget(records)
}

/** The value as a record of the association's class.
 * @throws InvalidArgument when it is something else
 */
export function requireTarget(reflection: Reflection, value: unknown): ModelRecord {
  if (reflection.isPolymorphic && isRecord(value)) return value as ModelRecord
  const target = infoOf(reflection.target).model
  if (value instanceof target) return value
  const given = isRecord(value) ? value.constructor.name : typeof value
  throw new InvalidArgument({ reason: `${target.name} expected for '${reflection.name}', got ${given}.` })
}
