import { camelize, pluralize, underscore, upcaseFirst } from '../../naming/index.ts'
import type { Reflection } from '../associations/reflection.ts'
import { InvalidArgument } from '../errors.ts'
import { infoOf, type ModelInfo } from '../model_info.ts'
import { infoOfRecord, readAttribute } from './attribute_access.ts'
import type { ModelClass, ModelRecord } from './model_record.ts'

/** Defines what a class and its records have for a belongsTo whose class says what kind a record is. */
export function defineDelegatedType(model: ModelClass, role: string, types: readonly string[], primaryKey: string): void {
  const name = camelize(role, 'lower')
  define(model, `${name}Types`, () => [...types])
  define(model.prototype, `${name}Class`, function (this: ModelRecord) {
    return classOf(this, role)
  })
  define(model.prototype, `${name}Name`, function (this: ModelRecord) {
    return underscore(classOf(this, role).polymorphicName).replaceAll('/', '_')
  })
  define(model.prototype, `build${upcaseFirst(name)}`, function (this: ModelRecord, attributes: object = {}) {
    const record = new (classOf(this, role))(attributes)
    Reflect.set(this, role, record)
    return record
  })
  for (const type of types) defineType(model, role, type, primaryKey)
}

function defineType(model: ModelClass, role: string, type: string, primaryKey: string): void {
  const singular = underscore(type).replaceAll('/', '_')
  const name = camelize(singular, 'lower')
  const isOfType = (record: ModelRecord): boolean => readAttribute(record, typeColumn(infoOfRecord(record), role)) === type
  define(model.prototype, `is${upcaseFirst(name)}`, function (this: ModelRecord) {
    return isOfType(this)
  })
  defineGetter(model.prototype, name, (record) => (isOfType(record) ? Reflect.get(record, role) : null))
  defineGetter(model.prototype, camelize(`${singular}_${primaryKey}`, 'lower'), (record) =>
    isOfType(record) ? readAttribute(record, infoOfRecord(record).reflection(role).ownerKey) : null,
  )
  define(model, pluralize(name), function (this: Scoped) {
    return this.where({ [typeColumn(this.info ?? infoOf(this as unknown as ModelClass), role)]: type })
  })
}

/** A class, or a relation of one. */
interface Scoped {
  readonly info?: ModelInfo
  where(condition: object): unknown
}

function typeColumn(info: ModelInfo, role: string): string {
  return info.reflection(role).typeColumn!
}

/** @throws InvalidArgument for a record without a type */
function classOf(record: ModelRecord, role: string): ModelClass {
  const reflection: Reflection | undefined = infoOfRecord(record).reflection(role).of(record)
  if (reflection !== undefined) return reflection.target
  const column = typeColumn(infoOfRecord(record), role)
  throw new InvalidArgument({ reason: `${column} of this ${record.constructor.name} is empty, so that '${role}' has no class.` })
}

function define(target: object, name: string, value: (this: never, ...args: never[]) => unknown): void {
  Object.defineProperty(target, name, { configurable: true, writable: true, value })
}

function defineGetter(prototype: object, name: string, read: (record: ModelRecord) => unknown): void {
  Object.defineProperty(prototype, name, {
    configurable: true,
    get(this: ModelRecord) {
      return read(this)
    },
  })
}
