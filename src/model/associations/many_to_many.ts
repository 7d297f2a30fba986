import { foreignKey, singularize } from '../../naming/index.ts'
import { InvalidArgument } from '../errors.ts'
import type { FieldMetadata, ModelMetadata, SchemaMetadata } from '../metadata.ts'
import type { ModelInfo } from '../model_info.ts'
import type { AssociationDeclaration } from './declaration.ts'

/** The tables that Prisma makes for lists on both sides, as models: `_PostToTag` with the keys `A` and `B`. */
export function implicitJoinModels({ models }: SchemaMetadata): ModelMetadata[] {
  const byName = new Map(models.map((model) => [model.name, model]))
  const found = new Map<string, ModelMetadata>()
  for (const model of models) {
    for (const field of model.fields) {
      const sides = sidesOf(byName, model, field)
      if (sides !== undefined) found.set(sides.table, joinModel(byName, sides))
    }
  }
  return [...found.values()]
}

interface Sides {
  readonly table: string
  readonly a: { readonly model: string; readonly field: string }
  readonly b: { readonly model: string; readonly field: string }
}

/** Both sides of lists that lead to each other, in Prisma's order: by the model's name, then the field's. */
function sidesOf(models: ReadonlyMap<string, ModelMetadata>, model: ModelMetadata, field: FieldMetadata): Sides | undefined {
  const { relation } = field
  if (field.kind !== 'relation' || !field.list || relation === undefined || relation.fields.length > 0) return undefined
  const isBack = (other: FieldMetadata): boolean =>
    other.relation?.name === relation.name && (field.type !== model.name || other.name !== field.name)
  const back = models.get(field.type)?.fields.find(isBack)
  if (back?.list !== true) return undefined
  const sides = [
    { model: model.name, field: field.name },
    { model: field.type, field: back.name },
  ].sort((one, other) => compare(one.model, other.model) || compare(one.field, other.field))
  return { table: `_${relation.name}`, a: sides[0]!, b: sides[1]! }
}

function compare(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0
}

function joinModel(models: ReadonlyMap<string, ModelMetadata>, { table, a, b }: Sides): ModelMetadata {
  const keys = [keyField(models, a.model, 'A'), keyField(models, b.model, 'B')]
  const owners = [ownerField(models, a.model, 'a', 'A'), ownerField(models, b.model, 'b', 'B')]
  return { name: table, table, primaryKey: ['A', 'B'], uniques: [], indexes: [], fields: [...keys, ...owners] }
}

function keyField(models: ReadonlyMap<string, ModelMetadata>, model: string, name: string): FieldMetadata {
  const target = models.get(model)!
  const key = target.fields.find((field) => field.name === target.primaryKey[0])!
  const { default: _, ...plain } = key
  return { ...plain, name, column: name, id: false, unique: false, updatedAt: false }
}

function ownerField(models: ReadonlyMap<string, ModelMetadata>, model: string, name: string, key: string): FieldMetadata {
  const [reference] = models.get(model)!.primaryKey
  return {
    name,
    column: name,
    kind: 'relation',
    type: model,
    list: false,
    required: true,
    unique: false,
    id: false,
    updatedAt: false,
    relation: { name: `${name}:${model}`, fields: [key], references: [reference!] },
  }
}

/** An association to many on both sides as two: to the rows between, and through them.
 * @returns undefined for other associations
 * @throws InvalidArgument when the table between isn't in the schema
 */
export function manyToMany(
  info: ModelInfo,
  declaration: AssociationDeclaration,
  field: FieldMetadata | undefined,
): readonly [AssociationDeclaration, AssociationDeclaration] | undefined {
  const { models } = info.schema.binding
  const sides = field === undefined ? undefined : sidesOf(models, info.schema.metadata, field)
  if (sides !== undefined) {
    const isA = sides.a.model === info.schema.name && sides.a.field === field!.name
    return pair(declaration, field!.name, sides.table, isA ? 'A' : 'B', isA ? 'b' : 'a')
  }
  if (declaration.options.isManyToMany !== true) return undefined
  const { joinTable, foreignKey: own = foreignKey(info.schema.name), className, associationForeignKey } = declaration.options
  if (typeof own !== 'string')
    throw new InvalidArgument({
      reason: `The table between of ${info.model.name}.${declaration.name} can't have keys of several columns: use hasMany with through.`,
    })
  const target = className ?? classNameOf(models, declaration.name)
  const table = joinTable ?? [info.schema.table, models.get(target)?.table ?? declaration.name].sort(compare).join('_')
  const between = [...models.values()].find((model) => model.table === table)
  const theirs = associationForeignKey ?? foreignKey(target)
  const source = between?.fields.find((each) => each.relation?.fields[0] === theirs)
  if (between === undefined || source === undefined)
    throw new InvalidArgument({
      reason: `${info.model.name}.${declaration.name} needs a model for the table '${table}' in the schema, with a relation by '${theirs}' to ${target}.`,
    })
  return pair(declaration, declaration.name, between.name, own, source.name)
}

function classNameOf(models: ReadonlyMap<string, ModelMetadata>, name: string): string {
  const singular = singularize(name)
  return [...models.keys()].find((model) => model.toLowerCase() === singular.replaceAll('_', '').toLowerCase()) ?? singular
}

function pair(
  declaration: AssociationDeclaration,
  name: string,
  between: string,
  key: string,
  source: string,
): readonly [AssociationDeclaration, AssociationDeclaration] {
  const { sequence, options } = declaration
  const rows = `${name}_rows`
  const { foreignKey: _, associationForeignKey: __, joinTable: ___, isManyToMany: ____, className: _____, ...rest } = options
  return [
    { kind: 'hasMany', name: rows, sequence, options: { className: between, foreignKey: key, inverseOf: false, dependent: 'deleteAll' } },
    { kind: 'hasMany', name, sequence, options: { ...rest, through: rows, source } },
  ]
}
