import { InvalidArgument } from '../errors.ts'
import { infoOf, type ModelInfo } from '../model_info.ts'
import { isPlainObject } from '../../values/index.ts'
import { joinsOf } from '../sql/joins.ts'
import type { Clauses, IncludeTree } from './clauses.ts'

/** The tree that the arguments of `includes` mean.
 * @throws UnknownAssociation with a suggestion
 */
export function includeTree(info: ModelInfo, trees: unknown): IncludeTree {
  if (typeof trees === 'string') {
    info.reflection(trees)
    return new Map([[trees, new Map()]])
  }
  if (Array.isArray(trees)) return trees.reduce<IncludeTree>((all, tree) => mergeTrees(all, includeTree(info, tree)), new Map())
  if (isPlainObject(trees)) {
    return new Map(
      Object.entries(trees).map(([name, nested]) => {
        const reflection = info.reflection(name)
        // What its records have is known when their classes are.
        return [name, reflection.isPolymorphic ? namesTree(nested) : includeTree(infoOf(reflection.target), nested)]
      }),
    )
  }
  throw new InvalidArgument({ reason: `includes() takes names of associations; it was given ${JSON.stringify(trees)}.` })
}

function namesTree(trees: unknown): IncludeTree {
  if (typeof trees === 'string') return new Map([[trees, new Map()]])
  if (Array.isArray(trees)) return trees.reduce<IncludeTree>((all, tree) => mergeTrees(all, namesTree(tree)), new Map())
  return new Map(Object.entries(trees as object).map(([name, nested]) => [name, namesTree(nested)]))
}

/** Both trees in one. */
export function mergeTrees(left: IncludeTree, right: IncludeTree): IncludeTree {
  const merged = new Map(left)
  for (const [name, nested] of right) {
    const known = merged.get(name)
    merged.set(name, known === undefined ? nested : mergeTrees(known, nested))
  }
  return merged
}

/** Left joins what a condition names and `includes` loads, as Rails does, so that both can be said in any order. */
export function joinIncluded(clauses: Clauses, info: ModelInfo, condition: unknown): Clauses {
  if (clauses.includes.size === 0 || !isPlainObject(condition)) return clauses
  const tables = Object.entries(condition).flatMap(([name, value]) => {
    if (name.includes('.') && !info.schema.byName.has(name)) return [name.slice(0, name.indexOf('.'))]
    return isPlainObject(value) ? [name] : []
  })
  return joinTables(clauses, info, tables)
}

/** Left joins all included associations when one of them has one of these names, or leads to a table of one. */
export function joinTables(clauses: Clauses, info: ModelInfo, names: readonly string[]): Clauses {
  const isNamed = (tree: IncludeTree, from: ModelInfo): boolean =>
    [...tree].some(([name, nested]) => {
      const reflection = from.reflection(name)
      if (reflection.isPolymorphic) return false
      const target = infoOf(reflection.target)
      return names.includes(name) || names.includes(target.schema.table) || isNamed(nested, target)
    })
  return names.length > 0 && isNamed(clauses.includes, info) ? joinIncludes(clauses, info) : clauses
}

/** Left joins the included associations, to be read with the same query. Polymorphic ones are loaded after it. */
export function joinIncludes(clauses: Clauses, info: ModelInfo): Clauses {
  const known = new Set(clauses.joins.map((join) => join.path))
  const joins = joinsOf(info, treeArgument(info, clauses.includes), 'LeftJoin').filter((join) => !known.has(join.path))
  return clauses.with({ isEager: true, joins: [...clauses.joins, ...joins] })
}

function treeArgument(info: ModelInfo, tree: IncludeTree): Record<string, unknown> {
  const single = [...tree].filter(([name]) => !info.reflection(name).isPolymorphic)
  return Object.fromEntries(single.map(([name, nested]) => [name, treeArgument(infoOf(info.reflection(name).target), nested)]))
}
