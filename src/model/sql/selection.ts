import { AliasNode, IdentifierNode, type OperationNode, RawNode } from 'kysely'
import { didYouMean } from '../../naming/index.ts'
import type { AttributeType } from '../attributes/attribute_type.ts'
import type { Column } from '../attributes/column.ts'
import { InvalidArgument, UnknownColumn } from '../errors.ts'
import type { ModelInfo } from '../model_info.ts'
import type { Clause } from './clause.ts'
import { fragmentClause, SqlFragment } from './fragment.ts'

/** One selected expression. */
export interface Selection extends Clause {
  /** The column of the model it is, if it is one. */
  readonly column: Column | undefined
}

/** The expressions that the arguments of `select`, `pluck` and `group` mean.
 * @throws UnknownColumn with a suggestion
 */
export function selectionsOf(info: ModelInfo, items: readonly unknown[]): Selection[] {
  return items.flat().map((item) => {
    if (item instanceof SqlFragment) return { ...fragmentClause(item, false), column: undefined }
    if (typeof item === 'string') return namedSelection(info, item)
    throw new InvalidArgument({ reason: `A column name or sql(…) was expected; it was given ${JSON.stringify(item)}.` })
  })
}

function namedSelection(info: ModelInfo, name: string): Selection {
  const column = info.schema.byName.get(name)
  if (column !== undefined) return columnSelection(info, column)
  if (/^\w+\.(\w+|\*)$/.test(name)) return { ...fragmentClause(new SqlFragment(name, []), false), column: undefined }
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
  }
}

/** An expression under a name. */
export function named(selection: Selection, alias: string): Selection {
  return {
    ...selection,
    key: `${selection.key} as ${alias}`,
    build: (names) => AliasNode.create(selection.build(names), IdentifierNode.create(alias)),
  }
}

/** The type that reads the values of a selection. */
export function typeOf(selection: Selection): AttributeType | undefined {
  return selection.column?.type
}
