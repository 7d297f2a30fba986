import type { Reflection } from '../associations/reflection.ts'
import { infoOf } from '../model_info.ts'
import type { Clauses } from './clauses.ts'
import type { RelationBase } from './relation_base.ts'

const scopes = new WeakMap<Reflection, Clauses>()

/** The clauses of an association's records: the target's default scopes, and what the `scope` option makes of them. */
export function scopedClauses(reflection: Reflection): Clauses {
  const { scope } = reflection.options
  const baseClauses = reflection.through === undefined ? infoOf(reflection.target).baseClauses : scopedClauses(reflection.source)
  if (scope === undefined) return baseClauses
  let clauses = scopes.get(reflection)
  if (clauses === undefined) {
    const scoped = scope.call(undefined, infoOf(reflection.target).relation(baseClauses) as never) as RelationBase
    clauses = scoped.clauses
    scopes.set(reflection, clauses)
  }
  return clauses
}
