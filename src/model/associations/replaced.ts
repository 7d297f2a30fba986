import { infoOf } from '../model_info.ts'
import { extraOf, isRecord, readAttribute } from '../record/attribute_access.ts'
import type { AttributeRecord } from '../record/attribute_record.ts'
import type { ModelRecord } from '../record/model_record.ts'
import { EXTRA } from '../record/record_state.ts'
import { clearedKeys } from './accessors.ts'
import { associationClauses } from './query.ts'
import type { Reflection } from './reflection.ts'
import { loadedOf } from './state.ts'

/** Remembers that an association to one leads to another record now, or to none. */
export function noteReplaced(owner: AttributeRecord, reflection: Reflection): void {
  if (owner.isNewRecord() || reflection.kind !== 'hasOne' || reflection.through !== undefined) return
  const extra = extraOf(owner)
  extra.replaced ??= new Set()
  extra.replaced.add(reflection.name)
}

/** Does to the record that was there before what the `dependent` option says: it is destroyed, deleted, or loses its owner.
 * @returns whether another was given
 */
export async function discardReplaced(owner: ModelRecord, reflection: Reflection): Promise<boolean> {
  if (owner[EXTRA]?.replaced?.delete(reflection.name) !== true) return false
  const { schema } = infoOf(reflection.target)
  const present = loadedOf(owner, reflection)
  const former = infoOf(reflection.target).relation(associationClauses(owner, reflection))
  const { primaryKey } = schema
  const others =
    isRecord(present) && !present.isNewRecord() && primaryKey.length > 0
      ? former.not(Object.fromEntries(primaryKey.map(({ name }) => [name, readAttribute(present, name)])))
      : former
  const { dependent } = reflection.options
  if (dependent === 'destroy') for (const record of await others) await record.destroyOrThrow()
  else if (dependent === 'delete' || dependent === 'deleteAll') await others.deleteAll()
  else await others.updateAll(clearedKeys(reflection))
  return true
}
