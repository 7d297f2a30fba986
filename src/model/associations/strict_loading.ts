import { PerApplication } from '../../context/index.ts'
import { logger } from '../../logging/index.ts'
import { channel } from '../../notifications/index.ts'
import { StrictLoadingViolation } from '../errors.ts'
import type { AttributeRecord } from '../record/attribute_record.ts'
import type { ModelRecord } from '../record/model_record.ts'
import { FLAGS, Flag } from '../record/record_state.ts'
import { checkRepeated } from './repeated_loading.ts'
import type { Reflection } from './reflection.ts'

/** What is done about records that load what they mustn't: an error, or (`log`) an event and a line in the log. */
export interface StrictLoadingReaction {
  readonly violation: 'raise' | 'log'
}

const reactions = new PerApplication<StrictLoadingReaction>()
const violations = channel('strict_loading_violation.active_record')

/** Sets what is done about violations in an application, and outside of any. */
export function useStrictLoadingReaction(reaction: StrictLoadingReaction | undefined, application?: object): void {
  reactions.use(reaction, application)
}

/** Forgets that of an application: it has stopped. */
export function releaseStrictLoadingReaction(application: object): void {
  reactions.release(application)
}

/** Before an association is loaded.
 * @throws StrictLoadingViolation when its owner mustn't load any
 */
export function checkLoading(owner: AttributeRecord, reflection: Reflection): void {
  checkRepeated(owner, reflection)
  const isStrict = (owner[FLAGS] & Flag.strictLoading) !== 0 || reflection.options.strictLoading === true
  if (!isStrict || owner.isNewRecord()) return
  if (reactions.current?.violation !== 'log')
    throw new StrictLoadingViolation({ model: owner.constructor.name, association: reflection.name })
  violations.publish({ owner: owner.constructor, reflection })
  const what = reflection.options.polymorphic ? 'polymorphic' : reflection.target.name
  logger.debug(
    `\`${owner.constructor.name}\` is marked for strict_loading. The ${what} association named \`:${reflection.name}\` cannot be lazily loaded.`,
  )
}

/** After an association was loaded: what of the owner's strictness its records inherit. */
export function inheritStrictness(owner: AttributeRecord, reflection: Reflection, records: readonly ModelRecord[]): void {
  if ((owner[FLAGS] & Flag.strictLoadingOfMany) === 0) return
  for (const record of records) record.strictLoading({ mode: reflection.isCollection ? 'all' : 'n_plus_one_only' })
}
