import { camelize, pluralize, upcaseFirst } from '../../naming/index.ts'
import type { Binding } from '../binding.ts'
import type { Declarations, EnumDeclaration } from '../declarations.ts'
import { AttributeEncryption } from '../encryption/attribute_encryption.ts'
import { encryptedType } from '../encryption/encrypted_type.ts'
import { InvalidEncryption } from '../encryption/errors.ts'
import type { ModelMetadata } from '../metadata.ts'
import type { ModelInfo } from '../model_info.ts'
import { InvalidEnum } from '../errors.ts'
import { ModelRecord } from '../record/model_record.ts'
import { type AttributeType, attributeType } from './attribute_type.ts'
import { type Column, schemaValue } from './column.ts'
import { typeOver } from './custom_type.ts'
import { declaredEnum } from './declared_enum.ts'

/** What the declarations of a class change about its columns: enums, normalizations and encryption. */
export function columnOverrides(
  model: string,
  declarations: readonly Declarations[],
  metadata: ModelMetadata,
  binding: Binding,
): Map<string, Partial<Column>> {
  const overrides = new Map<string, Partial<Column>>()
  const starts = new Map<string, unknown>()
  for (const { name, type, initial } of declarations.flatMap((each) => each.virtual)) {
    const field = metadata.fields.find((candidate) => candidate.name === name && candidate.kind !== 'relation')
    if (field === undefined) continue
    const own = attributeType(field, binding.database.codec(field))
    const typed = type === undefined ? own : typeOver(own, type)
    overrides.set(name, { type: typed, ...startingWith(initial, typed, () => schemaValue(field, typed) ?? null) })
    starts.set(name, initial)
  }
  for (const { enums, normalizations } of declarations) {
    for (const declaration of enums) {
      const field = metadata.fields.find(({ name, kind }) => name === declaration.attribute && kind !== 'relation')
      const made = declaredEnum(model, declaration, field, binding.database, binding.metadata)
      const start =
        declaration.initial === undefined && made.type !== undefined
          ? startingWith(starts.get(declaration.attribute), made.type, made.initial ?? (() => null))
          : {}
      overrides.set(declaration.attribute, { ...made, ...start })
    }
    for (const { attribute, normalize, applyToNull } of normalizations) {
      const field = metadata.fields.find((candidate) => candidate.name === attribute)
      if (field === undefined) continue
      const type: AttributeType = overrides.get(attribute)?.type ?? attributeType(field, binding.database.codec(field))
      const cast = (value: unknown): unknown => {
        const plain = type.cast(value)
        return plain === null && !applyToNull ? null : type.cast(normalize(plain as never))
      }
      overrides.set(attribute, { ...overrides.get(attribute), type: { ...type, cast } })
    }
  }
  for (const { attribute, options } of declarations.flatMap(({ encrypted }) => encrypted)) {
    const field = metadata.fields.find((candidate) => candidate.name === attribute)
    if (field === undefined) throw new InvalidEncryption({ attribute, reason: `${model} has no such column.` })
    const type = overrides.get(attribute)?.type ?? attributeType(field, binding.database.codec(field))
    overrides.set(attribute, { ...overrides.get(attribute), type: encryptedType(type, field, new AttributeEncryption(attribute, options)) })
  }
  return overrides
}

function startingWith(initial: unknown, type: AttributeType, schemaInitial: () => unknown): Partial<Column> {
  if (initial === undefined) return {}
  return {
    initial: typeof initial === 'function' ? () => type.cast(initial()) : () => type.cast(initial),
    isGenerated: typeof initial === 'function',
    schemaInitial,
  }
}

/** Defines `isDraft()`, `draftOrThrow()` and the scope `draft()` for the members of declared enums, and of the schema's that were asked for. */
export function defineEnumMembers(info: ModelInfo, declarations: readonly Declarations[], ofSchema: readonly string[]): void {
  for (const attribute of ofSchema) {
    const mapping = info.schema.byName.get(attribute)?.enumeration
    if (mapping !== undefined)
      defineMembersOf(info, {
        attribute,
        mapping,
        prefix: '',
        suffix: '',
        validate: false,
        scopes: true,
        methods: true,
        initial: undefined,
      })
  }
  for (const { enums } of declarations) for (const declaration of enums) defineMembersOf(info, declaration)
}

function defineMembersOf(info: ModelInfo, { attribute, mapping, prefix, suffix, scopes, methods }: EnumDeclaration): void {
  const plural = camelize(pluralize(attribute), 'lower')
  if (!(plural in info.model))
    Object.defineProperty(info.model, plural, { value: Object.freeze(Object.fromEntries(mapping)), configurable: true })
  const define = (target: object, name: string, value: (this: never, ...args: never[]) => unknown): void =>
    defineMember(info.model.name, attribute, target, name, value)
  for (const member of mapping.keys()) {
    const [first, ...others] = [prefix, member, suffix].filter((part) => part !== '').map((part) => camelize(part, 'lower'))
    const camel = `${first}${others.map(upcaseFirst).join('')}`
    if (methods) {
      define(info.model.prototype, `is${upcaseFirst(camel)}`, function (this: ModelRecord) {
        return this.readAttribute(attribute) === member
      })
      define(info.model.prototype, `${camel}OrThrow`, function (this: ModelRecord) {
        return this.updateOrThrow({ [attribute]: member })
      })
    }
    if (!scopes) continue
    define(info.model, camel, function (this: { where(condition: object): unknown }) {
      return this.where({ [attribute]: member })
    })
    define(info.model, `not${upcaseFirst(camel)}`, function (this: { not(condition: object): unknown }) {
      return this.not({ [attribute]: member })
    })
  }
}

/** The members that enums defined, with the attribute that each is of. */
const definedMembers = new WeakMap<object, string>()

/** Members of the application's class win over those of an enum.
 * @throws InvalidEnum where every model has such a member, or another enum of the class
 */
function defineMember(
  model: string,
  attribute: string,
  target: object,
  name: string,
  value: (this: never, ...args: never[]) => unknown,
): void {
  if (name in target) {
    const isOfAll = name in (typeof target === 'function' ? ModelRecord : ModelRecord.prototype)
    const known: unknown = isOfAll ? undefined : Reflect.get(target, name)
    const other = typeof known === 'function' ? definedMembers.get(known) : undefined
    if (!isOfAll && (other === undefined || other === attribute)) return
    const whose = isOfAll ? 'which every model has' : `which the enum '${other}' has`
    const reason = `it would define ${name}(), ${whose}. Give it a prefix or a suffix, or leave out \`instanceMethods\` or \`scopes\`.`
    throw new InvalidEnum({ model, attribute, reason })
  }
  definedMembers.set(value, attribute)
  Object.defineProperty(target, name, { value, configurable: true, writable: true })
}
