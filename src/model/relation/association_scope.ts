import type { Reflection } from '../associations/reflection.ts'
import { InvalidArgument, MissingJoin } from '../errors.ts'
import { infoOf } from '../model_info.ts'
import type { AttributeRecord } from '../record/attribute_record.ts'
import { type Clause, Names } from '../sql/clause.ts'
import type { Clauses } from './clauses.ts'
import type { RelationBase } from './relation_base.ts'

const scopes = new WeakMap<Reflection, Clauses>()

/** Whether the scope of an association asks for the owner too. */
export function isOwnerScoped({ options }: Reflection): boolean {
  return options.scope !== undefined && options.scope.length > 1
}

/** Whether the scope of an association through another names a table on the way, which a query of the target alone doesn't read. */
export function needsThrough(reflection: Reflection): boolean {
  if (reflection.through === undefined || reflection.options.scope === undefined) return false
  const { wheres, orders, joins } = scopedClauses(reflection)
  const { model, schema } = infoOf(reflection.target)
  return joins.length === 0 && [...wheres, ...orders].some((clause) => namesAnother(clause, new Names(model.name, schema.table)))
}

function namesAnother(clause: Clause, names: Names): boolean {
  try {
    clause.build(names)
    return false
  } catch (error) {
    if (error instanceof MissingJoin) return true
    throw error
  }
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
