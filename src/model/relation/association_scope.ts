import type { Reflection } from '../associations/reflection.ts'
import { infoOf } from '../model_info.ts'
import type { Clauses } from './clauses.ts'
import { everything } from './clauses.ts'
import type { RelationBase } from './relation_base.ts'

const scopes = new WeakMap<Reflection, Clauses>()

/** The clauses that the `scope` option of an association adds; undefined without one. */
export function scopeOf(reflection: Reflection): Clauses | undefined {
  const { scope } = reflection.options
  if (scope === undefined) return undefined
  let clauses = scopes.get(reflection)
  if (clauses === undefined) {
    const scoped = scope(infoOf(reflection.target).relation(everything) as never) as RelationBase
    clauses = scoped.clauses
    scopes.set(reflection, clauses)
  }
  return clauses
}
