import { pluralize, singularize, underscore } from '../../src/naming/index.ts'
import { type Association, foreignKeyOf, type ModelClass } from '../models/index.ts'
import { columnsOf } from './build_models.ts'
import { type Relation, uniqueColumns } from './relations.ts'
import { fieldName, primaryKeyOf, type SchemaPort } from './schema_port.ts'
import { textOption } from './structure.ts'

/** What the two fields of a relation are called, and whether the far one holds a single record. */
export interface RelationNames {
  child: string
  parent: string
  single: boolean
}

/** Names the fields of relations after the associations of the models; where there is none, after the columns and tables. */
export function relationNames(relations: readonly Relation[], port: SchemaPort): RelationNames[] {
  const taken = new Map<string, Set<string>>()
  for (const table of port.structure.tables) taken.set(table.name, new Set(columnsOf(table).map(fieldName)))
  const children = relations.map((relation) => claim(childNames(relation, port), taken.get(relation.child.name)!))
  return relations.map((relation, index) => {
    const child = children[index]!
    const back = backAssociation(relation, child, port)
    const unique = isUnique(relation)
    if (back?.kind === 'has_one' && !unique) {
      const reason = `has_one :${back.name} without a unique index on ${relation.columns.join(', ')}: for Prisma there may be many`
      port.report(relation.child.line, `${relation.parent.name} has_one :${back.name}`, 'note', reason)
    }
    const single = unique && back?.kind !== 'has_many'
    return { child, single, parent: claim(parentNames(relation, child, back, single, port), taken.get(relation.parent.name)!) }
  })
}

/** Takes the first name that is free among a model's fields. */
function claim(names: readonly string[], taken: Set<string>): string {
  let name = names.find((candidate) => /^[A-Za-z]\w*$/.test(candidate) && !taken.has(candidate)) ?? `${names.at(-1)}_relation`
  while (taken.has(name)) name += '_relation'
  taken.add(name)
  return name
}

function childNames({ child, parent, columns }: Relation, port: SchemaPort): string[] {
  const declared = port.modelTables.associationsOf(child.name).filter(({ model, association }) => {
    if (association.kind !== 'belongs_to' || port.modelTables.targetOf(model, association) !== parent.name) return false
    const key = association.options.get('foreign_key')
    return (Array.isArray(key) ? key.map(String) : [foreignKeyOf(model, association)]).join() === columns.join()
  })
  const stem = columns.at(-1)!.replace(/_id$/, '')
  const target = singularize(parent.name)
  return [
    ...declared.map(({ association }) => association.name),
    stem,
    ...(stem === target ? [] : [`${stem}_${target}`, target]),
    `${stem}_record`,
  ]
}

function backAssociation({ child, parent, columns }: Relation, childField: string, port: SchemaPort): Association | undefined {
  const candidates = port.modelTables.associationsOf(parent.name).filter(({ model, association }) => {
    const far = association.kind === 'has_many' || association.kind === 'has_one'
    if (!far || association.options.has('through') || association.options.has('as')) return false
    return port.modelTables.targetOf(model, association) === child.name && keyOf(model, association) === columns.join()
  })
  const rank = ({ association }: { association: Association }) =>
    (textOption(association.options, 'inverse_of') === childField ? 0 : 2) + (association.scoped ? 1 : 0)
  return candidates.sort((left, right) => rank(left) - rank(right))[0]?.association
}

function keyOf(model: ModelClass, association: Association): string {
  const key = association.options.get('foreign_key')
  return Array.isArray(key) ? key.map(String).join() : foreignKeyOf(model, association)
}

function parentNames(relation: Relation, child: string, back: Association | undefined, single: boolean, port: SchemaPort): string[] {
  const model = underscore(port.modelName(relation.child.name)!).replaceAll('/', '_')
  const base = single ? model : pluralize(model)
  const standard = relation.columns.join() === `${singularize(relation.parent.name)}_id`
  return [...(back ? [back.name] : []), ...(standard ? [base] : []), `${base}_as_${child}`]
}

/** Whether each parent has one child at most: the columns are the child's key, or unique. */
function isUnique({ child, columns }: Relation): boolean {
  return [primaryKeyOf(child), ...uniqueColumns(child)].some((key) => key.join() === columns.join())
}
