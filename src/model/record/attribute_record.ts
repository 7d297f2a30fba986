import { inspect, isDeepStrictEqual } from 'node:util'
import { fromOutside, isBlank, isObjectLiteral } from '../../values/index.ts'
import { currentFilter } from '../../logging/index.ts'
import type { LoadedAssociations } from '../associations/loaded_associations.ts'
import { ForbiddenAttributes, InvalidArgument, MissingModelMethod } from '../errors.ts'
import { infoOf } from '../model_info.ts'
import { assignMultiparameters } from './multiparameter.ts'
import { infoOfRecord, isRecord, readAttribute, readColumn, unknownAttribute, writeAttribute } from './attribute_access.ts'
import { readVirtual } from './virtual_attributes.ts'
import { recordOfValues, takePendingRow } from './hydration.ts'
import type { ModelClass, ModelRecord } from './model_record.ts'
import { ASSOCIATIONS, EXTRA, type Extra, FLAGS, Flag, ORIGINAL, VALUES } from './record_state.ts'

const permitted = Symbol.for('regauge.permitted')

/** The attributes of a record: values by column position. Its fields are written in one order by the constructor alone, so that all records look alike. */
export class AttributeRecord {
  declare [VALUES]: unknown[]
  declare [ORIGINAL]: unknown[] | null
  declare [FLAGS]: number
  declare [EXTRA]: Extra | null
  declare [ASSOCIATIONS]: LoadedAssociations | null
  /** False, and saving this record leaves its timestamps; undefined for what the class says. */
  declare recordTimestamps: boolean | undefined

  /** A new record, or, when a row is pending, the record of that row. Of the class that the type column names, where it names one below.
   * @throws SubclassNotFound for a type that is no class below
   */
  constructor(attributes?: object) {
    const row = takePendingRow()
    this[EXTRA] = null
    this[ASSOCIATIONS] = null
    this[ORIGINAL] = null
    if (row !== undefined) {
      this[VALUES] = row
      this[FLAGS] = 0
      return
    }
    const info = infoOf(new.target as unknown as ModelClass)
    if (attributes !== undefined && attributes !== null && info.inheritance !== undefined) {
      const named = info.classFor(plainAttributes(info.model.name, attributes))
      // biome-ignore lint/correctness/noConstructorReturn: as in Rails, the record that the type names is made, and stands in for this one
      if ((named as unknown) !== info.model) return new named(attributes) as never
    }
    this[VALUES] = info.initialValues()
    this[ORIGINAL] = info.initialOriginals(this[VALUES])
    this[FLAGS] = Flag.isNew | info.initialFlags
    if (attributes !== undefined && attributes !== null) this.assign(attributes)
    if (info.callbacks.hasLoadCallbacks) info.callbacks.afterInitialize(this as unknown as ModelRecord)
  }

  /** Sets several attributes through their setters.
   * @throws ForbiddenAttributes for parameters that weren't permitted
   * @throws UnknownAttribute with a suggestion
   * @throws MultiparameterAssignmentErrors for parts of days and times, `published_at(1i)`, that make none
   */
  assign(attributes: object): this {
    if (typeof attributes !== 'object' || attributes === null)
      throw new InvalidArgument({
        reason: `Attributes of ${this.constructor.name} are assigned with an object, not with ${String(attributes)}.`,
      })
    const plain = plainAttributes(this.constructor.name, attributes)
    const info = infoOfRecord(this)
    const set = (name: string, value: unknown): void => {
      if (!info.isAssignable(name) && !Object.hasOwn(this, name)) throw unknownAttribute(info, name)
      Reflect.set(this, name, value)
    }
    let parts: Map<string, unknown> | undefined
    for (const name of Object.keys(plain)) {
      if (name.endsWith(')')) parts = (parts ?? new Map<string, unknown>()).set(name, plain[name])
      else set(name, plain[name])
    }
    if (parts !== undefined) assignMultiparameters(parts, set)
    return this
  }

  /** Rails' name of {@link assign}. */
  assignAttributes(attributes: object): this {
    return this.assign(attributes)
  }

  /** The value of an attribute, past an accessor that the class may have for it. */
  readAttribute(name: string): unknown {
    return readAttribute(this, name)
  }

  /** Writes an attribute, past an accessor that the class may have for it. */
  writeAttribute(name: string, value: unknown): void {
    writeAttribute(this, name, value)
  }

  /** What was assigned before it was cast. */
  attributeBeforeTypeCast(given: string): unknown {
    const column = infoOfRecord(this).schema.byName.get(given)
    const name = column?.name ?? given
    const raw = this[EXTRA]?.beforeCast
    if (raw?.has(name)) return raw.get(name)
    const value = readAttribute(this, name)
    return column?.enumeration === undefined ? value : column.type.serialize(value)
  }

  /** What was assigned to the attributes before it was cast. */
  get attributesBeforeTypeCast(): Record<string, unknown> {
    return eachColumn(this, (name) => this.attributeBeforeTypeCast(name))
  }

  /** Whether an attribute was assigned, rather than read from the database or made with the record. */
  attributeCameFromUser(name: string): boolean {
    const { schema } = infoOfRecord(this)
    const column = schema.byName.get(name)
    if (column === undefined || this[ORIGINAL] === null) return this[EXTRA]?.virtualBefore?.has(name) ?? false
    return this[EXTRA]?.beforeCast?.has(column.name) || this[ORIGINAL][column.position] !== this[VALUES][column.position]
  }

  /** Brings an attribute into the form that its normalization gives: the value of a row from before there was one. */
  normalizeAttribute(name: string): void {
    this.writeAttribute(name, this.readAttribute(name))
  }

  /** What the database is given for an attribute. */
  attributeForDatabase(name: string): unknown {
    const column = infoOfRecord(this).schema.byName.get(name)
    const value = readAttribute(this, name)
    return column === undefined ? value : column.type.serialize(value)
  }

  /** What the database is given for the attributes. */
  get attributesForDatabase(): Record<string, unknown> {
    return eachColumn(this, (name) => this.attributeForDatabase(name))
  }

  /** An attribute as {@link inspect} shows it: long texts are cut, and what logs filter is. */
  attributeForInspect(name: string): string {
    const value = readAttribute(this, name)
    if (isHidden(this, name, value)) return '[FILTERED]'
    return inspect(typeof value === 'string' && value.length > 50 ? `${value.slice(0, 50)}...` : value)
  }

  /** All attributes as a plain object. Assigning an object sets those that it has. */
  get attributes(): Record<string, unknown> {
    const attributes: Record<string, unknown> = {}
    const { schema, virtual } = infoOfRecord(this)
    for (const column of schema.columns) {
      const value = readColumn(this, column)
      if (value !== undefined) attributes[column.name] = value
    }
    for (const [name, value] of this[EXTRA]?.attributes ?? []) if (!virtual.has(name)) attributes[name] = value
    for (const [name, attribute] of virtual) if (!attribute.isAccessor) attributes[name] = readVirtual(this, name, attribute)
    return attributes
  }

  set attributes(attributes: object) {
    this.assign(attributes)
  }

  get attributeNames(): string[] {
    return Object.keys(this.attributes)
  }

  /** Whether the record was loaded with, or has, such an attribute. */
  hasAttribute(name: string): boolean {
    const { schema, virtual } = infoOfRecord(this)
    const column = schema.byName.get(name)
    if (column !== undefined) return this[VALUES][column.position] !== undefined
    return virtual.get(name)?.isAccessor === false || (this[EXTRA]?.attributes?.has(name) ?? false)
  }

  /** Whether an attribute says yes: it is neither null nor false nor zero nor blank, as Rails' `title?` asks. */
  queryAttribute(name: string): boolean {
    const value = this.readAttribute(name)
    if (typeof value === 'number' || typeof value === 'bigint') return Number(value) !== 0
    if (typeof value === 'object' && value !== null && 'toFixed' in value) return Number(value) !== 0
    return !isBlank(value)
  }

  /** Whether an attribute has a value that isn't blank. */
  attributePresent(name: string): boolean {
    const value = this.hasAttribute(name) ? this.readAttribute(name) : null
    return (
      value !== null && value !== undefined && !(typeof value === 'string' && value === '') && !(Array.isArray(value) && value.length === 0)
    )
  }

  /** The values of some members. */
  valuesAt(...names: readonly (string | readonly string[])[]): unknown[] {
    return Object.values(this.slice(...names))
  }

  /** Some members as a plain object: attributes, getters, and methods without arguments. */
  slice(...names: readonly (string | readonly string[])[]): Record<string, unknown> {
    const members: Record<string, unknown> = {}
    for (const name of names.flat()) {
      if (!(name in this)) throw new MissingModelMethod({ model: this.constructor.name, method: name, used: 'slice()' })
      const value: unknown = Reflect.get(this, name)
      members[name] = typeof value === 'function' ? value.call(this) : value
    }
    return members
  }

  isNewRecord(): boolean {
    return (this[FLAGS] & Flag.isNew) !== 0
  }

  isPersisted(): boolean {
    return (this[FLAGS] & (Flag.isNew | Flag.destroyed)) === 0
  }

  isDestroyed(): boolean {
    return (this[FLAGS] & Flag.destroyed) !== 0
  }

  isPreviouslyNewRecord(): boolean {
    return (this[FLAGS] & Flag.previouslyNew) !== 0
  }

  /** Whether the row was there before the record was destroyed. */
  isPreviouslyPersisted(): boolean {
    return this.isDestroyed() && !this.isNewRecord()
  }

  /** Whether nothing can be assigned any more: it was destroyed. */
  isFrozen(): boolean {
    return this.isDestroyed()
  }

  isReadonly(): boolean {
    return (this[FLAGS] & Flag.readonly) !== 0
  }

  isStrictLoading(): boolean {
    return (this[FLAGS] & Flag.strictLoading) !== 0
  }

  /** Makes loading an association later an error.
   * @param strict false allows it again; `{ mode: 'n_plus_one_only' }` lets the associations of this record load, and makes it an error for the records of its collections
   */
  strictLoading(strict: boolean | { mode?: 'all' | 'n_plus_one_only' } = true): this {
    const mode = typeof strict === 'object' ? (strict.mode ?? 'all') : 'all'
    this[FLAGS] &= ~(Flag.strictLoading | Flag.strictLoadingOfMany)
    if (strict !== false) this[FLAGS] |= mode === 'all' ? Flag.strictLoading : Flag.strictLoadingOfMany
    return this
  }

  /** Makes saving this object an error. */
  readonly(): this {
    this[FLAGS] |= Flag.readonly
    return this
  }

  /** Whether the other is the same row of the same model. */
  equals(other: unknown): boolean {
    if (this === other) return true
    if (!isRecord(other) || other.constructor !== this.constructor) return false
    const key = this.toKey()
    return key !== null && isDeepStrictEqual(key, other.toKey())
  }

  /** The key as it is written in URLs, parts of a composite one joined by `_`; null without one. */
  toParam(): string | null {
    return this.toKey()?.map(String).join('_') ?? null
  }

  toKey(): unknown[] | null {
    const values = infoOfRecord(this).schema.primaryKey.map((key) => readColumn(this, key))
    return values.some((value) => value === null || value === undefined) ? null : values
  }

  /** A new record with the same attributes, without its key, timestamps and lock version. As in Rails, `afterInitialize` sees these attributes,
   * and a record that isn't new when this one isn't. */
  dup(): this {
    const info = infoOfRecord(this)
    const { schema, virtual, callbacks } = info
    const copy = recordOfValues(info, info.initialValues()) as unknown as this
    copy[ORIGINAL] = info.initialOriginals(copy[VALUES])
    copy[FLAGS] = Flag.isNew | info.initialFlags
    const own = new Set([...schema.primaryKey, ...schema.createdColumns, ...schema.updatedColumns, schema.lockVersion])
    for (const column of schema.columns) {
      const value = own.has(column) ? undefined : readColumn(this, column)
      if (value !== undefined) copy.writeAttribute(column.name, copyOf(value))
    }
    for (const [name, attribute] of virtual)
      if (!attribute.isAccessor && this[EXTRA]?.attributes?.has(name)) copy.writeAttribute(name, copyOf(readVirtual(this, name, attribute)))
    if (callbacks.hasLoadCallbacks) {
      if (!this.isNewRecord()) copy[FLAGS] &= ~Flag.isNew
      callbacks.afterInitialize(copy as unknown as ModelRecord)
      copy[FLAGS] |= Flag.isNew
    }
    return copy
  }

  [inspect.custom](): string {
    if (!Object.hasOwn(this, VALUES)) return `${this.constructor.name}.prototype`
    const shown = Object.entries(this.attributes).map(
      ([name, value]) => `${name}: ${isHidden(this, name, value) ? '[FILTERED]' : inspect(value)}`,
    )
    return `#<${this.constructor.name} ${shown.join(', ')}>`
  }
}

/** Whether nobody may see the value of an attribute in logs. */
function isHidden(record: AttributeRecord, name: string, value: unknown): boolean {
  return infoOfRecord(record).filteredAttributes.has(name) || (value !== null && currentFilter()({ [name]: '' })[name] !== '')
}

/** What is asked of each attribute that the record was loaded with. */
function eachColumn(record: AttributeRecord, read: (name: string) => unknown): Record<string, unknown> {
  return Object.fromEntries(record.attributeNames.map((name) => [name, read(name)]))
}

/** A value of its own for another record. */
function copyOf(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(copyOf)
  return isObjectLiteral(value) ? fromOutside(structuredClone(value)) : value
}

/** Parameters as the plain object they hold; everything else as it is.
 * @throws ForbiddenAttributes for parameters that weren't permitted
 */
export function plainAttributes(model: string, attributes: object): Record<string, unknown> {
  const marker: unknown = Reflect.get(attributes, permitted)
  if (marker === false) throw new ForbiddenAttributes({ model })
  const convert: unknown = marker === true ? Reflect.get(attributes, 'toHash') : undefined
  return (typeof convert === 'function' ? convert.call(attributes) : attributes) as Record<string, unknown>
}
