import { camelize, didYouMean, foreignKey, singularize, upcaseFirst } from '../../naming/index.ts'
import { findModel } from '../binding.ts'
import { InvalidArgument, PolymorphicAssociation, UnknownAssociation, UnknownColumn, UnknownModel } from '../errors.ts'
import type { FieldMetadata } from '../metadata.ts'
import type { ModelInfo } from '../model_info.ts'
import { baseModel } from '../model_factory.ts'
import { infoOf } from '../model_info.ts'
import { readAttribute } from '../record/attribute_access.ts'
import type { AttributeRecord } from '../record/attribute_record.ts'
import type { ModelClass } from '../record/model_record.ts'
import type { AssociationDeclaration, AssociationKind, AssociationOptions } from './declaration.ts'

/** One association of a model, with what was declared, what the schema says and what follows from the names. */
export class Reflection {
  readonly kind: AssociationKind
  readonly name: string
  readonly options: AssociationOptions
  readonly sequence: number
  readonly info: ModelInfo
  /** Whether a macro declared it; the others come from the schema alone. */
  readonly isDeclared: boolean
  /** The class that this association of a polymorphic one was narrowed to. */
  readonly narrowedTo: string | undefined
  readonly #field: FieldMetadata | undefined
  readonly #narrowed = new Map<string, Reflection>()
  #target: ModelClass | undefined
  #keys: Keys | undefined
  #inverse: Reflection | null | undefined

  constructor(
    info: ModelInfo,
    declaration: AssociationDeclaration,
    field: FieldMetadata | undefined,
    isDeclared: boolean,
    narrowedTo?: string,
  ) {
    this.info = info
    this.kind = declaration.kind
    this.name = declaration.name
    this.options = declaration.options
    this.sequence = declaration.sequence
    this.isDeclared = isDeclared
    this.narrowedTo = narrowedTo
    this.#field = field
  }

  get isCollection(): boolean {
    return this.kind === 'hasMany'
  }

  /** Whether it leads to records of several models. */
  get isPolymorphic(): boolean {
    return this.options.polymorphic === true && this.narrowedTo === undefined
  }

  /** The column of the class's name beside the key: the owner's for a polymorphic belongsTo, the target's for an association with `as`. */
  get typeColumn(): string | undefined {
    const { polymorphic, as, foreignType } = this.options
    if (polymorphic === true) return foreignType ?? firstColumn(this.info, namesOf(this.name, 'type'))
    return as === undefined ? undefined : (foreignType ?? firstColumn(infoOf(this.target), namesOf(as, 'type')))
  }

  /** A polymorphic association as the one to records of a class. */
  towards(className: string): Reflection {
    let narrowed = this.#narrowed.get(className)
    if (narrowed === undefined) {
      narrowed = new Reflection(this.info, this, this.#field, this.isDeclared, className)
      this.#narrowed.set(className, narrowed)
    }
    return narrowed
  }

  /** The association as a record has it: for a polymorphic one, narrowed to the class that its type column names; undefined without one. */
  of(record: AttributeRecord): Reflection | undefined {
    if (!this.isPolymorphic) return this
    const name: unknown = readAttribute(record, this.typeColumn!)
    return typeof name === 'string' && name !== '' ? this.towards(name) : undefined
  }

  get className(): string {
    if (this.narrowedTo !== undefined) return this.narrowedTo
    if (this.options.className !== undefined) return this.options.className
    if (this.options.through !== undefined) return this.source.className
    return this.#field?.type ?? upcaseFirst(camelize(this.isCollection ? singularize(this.name) : this.name))
  }

  /** The associated class.
   * @throws UnknownModel when neither a class nor the schema has the name
   */
  get target(): ModelClass {
    if (this.#target !== undefined) return this.#target
    if (this.isPolymorphic) throw new PolymorphicAssociation({ model: this.info.model.name, association: this.name })
    const { binding } = this.info.schema
    const found = findModel(this.className, binding)
    if (found === undefined && !binding.models.has(this.className)) {
      throw new UnknownModel({ model: this.className, suggestion: didYouMean(this.className, binding.models.keys()) })
    }
    this.#target = found ?? baseModel(this.className, binding)
    return this.#target
  }

  /** The attribute of the owner that the association starts from.
   * @throws InvalidArgument for a key of several columns
   */
  get ownerKey(): string {
    return this.#only(this.#resolveKeys().owner)
  }

  /** The attribute of the associated record that it leads to.
   * @throws InvalidArgument for a key of several columns
   */
  get targetKey(): string {
    return this.#only(this.#resolveKeys().target)
  }

  /** The attributes of the owner that the association starts from: several for a key of several columns. */
  get ownerKeys(): readonly string[] {
    return this.#resolveKeys().owner
  }

  /** The attributes of the associated record that it leads to, in the order of {@link ownerKeys}. */
  get targetKeys(): readonly string[] {
    return this.#resolveKeys().target
  }

  /** The association of the owner that this one goes through. */
  get through(): Reflection | undefined {
    return this.options.through === undefined ? undefined : this.info.reflection(this.options.through)
  }

  /** The association of the class between that leads to the target. */
  get source(): Reflection {
    const between = infoOf(this.through!.target)
    const names = this.options.source === undefined ? [singularize(this.name), this.name] : [this.options.source]
    const candidates = names.flatMap((name) => between.reflections.get(name) ?? [])
    const found = candidates.find(({ isDeclared }) => isDeclared) ?? candidates[0]
    if (found !== undefined) return this.options.sourceType === undefined ? found : found.towards(this.options.sourceType)
    throw new UnknownAssociation({
      model: between.model.name,
      association: names.join("' or '"),
      suggestion: didYouMean(names[0]!, between.reflections.keys()),
    })
  }

  /** Whether the record must be there for the owner to be valid. */
  get isRequired(): boolean {
    if (this.options.required !== undefined) return this.options.required
    return this.kind === 'belongsTo' && this.isDeclared && this.options.optional !== true
  }

  /** The association on the other side that means the same pair of keys. */
  get inverse(): Reflection | undefined {
    if (this.#inverse === undefined) this.#inverse = this.#findInverse() ?? null
    return this.#inverse ?? undefined
  }

  /** Whether its key has several columns. */
  get isComposite(): boolean {
    return this.options.through === undefined && this.#resolveKeys().owner.length > 1
  }

  #findInverse(): Reflection | undefined {
    const { inverseOf, through, as } = this.options
    if (inverseOf === false || through !== undefined || (this.isPolymorphic && inverseOf === undefined)) return undefined
    const { reflections } = infoOf(this.target)
    if (inverseOf !== undefined) return reflections.get(inverseOf)
    if (as !== undefined) return reflections.get(as)
    for (const candidate of reflections.values()) {
      if (candidate.options.through !== undefined || candidate.options.scope !== undefined) continue
      if (candidate.options.polymorphic === true || candidate.options.as !== undefined) continue
      if ((candidate.kind === 'belongsTo') === (this.kind === 'belongsTo')) continue
      if (!isSameList(candidate.ownerKeys, this.targetKeys) || !isSameList(candidate.targetKeys, this.ownerKeys)) continue
      if (candidate.className === this.info.model.name || candidate.className === this.info.schema.name) return candidate
    }
    return undefined
  }

  #relationBack(): FieldMetadata['relation'] {
    const name = this.#field?.relation?.name
    if (name === undefined) return undefined
    const { fields } = infoOf(this.target).schema.metadata
    return fields.find((other) => other.relation?.name === name && other.relation.fields.length > 0)?.relation
  }

  #only(keys: readonly string[]): string {
    const [only] = keys
    if (keys.length === 1) return only!
    const which = `${this.info.model.name}.${this.name}`
    throw new InvalidArgument({
      reason: `${which} has a key of several columns, which can't stand for one here: name [${keys.join(', ')}] instead.`,
    })
  }

  /** @throws InvalidArgument when the keys on both sides don't have as many columns, and for several where a class's name is part of the key */
  #resolveKeys(): Keys {
    if (this.#keys === undefined) {
      const keys = this.kind === 'belongsTo' ? this.#keysOfBelongsTo() : this.#keysOfHas()
      const which = `${this.info.model.name}.${this.name}`
      if (keys.owner.length !== keys.target.length) {
        const columns = `[${keys.owner.join(', ')}] and [${keys.target.join(', ')}]`
        throw new InvalidArgument({
          reason: `${which} needs keys with as many columns on both sides, and has ${columns}: say foreignKey and primaryKey.`,
        })
      }
      if (keys.owner.length > 1 && (this.options.polymorphic === true || this.options.as !== undefined))
        throw new InvalidArgument({ reason: `${which} is polymorphic, so that its key can't have several columns.` })
      this.#keys = keys
    }
    return this.#keys
  }

  #keysOfBelongsTo(): Keys {
    const relation = this.#field?.relation
    const declared = foreignKeyIn(this.options)
    const named = declared ?? relation?.fields ?? [firstColumn(this.info, namesOf(this.name, 'id'))]
    const target = listOf(this.options.primaryKey)
    if (this.isPolymorphic) return { owner: named, target: target ?? ['id'] }
    const owner = (declared ?? target) === undefined ? withConstraint(named, infoOf(this.target), this.info) : named
    const referred = target ?? counterparts(owner, relation?.fields, relation?.references)
    return { owner, target: referred ?? keyOfLength(infoOf(this.target), owner.length) }
  }

  #keysOfHas(): Keys {
    const { as } = this.options
    const back = this.#relationBack()
    const byName = as === undefined ? spellings(foreignKey(this.info.schema.name)) : namesOf(as, 'id')
    const declared = foreignKeyIn(this.options) ?? this.#keyOfInverse()
    const named = declared ?? back?.fields ?? [firstColumn(infoOf(this.target), byName)]
    const isByName = (declared ?? this.options.primaryKey ?? as) === undefined
    const target = isByName ? withConstraint(named, this.info, infoOf(this.target)) : named
    const owner = listOf(this.options.primaryKey) ?? counterparts(target, back?.fields, back?.references)
    return { owner: owner ?? keyOfLength(this.info, target.length), target }
  }

  /** The key of the belongsTo that `inverseOf` names. */
  #keyOfInverse(): readonly string[] | undefined {
    const { inverseOf, as } = this.options
    if (typeof inverseOf !== 'string' || as !== undefined) return undefined
    const inverse = infoOf(this.target).reflections.get(inverseOf)
    return inverse?.kind === 'belongsTo' ? inverse.ownerKeys : undefined
  }
}

/** The attributes of a key on both sides, in the same order. */
interface Keys {
  readonly owner: readonly string[]
  readonly target: readonly string[]
}

function foreignKeyIn({ foreignKey, queryConstraints }: AssociationOptions): readonly string[] | undefined {
  return listOf(foreignKey ?? queryConstraints)
}

function listOf(names: string | readonly string[] | undefined): readonly string[] | undefined {
  return typeof names === 'string' ? [names] : names
}

/** What the columns of a foreign key refer to in the schema's relation; one that is of other columns is taken as it is when it has one. */
function counterparts(
  names: readonly string[],
  fields: readonly string[] | undefined,
  references: readonly string[] | undefined,
): readonly string[] | undefined {
  if (fields === undefined || references === undefined) return undefined
  const found = names.map((name) => references[fields.indexOf(name)])
  if (found.every((name) => name !== undefined)) return found
  return names.length === 1 && references.length === 1 ? references : undefined
}

/** The key of a model, or what its rows are written by where that has as many columns; `id` alone where the key has several and one is meant. */
function keyOfLength({ schema }: ModelInfo, length: number): readonly string[] {
  const names = schema.primaryKey.map(({ name }) => name)
  if (names.length !== length && schema.rowKey.length === length) return schema.rowKey.map(({ name }) => name)
  return length === 1 && names.length !== 1 ? ['id'] : names
}

/** The columns of a foreign key that follows from names, with the one that the `queryConstraints` of the class it refers to have beside its key:
 * `tenant_id` with `post_id`, as Rails' `derive_fk_query_constraints` puts them. Not where the table of the foreign key has no such column.
 */
function withConstraint(names: readonly string[], { schema }: ModelInfo, referring: ModelInfo): readonly string[] {
  const { rowKey, key } = schema
  const [only] = names
  const place = key === undefined ? -1 : rowKey.indexOf(key)
  if (rowKey.length !== 2 || place < 0 || names.length !== 1 || rowKey.some(({ name }) => name === only)) return names
  const beside = rowKey[1 - place]!.name
  if (!referring.schema.byName.has(beside)) return names
  return place === 0 ? [only!, beside] : [beside, only!]
}

function isSameList(one: readonly string[], other: readonly string[]): boolean {
  return one.length === other.length && one.every((name, place) => name === other[place])
}

/** `commentable_id`, or `commentableId` where the schema is written so. */
function namesOf(association: string, suffix: 'id' | 'type'): string[] {
  return spellings(`${association}_${suffix}`)
}

function spellings(name: string): string[] {
  return [name, camelize(name, 'lower')]
}

function firstColumn(info: ModelInfo, names: readonly string[]): string {
  const found = names.find((name) => info.schema.byName.has(name))
  if (found === undefined)
    throw new UnknownColumn({ model: info.model.name, column: names[0]!, suggestion: didYouMean(names[0]!, info.schema.byName.keys()) })
  return found
}
