import { InvalidArgument } from '../errors.ts'
import { infoOf, type ModelInfo } from '../model_info.ts'
import { isPlainObject } from '../sql/comparison.ts'
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
  let joined = clauses
  for (const [name, value] of Object.entries(condition)) {
    const reflection = info.reflections.get(name)
    if (reflection === undefined || !clauses.includes.has(name) || !isPlainObject(value)) continue
    if (joined.joins.some((join) => join.path === name)) continue
    joined = joined.with({
      joins: [...joined.joins, ...joinsOf(info, name, 'LeftJoin')],
      distinct: joined.distinct || reflection.isCollection,
    })
  }
  return joined
}
