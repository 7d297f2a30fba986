import { camelize, didYouMean, foreignKey, singularize, upcaseFirst } from '../../naming/index.ts'
import { findModel } from '../binding.ts'
import { UnknownAssociation, UnknownColumn, UnknownModel } from '../errors.ts'
import type { FieldMetadata } from '../metadata.ts'
import type { ModelInfo } from '../model_info.ts'
import { baseModel } from '../model_factory.ts'
import { infoOf } from '../model_info.ts'
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
  readonly #field: FieldMetadata | undefined
  #target: ModelClass | undefined
  #keys: { owner: string; target: string } | undefined
  #inverse: Reflection | null | undefined

  constructor(info: ModelInfo, declaration: AssociationDeclaration, field: FieldMetadata | undefined, isDeclared: boolean) {
    this.info = info
    this.kind = declaration.kind
    this.name = declaration.name
    this.options = declaration.options
    this.sequence = declaration.sequence
    this.isDeclared = isDeclared
    this.#field = field
  }

  get isCollection(): boolean {
    return this.kind === 'hasMany'
  }

  get className(): string {
    if (this.options.className !== undefined) return this.options.className
    if (this.options.through !== undefined) return this.source.className
    return this.#field?.type ?? upcaseFirst(camelize(this.isCollection ? singularize(this.name) : this.name))
  }

  /** The associated class.
   * @throws UnknownModel when neither a class nor the schema has the name
   */
  get target(): ModelClass {
    if (this.#target !== undefined) return this.#target
    const { binding } = this.info.schema
    const found = findModel(this.className, binding)
    if (found === undefined && !binding.models.has(this.className)) {
      throw new UnknownModel({ model: this.className, suggestion: didYouMean(this.className, binding.models.keys()) })
    }
    this.#target = found ?? baseModel(this.className)
    return this.#target
  }

  /** The attribute of the owner that the association starts from. */
  get ownerKey(): string {
    return this.#resolveKeys().owner
  }

  /** The attribute of the associated record that it leads to. */
  get targetKey(): string {
    return this.#resolveKeys().target
  }

  /** The association of the owner that this one goes through. */
  get through(): Reflection | undefined {
    return this.options.through === undefined ? undefined : this.info.reflection(this.options.through)
  }

  /** The association of the class between that leads to the target. */
  get source(): Reflection {
    const between = infoOf(this.through!.target)
    const names = this.options.source === undefined ? [this.name, singularize(this.name)] : [this.options.source]
    for (const name of names) {
      const found = between.reflections.get(name)
      if (found !== undefined) return found
    }
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

  #findInverse(): Reflection | undefined {
    const { inverseOf, through } = this.options
    if (inverseOf === false || through !== undefined) return undefined
    const { reflections } = infoOf(this.target)
    if (inverseOf !== undefined) return reflections.get(inverseOf)
    for (const candidate of reflections.values()) {
      if (candidate.options.through !== undefined || candidate.options.scope !== undefined) continue
      if ((candidate.kind === 'belongsTo') === (this.kind === 'belongsTo')) continue
      if (candidate.ownerKey !== this.targetKey || candidate.targetKey !== this.ownerKey) continue
      if (candidate.className === this.info.model.name || candidate.className === this.info.schema.name) return candidate
    }
    return undefined
  }

  #resolveKeys(): { owner: string; target: string } {
    if (this.#keys === undefined) this.#keys = this.kind === 'belongsTo' ? this.#keysOfBelongsTo() : this.#keysOfHas()
    return this.#keys
  }

  #keysOfBelongsTo(): { owner: string; target: string } {
    const { foreignKey: declared, primaryKey } = this.options
    const relation = this.#field?.relation
    const owner = declared ?? relation?.fields[0] ?? firstColumn(this.info, [`${this.name}_id`, `${this.name}Id`])
    return { owner, target: primaryKey ?? relation?.references[0] ?? infoOf(this.target).schema.key?.name ?? 'id' }
  }

  #keysOfHas(): { owner: string; target: string } {
    const { foreignKey: declared, primaryKey } = this.options
    const target = infoOf(this.target)
    const field = this.#field
    const back =
      field &&
      target.schema.metadata.fields.find(
        (other) => other.relation?.name === field.relation?.name && (other.relation?.fields.length ?? 0) > 0,
      )
    const byName = [foreignKey(this.info.schema.name), camelize(foreignKey(this.info.schema.name), 'lower')]
    return {
      owner: primaryKey ?? back?.relation?.references[0] ?? this.info.schema.key?.name ?? 'id',
      target: declared ?? back?.relation?.fields[0] ?? firstColumn(target, byName),
    }
  }
}

function firstColumn(info: ModelInfo, names: readonly string[]): string {
  const found = names.find((name) => info.schema.byName.has(name))
  if (found === undefined)
    throw new UnknownColumn({ model: info.model.name, column: names[0]!, suggestion: didYouMean(names[0]!, info.schema.byName.keys()) })
  return found
}
