import { StrictLoadingViolation } from '../errors.ts'
import type { AttributeRecord } from '../record/attribute_record.ts'
import type { ModelRecord } from '../record/model_record.ts'
import { FLAGS, Flag } from '../record/record_state.ts'
import type { Reflection } from './reflection.ts'

/** Before an association is loaded.
 * @throws StrictLoadingViolation when its owner mustn't load any
 */
export function checkLoading(owner: AttributeRecord, reflection: Reflection): void {
  if ((owner[FLAGS] & Flag.strictLoading) !== 0)
    throw new StrictLoadingViolation({ model: owner.constructor.name, association: reflection.name })
}

/** After an association was loaded: what of the owner's strictness its records inherit. */
export function inheritStrictness(owner: AttributeRecord, reflection: Reflection, records: readonly ModelRecord[]): void {
  if ((owner[FLAGS] & Flag.strictLoadingOfMany) === 0) return
  for (const record of records) record.strictLoading({ mode: reflection.isCollection ? 'all' : 'n_plus_one_only' })
}
