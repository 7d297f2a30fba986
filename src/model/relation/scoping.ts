import { AsyncLocalStorage } from 'node:async_hooks'
import type { ModelInfo } from '../model_info.ts'
import type { ModelClass } from '../record/model_record.ts'
import type { Clauses } from './clauses.ts'
import { mergeClauses } from './merging.ts'
import type { RelationBase } from './relation_base.ts'

/** The scope that queries of a class start with for a while, by class. */
type Scopes = ReadonlyMap<ModelClass, RelationBase>

const scopes = new AsyncLocalStorage<Scopes>()
/** How many stretches there are: without any, nobody looks further. */
let open = 0

/** Runs work whose queries of the relation's class start with the relation. */
export function withScope<V>(relation: RelationBase, work: () => V): V {
  open += 1
  const isOver = (): void => void (open -= 1)
  try {
    const result = scopes.run(new Map([...(scopes.getStore() ?? []), [relation.model, relation]]), work)
    if (!(result instanceof Promise)) {
      isOver()
      return result
    }
    return result.finally(isOver) as V
  } catch (error) {
    isOver()
    throw error
  }
}

/** What all queries of a class start with: a scope in force of the class or of one above it, else its default scopes. */
export function startOf(info: ModelInfo): Clauses {
  const scope = open === 0 ? undefined : scopeOf(info.model)
  if (scope === undefined) return info.baseClauses
  return scope.model === info.model ? scope.clauses : mergeClauses(info, info.unscopedClauses, scope)
}

/** Whether a scope is in force for a class. */
export function isScoped(model: ModelClass): boolean {
  return open > 0 && scopeOf(model) !== undefined
}

function scopeOf(model: ModelClass): RelationBase | undefined {
  const known = scopes.getStore()
  if (known === undefined) return undefined
  for (let ancestor: unknown = model; typeof ancestor === 'function'; ancestor = Object.getPrototypeOf(ancestor)) {
    const scope = known.get(ancestor as ModelClass)
    if (scope !== undefined) return scope
  }
  return undefined
}
