import type { Reflection } from './reflection.ts'
import type { AttributeRecord } from '../record/attribute_record.ts'
import { scopedClauses } from '../relation/association_scope.ts'
import type { Clauses } from '../relation/clauses.ts'
import { compare } from '../sql/comparison.ts'
import { joinsToOwner, ownerPath } from '../sql/joins.ts'
import { chainOf } from './chain.ts'
import { keyConditions, readKey } from './keys.ts'

/** The clauses of the records that an owner's association leads to; of nothing while the owner has no key. */
export function associationClauses(owner: AttributeRecord, reflection: Reflection): Clauses {
  const [first] = chainOf(reflection)
  const value = readKey(owner, first!.fromKeys)
  const base = scopedClauses(reflection, owner)
  if (value === null || value === undefined || (owner.isNewRecord() && reflection.kind !== 'belongsTo')) return base.with({ isNone: true })
  const joins = joinsToOwner(reflection)
  const path = joins.length === 0 ? '' : ownerPath
  const conditions = keyConditions(first!.to, first!.toKeys, value, path)
  if (first!.type?.on === 'to') {
    const column = first!.to.schema.byName.get(first!.type.column)!
    conditions.push(compare({ path, table: first!.to.schema.table, column }, first!.type.value))
  }
  const clauses = base.and(conditions)
  return joins.length === 0 ? clauses : clauses.with({ joins: [...joins, ...clauses.joins] })
}
