import type { Reflection } from './reflection.ts'
import { readAttribute } from '../record/attribute_access.ts'
import type { AttributeRecord } from '../record/attribute_record.ts'
import { scopedClauses } from '../relation/association_scope.ts'
import type { Clauses } from '../relation/clauses.ts'
import type { Clause } from '../sql/clause.ts'
import { compare } from '../sql/comparison.ts'
import { joinsToOwner, ownerPath } from '../sql/joins.ts'
import { chainOf } from './chain.ts'

/** The clauses of the records that an owner's association leads to; of nothing while the owner has no key. */
export function associationClauses(owner: AttributeRecord, reflection: Reflection): Clauses {
  const [first] = chainOf(reflection)
  const value = readAttribute(owner, first!.fromKey)
  const base = scopedClauses(reflection, owner)
  if (value === null || value === undefined || (owner.isNewRecord() && reflection.kind !== 'belongsTo')) return base.with({ isNone: true })
  const joins = joinsToOwner(reflection)
  const place = {
    path: joins.length === 0 ? '' : ownerPath,
    table: first!.to.schema.table,
    column: first!.to.schema.byName.get(first!.toKey)!,
  }
  const conditions: Clause[] = [compare(place, value)]
  if (first!.type?.on === 'to') {
    const column = first!.to.schema.byName.get(first!.type.column)!
    conditions.push(compare({ ...place, column }, first!.type.value))
  }
  const clauses = base.and(conditions)
  return joins.length === 0 ? clauses : clauses.with({ joins: [...joins, ...clauses.joins] })
}
