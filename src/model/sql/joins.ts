import {
  AliasNode,
  AndNode,
  BinaryOperationNode,
  IdentifierNode,
  JoinNode,
  type OperationNode,
  OperatorNode,
  TableNode,
  ValueNode,
} from 'kysely'
import { chainOf, type Step } from '../associations/chain.ts'
import type { Reflection } from '../associations/reflection.ts'
import { InvalidArgument } from '../errors.ts'
import { infoOf, type ModelInfo } from '../model_info.ts'
import { scopedClauses } from '../relation/association_scope.ts'
import { type Clause, type Names, reference } from './clause.ts'
import { isPlainObject } from '../../values/index.ts'
import { fragmentClause, SqlFragment } from './fragment.ts'

/** One join of a query: an association at a path, or SQL written by hand. */
export interface Join {
  /** A path joined twice is joined once; the empty path is SQL written by hand. */
  readonly path: string
  readonly key: string
  readonly reflection: Reflection | undefined
  /** What brings values into the join: the scopes of its associations, or the SQL. */
  readonly clauses: readonly Clause[]
  build(names: Names): JoinNode[]
  /** The same join from an association at a path, whose records it starts from then. */
  under?(path: string): Join
}

type JoinKind = 'InnerJoin' | 'LeftJoin'

/** The joins that the arguments of `joins` and `leftJoins` mean: names, nested objects and arrays of them.
 * @throws UnknownAssociation with a suggestion
 */
export function joinsOf(info: ModelInfo, tree: unknown, kind: JoinKind, prefix = ''): Join[] {
  if (Array.isArray(tree)) return tree.flatMap((item) => joinsOf(info, item, kind, prefix))
  if (typeof tree === 'string') return [associationJoin(info, tree, kind, prefix)]
  if (tree instanceof SqlFragment) return [fragmentJoin(info, tree)]
  if (isPlainObject(tree)) {
    return Object.entries(tree).flatMap(([name, nested]) => {
      const join = associationJoin(info, name, kind, prefix)
      return [join, ...joinsOf(infoOf(join.reflection!.target), nested, kind, join.path)]
    })
  }
  throw new InvalidArgument({ reason: `joins() takes names of associations; it was given ${JSON.stringify(tree)}.` })
}

function fragmentJoin(info: ModelInfo, fragment: SqlFragment): Join {
  const clause = fragmentClause(fragment, false, info.schema)
  const build = (names: Names): JoinNode[] => [clause.build(names) as unknown as JoinNode]
  return { path: '', key: clause.key, reflection: undefined, clauses: [clause], build }
}

function associationJoin(info: ModelInfo, name: string, kind: JoinKind, prefix: string): Join {
  const reflection = info.reflection(name)
  const path = prefix === '' ? name : `${prefix}.${name}`
  return {
    path,
    key: `${kind} ${path}`,
    reflection,
    clauses: chainOf(reflection).flatMap((step) => scopeClauses(step)),
    build: (names) => associationNodes(reflection, kind, path, names),
    under: (outer) => associationJoin(info, name, kind, prefix === '' ? outer : `${outer}.${prefix}`),
  }
}

function scopeClauses(step: Step): readonly Clause[] {
  return scopedClauses(step.reflection).wheres
}

/** Each path once, as it was joined first: values and nodes of a repeated join are left out alike. */
export function distinctJoins(joins: readonly Join[]): readonly Join[] {
  if (joins.length < 2) return joins
  const paths = new Set<string>()
  return joins.filter((join) => {
    if (join.path === '') return true
    if (paths.has(join.path)) return false
    paths.add(join.path)
    return true
  })
}

function associationNodes(reflection: Reflection, kind: JoinKind, path: string, names: Names): JoinNode[] {
  const dot = path.lastIndexOf('.')
  const steps = chainOf(reflection)
  let previous = dot < 0 ? names.base : names.paths.get(path.slice(0, dot))!
  return steps.map((step, place) => {
    const alias = names.claim(step.to.schema.table, place === steps.length - 1 ? path : `${path}/${place}`)
    const scope = scopeClauses(step).map((clause) => clause.build(names.from(alias)))
    // Rows between that lead to another class are no rows of a left join either: their type is asked for where they are joined.
    const next = steps[place + 1]
    const types = [
      ...(place > 0 && step.type?.on === 'from' ? [] : typeCondition(step, previous, alias)),
      ...(next?.type?.on === 'from' ? typeCondition(next, alias, '') : []),
    ]
    const conditions = [...keysMatch(step, previous, alias), ...types, ...scope]
    previous = alias
    return JoinNode.createWithOn(
      kind,
      tableAs(step.to.schema.table, alias),
      conditions.reduce((all, next) => AndNode.create(all, next)),
    )
  })
}

/** The path of the table next to the owner in {@link joinsToOwner}. */
export const ownerPath = '/owner'

/** The joins from the target of an association back to the table whose column refers to the owner. */
export function joinsToOwner(reflection: Reflection): Join[] {
  const steps = chainOf(reflection)
  if (steps.length === 1) return []
  const back = steps.slice(1).reverse()
  return [
    {
      path: ownerPath,
      key: `back ${reflection.info.model.name}.${reflection.name}`,
      reflection,
      clauses: back.flatMap((_, place) => scopeClauses(steps[back.length - 1 - place]!)),
      build: (names) => {
        let previous = names.base
        return back.map((step, place) => {
          const alias = names.claim(step.from.schema.table, place === back.length - 1 ? ownerPath : `${ownerPath}/${place}`)
          const scope = scopeClauses(steps[back.length - 1 - place]!).map((clause) => clause.build(names.from(alias)))
          const on = [...stepConditions(step, alias, previous), ...scope].reduce((all, next) => AndNode.create(all, next))
          previous = alias
          return JoinNode.createWithOn('InnerJoin', tableAs(step.from.schema.table, alias), on)
        })
      },
    },
  ]
}

/** What joins the tables of a step: their keys are equal, and the type column says the right class. */
function stepConditions(step: Step, from: string, to: string): OperationNode[] {
  return [...keysMatch(step, from, to), ...typeCondition(step, from, to)]
}

/** That the type column of a step says the right class; nothing where there is none. */
function typeCondition({ type, ...step }: Step, from: string, to: string): OperationNode[] {
  if (type === undefined) return []
  const place = type.on === 'from' ? reference(from, columnNamed(step.from, type.column)) : reference(to, columnNamed(step.to, type.column))
  // The name of a class of the application: a literal, so that the join has no values.
  return [BinaryOperationNode.create(place, OperatorNode.create('='), ValueNode.createImmediate(type.value))]
}

function columnNamed(info: ModelInfo, name: string): string {
  return info.schema.byName.get(name)!.column
}

/** The target's key equals the source's. */
function keysMatch(step: Step, from: string, to: string): OperationNode[] {
  return step.toKeys.map((key, place) => {
    const target = columnNamed(step.to, key)
    const source = columnNamed(step.from, step.fromKeys[place]!)
    return BinaryOperationNode.create(reference(to, target), OperatorNode.create('='), reference(from, source))
  })
}

/** A table, with its alias when that differs. */
export function tableAs(table: string, alias: string): OperationNode {
  const node = TableNode.create(table)
  return table === alias ? node : AliasNode.create(node, IdentifierNode.create(alias))
}
