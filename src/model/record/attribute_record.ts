import { inspect } from 'node:util'
import { isBlank } from '../../values/index.ts'
import { currentFilter } from '../../logging/index.ts'
import type { LoadedAssociations } from '../associations/loaded_associations.ts'
import { ForbiddenAttributes } from '../errors.ts'
import { infoOf } from '../model_info.ts'
import { infoOfRecord, isRecord, readAttribute, readColumn, unknownAttribute, writeAttribute } from './attribute_access.ts'
import { takePendingRow } from './hydration.ts'
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

  /** A new record, or, when a row is pending, the record of that row. */
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
    this[VALUES] = info.initialValues()
    this[FLAGS] = Flag.isNew
    for (const [name, { initial }] of info.virtual)
      if (initial !== undefined) writeAttribute(this, name, typeof initial === 'function' ? initial() : initial)
    if (attributes !== undefined && attributes !== null) this.assign(attributes)
    if (info.callbacks.hasLoadCallbacks) info.callbacks.afterInitialize(this as unknown as ModelRecord)
  }

  /** Sets several attributes through their setters.
   * @throws ForbiddenAttributes for parameters that weren't permitted
   * @throws UnknownAttribute with a suggestion
   */
  assign(attributes: object): this {
    const plain = plainAttributes(this.constructor.name, attributes)
    const info = infoOfRecord(this)
    for (const name of Object.keys(plain)) {
      if (!info.isAssignable(name) && !Object.hasOwn(this, name)) throw unknownAttribute(info, name)
      Reflect.set(this, name, plain[name])
    }
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
  attributeBeforeTypeCast(name: string): unknown {
    const raw = this[EXTRA]?.beforeCast
    if (raw?.has(name)) return raw.get(name)
    const value = readAttribute(this, name)
    const column = infoOfRecord(this).schema.byName.get(name)
    return column?.enumeration === undefined ? value : column.type.serialize(value)
  }

  /** All attributes as a plain object. */
  get attributes(): Record<string, unknown> {
    const attributes: Record<string, unknown> = {}
    for (const column of infoOfRecord(this).schema.columns) {
      const value = readColumn(this, column)
      if (value !== undefined) attributes[column.name] = value
    }
    for (const [name, value] of this[EXTRA]?.attributes ?? []) attributes[name] = value
    return attributes
  }

  get attributeNames(): string[] {
    return Object.keys(this.attributes)
  }

  /** Whether the record was loaded with, or has, such an attribute. */
  hasAttribute(name: string): boolean {
    const column = infoOfRecord(this).schema.byName.get(name)
    return column === undefined ? (this[EXTRA]?.attributes?.has(name) ?? false) : this[VALUES][column.position] !== undefined
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
    if (!isRecord(other) || other.constructor !== this.constructor || this.isNewRecord()) return false
    return infoOfRecord(this).schema.primaryKey.every((key) => readColumn(this, key) === readColumn(other, key))
  }

  /** The key as it is written in URLs; null for a new record. */
  toParam(): string | null {
    const { key } = infoOfRecord(this).schema
    const value = key === undefined ? null : readColumn(this, key)
    return value === null || value === undefined || this.isNewRecord() ? null : String(value)
  }

  toKey(): unknown[] | null {
    const values = infoOfRecord(this).schema.primaryKey.map((key) => readColumn(this, key))
    return values.some((value) => value === null || value === undefined) ? null : values
  }

  /** A new record with the same attributes, without its key and timestamps. */
  dup(): this {
    const copy = new (this.constructor as unknown as new () => this)()
    const { schema } = infoOfRecord(this)
    for (const column of schema.columns) {
      if (schema.primaryKey.includes(column) || column === schema.createdAt || column === schema.updatedAt) continue
      const value = readColumn(this, column)
      if (value !== undefined) copy.writeAttribute(column.name, value)
    }
    return copy
  }

  [inspect.custom](): string {
    if (!Object.hasOwn(this, VALUES)) return `${this.constructor.name}.prototype`
    const hidden = infoOfRecord(this).filteredAttributes
    const filter = currentFilter()
    const isHidden = (name: string, value: unknown) => hidden.has(name) || (value !== null && filter({ [name]: '' })[name] !== '')
    const shown = Object.entries(this.attributes).map(
      ([name, value]) => `${name}: ${isHidden(name, value) ? '[FILTERED]' : inspect(value)}`,
    )
    return `#<${this.constructor.name} ${shown.join(', ')}>`
  }
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
