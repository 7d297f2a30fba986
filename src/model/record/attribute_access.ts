import { JsonText } from '../attributes/attribute_type.ts'
import type { Column } from '../attributes/column.ts'
import { StoredValue } from '../attributes/custom_type.ts'
import { didYouMean } from '../../naming/index.ts'
import { MissingAttribute, ReadonlyAttribute, ReadOnlyRecord, UnknownAttribute } from '../errors.ts'
import { infoOf, type ModelInfo } from '../model_info.ts'
import type { AttributeRecord } from './attribute_record.ts'
import type { ModelClass } from './model_record.ts'
import { readVirtual, writeVirtual } from './virtual_attributes.ts'
import { EXTRA, type Extra, FLAGS, Flag, newExtra, ORIGINAL, VALUES } from './record_state.ts'

/** Whether a value is a record. */
export function isRecord(value: unknown): value is AttributeRecord {
  return typeof value === 'object' && value !== null && VALUES in value
}

/** The info of a record's class. */
export function infoOfRecord(record: AttributeRecord): ModelInfo {
  return infoOf(record.constructor as unknown as ModelClass)
}

/** The lazily made state of a record. */
export function extraOf(record: AttributeRecord): Extra {
  return (record[EXTRA] ??= newExtra())
}

/** The value of a column, cast. */
export function readColumn(record: AttributeRecord, column: Column): unknown {
  const values = record[VALUES]
  const value = values[column.position]
  const { deserialize } = column.type
  if (deserialize === undefined || value === null || value === undefined) return value
  if (value instanceof JsonText || value instanceof StoredValue) snapshot(record)
  const cast = deserialize(value)
  if (cast !== value) record[VALUES][column.position] = cast
  return cast
}

/** Casts a value and writes it, remembering what was there. */
export function writeColumn(record: AttributeRecord, column: Column, value: unknown): void {
  if ((record[FLAGS] & Flag.destroyed) !== 0) throw new ReadOnlyRecord({ model: record.constructor.name })
  if ((record[FLAGS] & Flag.isNew) === 0) refuseReadonly(infoOfRecord(record), column.name)
  const cast = column.type.cast(value)
  snapshot(record)
  record[VALUES][column.position] = cast
  if (cast !== value) {
    const extra = extraOf(record)
    extra.beforeCast ??= new Map()
    extra.beforeCast.set(column.name, value)
  } else {
    record[EXTRA]?.beforeCast?.delete(column.name)
  }
}

/** @throws ReadonlyAttribute for one that is written when a record is created, and never again */
export function refuseReadonly({ model, readonlyAttributes }: ModelInfo, attribute: string): void {
  if (readonlyAttributes.size > 0 && readonlyAttributes.has(attribute)) throw new ReadonlyAttribute({ model: model.name, attribute })
}

/** Keeps the values as they are, as what changes are compared with. */
export function snapshot(record: AttributeRecord): void {
  if (record[ORIGINAL] === null) record[ORIGINAL] = record[VALUES].slice()
}

/** The value of an attribute by name: a column, a virtual attribute, a selected expression, or any other property.
 * @throws MissingAttribute when `select()` left the column out
 */
export function readAttribute(record: AttributeRecord, name: string): unknown {
  const column = infoOfRecord(record).schema.byName.get(name)
  if (column !== undefined) {
    const value = readColumn(record, column)
    if (value === undefined) throw new MissingAttribute({ model: record.constructor.name, attribute: name })
    return value
  }
  const virtual = infoOfRecord(record).virtual.get(name)
  if (virtual !== undefined) return readVirtual(record, name, virtual)
  const attributes = record[EXTRA]?.attributes
  if (attributes?.has(name)) return attributes.get(name)
  return Reflect.get(record, name)
}

/** What a record stands for where a value belongs: its key. */
export function keyOfRecord(record: AttributeRecord): unknown {
  return readAttribute(record, infoOfRecord(record).schema.key?.name ?? 'id')
}

/** Writes an attribute by name, past a setter that the class may have for it.
 * @throws UnknownAttribute with a suggestion
 */
export function writeAttribute(record: AttributeRecord, name: string, value: unknown): void {
  const info = infoOfRecord(record)
  const column = info.schema.byName.get(name)
  if (column !== undefined) writeColumn(record, column, value)
  else if (info.virtual.has(name)) writeVirtual(record, name, value)
  else throw unknownAttribute(info, name)
}

/** The error of a name that can't be assigned. */
export function unknownAttribute(info: ModelInfo, attribute: string): UnknownAttribute {
  const candidates = [...info.schema.byName.keys(), ...info.reflections.keys(), ...info.virtual.keys()]
  return new UnknownAttribute({ model: info.model.name, attribute, suggestion: didYouMean(attribute, candidates) })
}

/** Defines the accessors of the columns on a prototype; an accessor of the same name that a subclass has calls them with `super`. */
export function defineAttributes(prototype: object, columns: readonly Column[]): void {
  for (const column of columns) {
    Object.defineProperty(prototype, column.name, {
      configurable: true,
      enumerable: true,
      get: column.type.deserialize === undefined ? plainGetter(column) : castingGetter(column),
      set(this: AttributeRecord, value: unknown) {
        writeColumn(this, column, value)
      },
    })
  }
}

function plainGetter({ position, name }: Column): (this: AttributeRecord) => unknown {
  return function () {
    const value = this[VALUES][position]
    if (value === undefined) return readMissing(this, name)
    return value
  }
}

function castingGetter(column: Column): (this: AttributeRecord) => unknown {
  return function () {
    const value = readColumn(this, column)
    return value === undefined ? readMissing(this, column.name) : value
  }
}

/** The prototype of a class has no values: reading it there, as debuggers do, is no error. */
function readMissing(record: AttributeRecord, name: string): undefined {
  if (!Object.hasOwn(record, VALUES)) return undefined
  throw new MissingAttribute({ model: record.constructor.name, attribute: name })
}
