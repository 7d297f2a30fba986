import type { AssociationOptions } from '../associations/declaration.ts'
import { parseJson } from '../attributes/attribute_type.ts'
import { type CustomType, serializedType, type TypeName } from '../attributes/custom_type.ts'
import { declare, declarationsOf } from '../declarations.ts'
import { InvalidArgument } from '../errors.ts'
import type { AttributeRecord } from './attribute_record.ts'
import { defineDelegatedType } from './delegated_type.ts'
import type { ModelClass } from './model_record.ts'
import { QueryStatics } from './query_statics.ts'

/** Options of `attribute`. */
export interface AttributeOptions {
  /** What a new record starts with; a function is called for each. */
  readonly default?: unknown
}

/** Turns a serialized value into text, and back. */
export interface Coder {
  dump(value: unknown): string
  load(text: string): unknown
}

/** Options of `serialize`. */
export interface SerializeOptions {
  readonly coder?: Coder
  readonly type?: ArrayConstructor | ObjectConstructor
}

/** What store accessors are called beside the names of their keys. */
export interface StoreAccessorOptions {
  /** True puts the attribute's name before: `settings_color`. */
  readonly prefix?: boolean | string
  readonly suffix?: boolean | string
}

/** Options of `store`. */
export interface StoreOptions extends StoreAccessorOptions {
  readonly accessors?: readonly string[]
  readonly coder?: Coder
}

/** The macros that say what attributes are: their types, other names, and what is kept inside of them. */
export class AttributeMacros extends QueryStatics {
  /** Declares an attribute without a column, or another type or default for a column.
   * @param type a type by name, or an object with `cast`, `serialize` and `deserialize`
   * @example this.attribute('terms_accepted', 'boolean', { default: false })
   * @example this.attribute('price', moneyType)
   */
  static attribute(name: string, ...rest: readonly (TypeName | CustomType | AttributeOptions)[]): void {
    const type = rest.find((each): each is TypeName | CustomType => typeof each === 'string' || 'cast' in each)
    const options = (rest.find((each) => typeof each === 'object' && !('cast' in each)) ?? {}) as AttributeOptions
    declare(this as unknown as ModelClass).virtual.push({ name, type, initial: options.default })
  }

  /** Keeps any value of an attribute in a text column, as JSON unless a coder says otherwise.
   * @param options.type what values are, `Array` or `Object`: null in the column is read as an empty one, which is written as null
   * @throws InvalidArgument when another value is assigned than one of the type
   */
  static serialize(name: string, { coder = JSON_CODER, type }: SerializeOptions = {}): void {
    this.attribute(name, serializedType(name, coder.dump.bind(coder), coder.load.bind(coder), type))
  }

  /** Keeps an object in a text column, with accessors for its keys.
   * @example this.store('settings', { accessors: ['color', 'homepage'] })
   */
  static store(name: string, { accessors = [], coder, ...affixes }: StoreOptions = {}): void {
    this.serialize(name, coder === undefined ? { type: Object } : { coder, type: Object })
    if (accessors.length > 0) this.storeAccessor(name, ...accessors, affixes)
  }

  /** Accessors for keys of an object that a JSON column or a store holds. Writing one marks the attribute as changed.
   * @example this.storeAccessor('settings', 'color', 'homepage', { prefix: true })
   */
  static storeAccessor(name: string, ...args: readonly (string | StoreAccessorOptions)[]): void {
    const { prefix, suffix } = (args.find((arg) => typeof arg === 'object') ?? {}) as StoreAccessorOptions
    const before = affix(prefix, name)
    const after = affix(suffix, name)
    for (const key of args.filter((arg) => typeof arg === 'string')) {
      const accessor = [before, key, after].filter((part) => part !== '').join('_')
      declare(this as unknown as ModelClass).stored.push({ accessor, attribute: name, key })
      Object.defineProperty(this.prototype, accessor, {
        configurable: true,
        get(this: AttributeRecord) {
          const kept = keptObject(this, name)
          return kept !== undefined && Object.hasOwn(kept, key) ? kept[key] : null
        },
        set(this: AttributeRecord, value: unknown) {
          this.writeAttribute(name, { ...keptObject(this, name), [key]: value })
        },
      })
    }
  }

  /** Another name of an attribute, in records, conditions and orders.
   * @example this.aliasAttribute('heading', 'title')
   */
  static aliasAttribute(alias: string, name: string): void {
    declare(this as unknown as ModelClass).aliases.push({ alias, name })
    Object.defineProperty(this.prototype, alias, {
      configurable: true,
      get(this: AttributeRecord) {
        return Reflect.get(this, name)
      },
      set(this: AttributeRecord, value: unknown) {
        Reflect.set(this, name, value)
      },
    })
  }

  /** The other names of attributes: alias → name. */
  static get attributeAliases(): Record<string, string> {
    return Object.fromEntries(
      declarationsOf(this as unknown as ModelClass).flatMap(({ aliases }) => aliases.map(({ alias, name }) => [alias, name])),
    )
  }

  /** The keys with accessors by the attribute that holds them. */
  static get storedAttributes(): Record<string, string[]> {
    const places = declarationsOf(this as unknown as ModelClass).flatMap(({ stored }) => stored)
    const names = [...new Set(places.map(({ attribute }) => attribute))]
    return Object.fromEntries(names.map((name) => [name, places.filter(({ attribute }) => attribute === name).map(({ key }) => key)]))
  }

  /** A value in the form that an attribute's normalization gives it.
   * @example User.normalizeValueFor('email', ' Ann@Example.com')
   */
  static normalizeValueFor(name: string, value: unknown): unknown {
    const model = this as unknown as ModelClass
    const record = new model({ [name]: value })
    return record.readAttribute(name)
  }

  /** A polymorphic belongsTo whose class says what kind the record is: `entryableClass()`, `entryableName()`, `buildEntryable(attributes)` and
   * `Entry.entryableTypes()`; and for each type `isMessage()`, `message`, `messageId`, and the scope `messages()`.
   * @param options those of a belongsTo; after `primaryKey`, the key of a type is called `messageUuid`
   * @throws InvalidArgument without types
   * @example this.delegatedType('entryable', { types: ['Message', 'Comment'], dependent: 'destroy' })
   */
  static delegatedType(role: string, { types, ...options }: { readonly types: readonly string[] } & AssociationOptions): void {
    const model = this as unknown as ModelClass
    if (types.length === 0) throw new InvalidArgument({ reason: `delegatedType('${role}') needs types.` })
    model.belongsTo(role, { ...options, polymorphic: true })
    const { primaryKey = 'id' } = options
    defineDelegatedType(model, role, types, [primaryKey].flat().join('_'))
  }
}

const JSON_CODER: Coder = { dump: (value) => JSON.stringify(value), load: parseJson }

function affix(given: boolean | string | undefined, name: string): string {
  return given === true ? name : given || ''
}

function keptObject(record: AttributeRecord, name: string): Record<string, unknown> | undefined {
  const kept = record.readAttribute(name)
  return typeof kept === 'object' && kept !== null ? (kept as Record<string, unknown>) : undefined
}
