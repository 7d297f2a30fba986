import { didYouMean } from '../naming/index.ts'
import type { NestedOptions } from './associations/declaration.ts'
import type { Column } from './attributes/column.ts'
import { counterOf } from './associations/counter_cache.ts'
import type { Reflection } from './associations/reflection.ts'
import { reflectionsOf } from './associations/reflections.ts'
import { leadsThroughCollection, throughCollection } from './associations/through_collection.ts'
import { type Binding, bindingOf, epoch, findModel, isAbstract, registerModels, subclassesOf } from './binding.ts'
import { ModelCallbacks } from './callbacks/model_callbacks.ts'
import { type Declarations, declarationsOf, type StoredKey } from './declarations.ts'
import { AbstractModelUsed, NoDatabase, SubclassNotFound, UnknownAssociation, UnknownModel } from './errors.ts'
import { baseOf, enumsOf, mainClassOf } from './model_factory.ts'
import { columnOverrides, defineEnumMembers } from './attributes/overrides.ts'
import { defineMembers, defineNestedWriters, settersOf } from './members.ts'
import { asStored } from './record/changes.ts'
import type { ModelClass, ModelRecord } from './record/model_record.ts'
import { Flag } from './record/record_state.ts'
import { type VirtualAttribute, virtualAttributes } from './record/virtual_attributes.ts'
import type { Clauses } from './relation/clauses.ts'
import { everything } from './relation/clauses.ts'
import type { Relation } from './relation/relation.ts'
import { collectionClassOf, relationClassOf } from './relation/relation_classes.ts'
import { ModelSchema } from './schema.ts'
import { compare } from './sql/comparison.ts'
import { selectQuery } from './sql/select.ts'
import { compileValidations, type Validation } from './validations/compile.ts'

/** Everything that was computed about a class from its declarations and the schema: made once, asked by every query and every save. */
export class ModelInfo {
  readonly model: ModelClass
  readonly epoch: number
  readonly schema: ModelSchema
  readonly reflections: ReadonlyMap<string, Reflection>
  /** The attributes without a column. */
  readonly virtual: ReadonlyMap<string, VirtualAttribute>
  /** Keys that are kept inside of attributes, by their accessor. */
  readonly stored: ReadonlyMap<string, StoredKey>
  readonly securePasswords: Declarations['securePasswords']
  /** Attributes that inspection doesn't show. */
  readonly filteredAttributes: ReadonlySet<string>
  readonly readonlyAttributes: ReadonlySet<string>
  /** How the attributes of associated records are taken. */
  readonly nestedOptions: (association: string) => NestedOptions
  /** The columns whose values are wrapped until they are first read. */
  readonly wrappedColumns: readonly Column[]
  readonly callbacks: ModelCallbacks
  readonly validations: readonly Validation[]
  readonly relationClass: new (
    info: ModelInfo,
    clauses: Clauses,
  ) => Relation
  readonly collectionClass: new (
    ...args: never[]
  ) => Relation
  /** The flags that records start with: those of strict loading, where the class has `static strictLoadingByDefault = true`. */
  readonly initialFlags: number
  /** True for a class below the application's class of the model: it shares its table. */
  readonly isSubclass: boolean
  readonly #template: readonly unknown[]
  readonly #generated: readonly Column[]
  /** Where a new record starts with another value than the schema says, and that value. */
  readonly #defaults: readonly (readonly [number, unknown])[]
  readonly #inheritance: Column | undefined
  readonly #assignable = new Map<string, boolean>()
  #findSql: string | undefined
  #hasSubclasses: boolean | undefined
  #base: Clauses | undefined
  #counters: ReadonlySet<string> | undefined

  constructor(model: ModelClass, base: ModelClass, name: string, binding: Binding) {
    const metadata = binding.models.get(name)
    if (metadata === undefined) throw new UnknownModel({ model: name, suggestion: didYouMean(name, binding.models.keys()) })
    const declarations = declarationsOf(model)
    this.model = model
    this.epoch = epoch
    this.schema = new ModelSchema(
      binding,
      metadata,
      columnOverrides(name, declarations, metadata, binding),
      declarations.flatMap(({ aliases }) => aliases),
      (model as { lockingColumn?: string }).lockingColumn,
      declarations.findLast((each) => each.queryConstraints !== undefined)?.queryConstraints,
    )
    this.reflections = reflectionsOf(this, declarations)
    const nested = new Map(declarations.flatMap((each) => each.nested.map(({ association, options }) => [association, options])))
    this.nestedOptions = (association) => nested.get(association) ?? {}
    this.virtual = virtualAttributes(declarations, (name) => this.schema.byName.has(name))
    this.stored = new Map(declarations.flatMap((each) => each.stored.map((place) => [place.accessor, place])))
    this.securePasswords = declarations.flatMap((each) => each.securePasswords)
    const encrypted = this.schema.columns.filter(({ type }) => type.encryption !== undefined).map(({ name }) => name)
    this.filteredAttributes = new Set([...this.securePasswords.map(({ attribute }) => `${attribute}_digest`), ...encrypted])
    this.readonlyAttributes = new Set(declarations.flatMap((each) => each.readonlyAttributes))
    this.wrappedColumns = this.schema.columns.filter(({ type }) => type.wrap !== undefined)
    this.isSubclass = mainClassOf(model) !== model
    this.initialFlags = (model as { strictLoadingByDefault?: boolean }).strictLoadingByDefault === true ? Flag.strictLoading : 0
    const { inheritanceColumn = 'type' } = model as { inheritanceColumn?: string | null }
    this.#inheritance = inheritanceColumn === null ? undefined : this.schema.byName.get(inheritanceColumn)
    this.#template = this.schema.columns.map(({ type, initial }) => startOf(type, initial === undefined ? null : initial()))
    this.#generated = this.schema.columns.filter(
      ({ field, initial, isGenerated }) =>
        isGenerated === true || (field.default !== undefined && 'function' in field.default && initial !== undefined),
    )
    this.#defaults = this.schema.columns.flatMap(({ position, type, schemaInitial }) =>
      schemaInitial === undefined ? [] : [[position, startOf(type, schemaInitial())] as const],
    )
    defineMembers(this, base)
    defineNestedWriters(this, base, [...nested.keys()])
    defineEnumMembers(this, declarations, enumsOf(base))
    this.validations = compileValidations(this, declarations)
    this.callbacks = new ModelCallbacks(this, declarations)
    this.relationClass = relationClassOf(model)
    this.collectionClass = collectionClassOf(model, this.relationClass)
  }

  /** What type columns of polymorphic associations call the class: the class that has the table, also for one below it. */
  get polymorphicName(): string {
    return mainClassOf(this.model).polymorphicName
  }

  /** What the type column calls the class. */
  get stiName(): string {
    return this.model.stiName
  }

  /** Whether saving writes the timestamps: yes, unless the class has `static recordTimestamps = false`. */
  get recordsTimestamps(): boolean {
    return (this.model as { recordTimestamps?: boolean }).recordTimestamps !== false
  }

  /** The columns that count the records of associations: saving doesn't write them. */
  get counters(): ReadonlySet<string> {
    this.#counters ??= new Set(
      [...this.reflections.values()].flatMap((reflection) => {
        if (reflection.kind === 'belongsTo' || reflection.through !== undefined) return []
        const { inverse } = reflection
        return inverse === undefined ? [] : (counterOf(inverse) ?? [])
      }),
    )
    return this.#counters
  }

  /** The columns of the readonly attributes. */
  get readonlyColumns(): Column[] {
    return this.schema.columns.filter((column) => this.readonlyAttributes.has(column.name))
  }

  /** The column that says which class below the model a row is of: `type`, or what `static inheritanceColumn` says; null there for none. */
  get inheritance(): Column | undefined {
    return this.#inheritance
  }

  /** @throws UnknownAssociation with a suggestion
   * @throws InvalidArgument for a hasOne through a collection
   */
  reflection(name: string): Reflection {
    const found = this.reflections.get(name)
    if (found === undefined)
      throw new UnknownAssociation({ model: this.model.name, association: name, suggestion: didYouMean(name, this.reflections.keys()) })
    if (leadsThroughCollection(found, this)) throw throughCollection(found, this)
    return found
  }

  /** A relation of the model with these clauses. */
  relation(clauses: Clauses): Relation {
    return new this.relationClass(this, clauses)
  }

  /** The clauses that every query of the model starts with: the default scopes, and the type of a subclass. */
  get baseClauses(): Clauses {
    if (this.#base === undefined) {
      this.#base = this.unscopedClauses
      for (const { defaultScopes } of declarationsOf(this.model)) {
        for (const scope of defaultScopes)
          this.#base = (scope.call(this.relation(this.#base), this.relation(this.#base) as never) as Relation).clauses
      }
    }
    return this.#base
  }

  /** The clauses without default scopes. */
  get unscopedClauses(): Clauses {
    const column = this.#inheritance
    if (!this.isSubclass || column === undefined) return everything
    const names = [this.model, ...subclassesOf(this.model, this.schema.binding)].map((model) => model.stiName)
    return everything.and([compare({ path: '', table: this.schema.table, column }, names.length === 1 ? names[0] : names)])
  }

  /** The text that finds a row by its key; undefined when something beside the key decides. */
  get findSql(): string | undefined {
    if (this.#findSql === undefined) {
      const { key, table } = this.schema
      if (key === undefined || this.baseClauses !== everything) this.#findSql = ''
      else
        this.#findSql = selectQuery(this, everything.with({ wheres: [compare({ path: '', table, column: key }, 0)], limit: 1 }), null).sql
    }
    return this.#findSql === '' ? undefined : this.#findSql
  }

  /** What the values of a new record start as. */
  initialValues(): unknown[] {
    const values = this.#template.slice()
    for (const column of this.#generated) values[column.position] = column.initial!()
    if (this.isSubclass && this.#inheritance !== undefined) values[this.#inheritance.position] = this.stiName
    return values
  }

  /** What those values would be by the schema alone: as in Rails, a default that the class declares, and its name, are changes of a new record.
   * Null where they are the same.
   */
  initialOriginals(values: readonly unknown[]): unknown[] | null {
    const named = this.isSubclass ? this.#inheritance : undefined
    if (this.#defaults.length === 0 && named === undefined) return null
    const originals = values.slice()
    for (const [position, value] of this.#defaults) originals[position] = value
    if (named !== undefined) originals[named.position] = this.#template[named.position]
    return originals
  }

  /** The class of the record of a row: where a type column says so, a subclass. */
  classOfRow(row: readonly unknown[]): new () => ModelRecord {
    const column = this.#inheritance
    const type = column === undefined ? undefined : row[column.position]
    if (typeof type !== 'string' || type === this.stiName) return this.model as never
    const subclass = this.#classNamed(type)
    if (subclass !== undefined && (subclass.prototype as object) instanceof this.model) return subclass as never
    this.#hasSubclasses ??= subclassesOf(this.model, this.schema.binding).length > 0
    // A column that only happens to be called type is a value like others.
    if (this.#hasSubclasses && type !== '' && type !== mainClassOf(this.model).stiName)
      throw new SubclassNotFound({ model: this.model.name, type })
    return this.model as never
  }

  /** The class of a record that is made with some attributes: a subclass where their type says so.
   * @throws SubclassNotFound when the class has subclasses, and none of that name
   */
  classFor(attributes: Readonly<Record<string, unknown>>): new (attributes?: object) => ModelRecord {
    const column = this.#inheritance
    const type = column === undefined ? undefined : attributes[column.name]
    if (typeof type !== 'string' || type === '' || type === this.stiName) return this.model as never
    const subclass = this.#classNamed(type)
    if (subclass !== undefined && (subclass.prototype as object) instanceof this.model) return subclass as never
    this.#hasSubclasses ??= subclassesOf(this.model, this.schema.binding).length > 0
    if (this.isSubclass || this.#hasSubclasses) throw new SubclassNotFound({ model: this.model.name, type })
    return this.model as never
  }

  /** The class that a type names: one of that name, or one below the model that calls itself so. */
  #classNamed(type: string): ModelClass | undefined {
    const found = findModel(type, this.schema.binding)
    if (found !== undefined && found.stiName === type) return found
    return subclassesOf(this.model, this.schema.binding).find((subclass) => subclass.stiName === type) ?? found
  }

  /** Whether `assign` may set a member: an attribute, an association, or a setter of the class. */
  isAssignable(name: string): boolean {
    let known = this.#assignable.get(name)
    if (known === undefined) {
      known = settersOf(this.model, name)
      if (this.#assignable.size < 500) this.#assignable.set(name, known)
    }
    return known
  }
}

/** A value that new records start with, of which each has its own. */
function startOf(type: Column['type'], value: unknown): unknown {
  if (value === null) return type.hasEmpty ? type.wrap!(null) : null
  return asStored(type, value)
}

const infos = new WeakMap<object, ModelInfo>()
const INFO: unique symbol = Symbol('info')

/** The info of a class, made at its first use and again after a declaration or binding changed.
 * @throws NoDatabase before `useDatabase`
 * @throws AbstractModelUsed for a class without a table
 * @throws UnknownModel when the schema has no such model
 */
export function infoOf(model: ModelClass): ModelInfo {
  const known = (model as { [INFO]?: ModelInfo })[INFO]
  if (known !== undefined && known.epoch === epoch && known.model === model) return known
  return makeInfo(model)
}

function makeInfo(model: ModelClass): ModelInfo {
  const known = infos.get(model)
  if (known !== undefined && known.epoch === epoch) return known
  const base = baseOf(model)
  const binding = bindingOf(model)
  if (base === undefined || isAbstract(model)) throw new AbstractModelUsed({ model: model.name })
  if (binding === undefined) throw new NoDatabase({ model: model.name })
  if (model.name !== '' && model !== base.base) registerModels(model)
  // The class of the table defines the members that classes below it share.
  const main = mainClassOf(model)
  if (main !== model) infoOf(main)
  const info = new ModelInfo(model, base.base, base.name, binding)
  infos.set(model, info)
  Object.defineProperty(model, INFO, { value: info, configurable: true, writable: true })
  return info
}
