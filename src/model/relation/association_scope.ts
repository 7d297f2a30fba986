import type { Reflection } from '../associations/reflection.ts'
import { InvalidArgument } from '../errors.ts'
import { infoOf } from '../model_info.ts'
import type { AttributeRecord } from '../record/attribute_record.ts'
import type { Clauses } from './clauses.ts'
import type { RelationBase } from './relation_base.ts'

const scopes = new WeakMap<Reflection, Clauses>()

/** Whether the scope of an association asks for the owner too. */
export function isOwnerScoped({ options }: Reflection): boolean {
  return options.scope !== undefined && options.scope.length > 1
}

/** The clauses of an association's records: the target's default scopes, and what the `scope` option makes of them.
 * @param owner whose records are meant; undefined for those of many
 * @throws InvalidArgument for a scope that asks for an owner where there are many
 */
export function scopedClauses(reflection: Reflection, owner?: AttributeRecord): Clauses {
  const { scope } = reflection.options
  const baseClauses = reflection.through === undefined ? infoOf(reflection.target).baseClauses : scopedClauses(reflection.source)
  if (scope === undefined) return baseClauses
  if (isOwnerScoped(reflection)) {
    if (owner !== undefined)
      return (scope.call(undefined, infoOf(reflection.target).relation(baseClauses) as never, owner as never) as RelationBase).clauses
    const name = `${reflection.info.model.name}.${reflection.name}`
    throw new InvalidArgument({
      reason: `The scope of ${name} asks for its owner, so that it can't be joined: load it with includes() or preload().`,
    })
  }
  let clauses = scopes.get(reflection)
  if (clauses === undefined) {
    const scoped = scope.call(undefined, infoOf(reflection.target).relation(baseClauses) as never, undefined as never) as RelationBase
    clauses = scoped.clauses
    scopes.set(reflection, clauses)
  }
  return clauses
}
