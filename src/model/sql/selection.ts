import { AliasNode, IdentifierNode, type OperationNode, RawNode } from 'kysely'
import { didYouMean } from '../../naming/index.ts'
import { Aliased } from '../arel/aliased.ts'
import { Attribute } from '../arel/attribute.ts'
import { Expression } from '../arel/expression.ts'
import type { Reflection } from '../associations/reflection.ts'
import type { AttributeType } from '../attributes/attribute_type.ts'
import type { Column } from '../attributes/column.ts'
import { InvalidArgument, UnknownColumn } from '../errors.ts'
import { infoOf, type ModelInfo } from '../model_info.ts'
import { modelOfTable } from '../tables.ts'
import type { Clause } from './clause.ts'
import { isPlainObject } from '../../values/index.ts'
import { delimited, fragmentClause, SqlFragment } from './fragment.ts'
import { requireName } from './quoted_name.ts'

/** One selected expression. */
export interface Selection extends Clause {
  /** The column of the model it is, if it is one. */
  readonly column: Column | undefined
  /** How its values are read when it isn't one. */
  readonly readAs?: AttributeType | undefined
  /** The name that it has in the answer, where it isn't that of the column: `count(*) as posts`. */
  readonly alias?: string | undefined
  /** Whether it counts, sums or averages, and so has a number of rows or of its column's type. */
  readonly isSummed?: boolean
  /** The belongsTo whose key, or a column of whose key, it is, when its records are what is grouped by. */
  readonly groupedBy?: Reflection
}

/** The expressions that the arguments of `select`, `pluck` and `group` mean.
 * @throws UnknownColumn with a suggestion
 */
export function selectionsOf(info: ModelInfo, items: readonly unknown[]): Selection[] {
  return items.flat().flatMap((item): Selection[] => {
    if (item instanceof SqlFragment) return [fragmentSelection(info, item)]
    if (typeof item === 'string') return [namedSelection(info, item)]
    if (isPlainObject(item)) return Object.entries(item).flatMap(([name, value]) => hashSelections(info, name, value))
    throw new InvalidArgument({ reason: `A column name or sql(…) was expected; it was given ${JSON.stringify(item)}.` })
  })
}

function fragmentSelection(info: ModelInfo, fragment: SqlFragment): Selection {
  if (fragment instanceof Aliased) return named(fragmentSelection(info, fragment.of), fragment.alias)
  const clause = fragmentClause(fragment, false, info.schema)
  if (fragment instanceof Attribute) {
    const isOwn = fragment.table === info.schema.table
    return { ...clause, column: isOwn ? info.schema.byName.get(fragment.column.name) : fragment.column }
  }
  if (fragment instanceof Expression && fragment.readAs !== undefined) return { ...clause, column: undefined, readAs: fragment.readAs }
  return { ...clause, column: undefined, alias: aliasIn(fragment.text) }
}

/** The name at the end of an expression written by hand. */
function aliasIn(text: string): string | undefined {
  return /\sas\s+"?(\w+)"?\s*$/i.exec(text.slice(-200))?.[1]
}

/** The expressions that the arguments of `group` mean: columns, SQL, or a belongsTo, which groups by its key. */
export function groupsOf(info: ModelInfo, items: readonly unknown[]): Selection[] {
  return items.flat().flatMap((item) => {
    const reflection = typeof item === 'string' && !info.schema.byName.has(item) ? info.reflections.get(item) : undefined
    if (reflection?.kind !== 'belongsTo' || reflection.isPolymorphic) return selectionsOf(info, [item])
    return reflection.ownerKeys.map((name) => ({ ...columnSelection(info, info.schema.byName.get(name)!), groupedBy: reflection }))
  })
}

/** `{ users: ['id', 'name'] }` selects columns of a joined table, `{ title: 'heading' }` a column under another name. */
function hashSelections(info: ModelInfo, name: string, value: unknown): Selection[] {
  if (typeof value === 'string' && info.schema.byName.has(name)) return [named(namedSelection(info, name), value)]
  const table = info.reflections.has(name) ? infoOf(info.reflection(name).target).schema.table : name
  if (isPlainObject(value)) {
    return Object.entries(value).map(([column, alias]) => named(namedSelection(info, `${table}.${column}`), String(alias)))
  }
  return [value].flat().map((column) => namedSelection(info, `${table}.${String(column)}`))
}

function namedSelection(info: ModelInfo, name: string): Selection {
  const column = info.schema.byName.get(name)
  if (column !== undefined) return columnSelection(info, column)
  const own = name.startsWith(`${info.schema.table}.`) ? info.schema.byName.get(name.slice(info.schema.table.length + 1)) : undefined
  if (own !== undefined) return columnSelection(info, own)
  const [other, otherColumn] = name.split('.')
  const joined = otherColumn === undefined ? undefined : modelOfTable(info, other!)?.schema.byName.get(otherColumn)
  if (joined !== undefined) {
    return { key: name, binds: [], build: (names) => names.column('@', other!, joined.column), column: joined }
  }
  if (/^\w+\.(\w+|\*)$/.test(name)) return { ...fragmentClause(new SqlFragment(name, []), false, info.schema), column: undefined }
  throw new UnknownColumn({ model: info.model.name, column: name, suggestion: didYouMean(name, info.schema.byName.keys()) })
}

/** A column of the base table. */
export function columnSelection(info: ModelInfo, column: Column): Selection {
  const { table } = info.schema
  return { key: `${table}.${column.column}`, binds: [], build: (names) => names.column('', table, column.column), column }
}

/** An aggregate over an expression, or over the rows. */
export function aggregate(name: 'count' | 'sum' | 'avg' | 'min' | 'max', of: Selection | undefined, distinct: boolean): Selection {
  const open = `${name}(${distinct && of !== undefined ? 'distinct ' : ''}`
  return {
    key: `${open}${of?.key ?? '*'})`,
    binds: of?.binds ?? [],
    build: (names): OperationNode =>
      of === undefined ? RawNode.createWithSql(`${name}(*)`) : RawNode.create([open, ')'], [of.build(names)]),
    column: undefined,
    // The smallest and the largest of a column are read as the column is.
    isSummed: (name !== 'min' && name !== 'max') || (of !== undefined && typeOf(of) !== undefined),
  }
}

/** An expression under a name. */
export function named(selection: Selection, alias: string): Selection {
  requireName(alias)
  return {
    ...selection,
    column: undefined,
    readAs: typeOf(selection),
    alias,
    key: `${selection.key} as ${delimited(alias)}`,
    build: (names) => AliasNode.create(selection.build(names), IdentifierNode.create(alias)),
  }
}

/** The type that reads the values of a selection. */
export function typeOf(selection: Selection): AttributeType | undefined {
  return selection.column?.type ?? selection.readAs
}
