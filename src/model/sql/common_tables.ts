import {
  CommonTableExpressionNameNode,
  CommonTableExpressionNode,
  type OperationNode,
  ParensNode,
  RawNode,
  SelectQueryNode,
  SetOperationNode,
  WithNode,
} from 'kysely'
import type { Dialect } from '../database.ts'
import type { Clause, Names } from './clause.ts'

/** A named subquery. */
export interface CommonTable {
  readonly name: string
  readonly query: Clause
  /** Whether it may read from itself. */
  readonly isRecursive: boolean
  /** Whether the database makes its rows once, or each time they are read; undefined for what it thinks best. */
  readonly materialized?: boolean | undefined
}

/** The rows of several queries one after the other: `union all`; or each once. */
export function unionOf(queries: readonly Clause[], all = true): Clause {
  if (queries.length === 1) return queries[0]!
  return {
    key: `union${all ? '' : ' once'}(${queries.map(({ key }) => key).join('|')})`,
    binds: queries.flatMap(({ binds }) => binds),
    build: (names) => {
      const [first, ...rest] = queries.map((query) => query.build(names))
      const others = rest.map((node) => SetOperationNode.create('union', node, all))
      if (SelectQueryNode.is(first!)) return { ...first, setOperations: others } as OperationNode
      return RawNode.create(['', ...others.map(() => ' '), ''], [first!, ...others])
    },
  }
}

/** What tells one list of named subqueries from another beside their queries. */
export function tableKey({ name, isRecursive, materialized }: CommonTable): string {
  return ` with${isRecursive ? ' recursive' : ''} ${name}${materialized === undefined ? '' : ` ${materialized}`} `
}

/** `with name as (…)`; undefined when there are none. MySQL decides by itself what it makes once. */
export function withNode(tables: readonly CommonTable[], names: Names, dialect: Dialect): WithNode | undefined {
  const [first, ...rest] = tables.map(({ name, query, materialized }) => {
    const node = CommonTableExpressionNode.create(CommonTableExpressionNameNode.create(name), ParensNode.create(query.build(names)))
    return materialized === undefined || dialect === 'mysql' ? node : CommonTableExpressionNode.cloneWith(node, { materialized })
  })
  if (first === undefined) return undefined
  const start = WithNode.create(first, { recursive: tables.some(({ isRecursive }) => isRecursive) })
  return rest.reduce<WithNode>((all, next) => WithNode.cloneWithExpression(all, next), start)
}
