import { applyNested } from '../associations/nested_attributes.ts'
import { HALTED } from '../callbacks/chain.ts'
import { infoOfRecord } from '../record/attribute_access.ts'
import type { ModelRecord } from '../record/model_record.ts'
import { EXTRA } from '../record/record_state.ts'
import type { Validation } from './compile.ts'

/** Runs the validations of a record in a context, within the validation callbacks.
 * @returns whether nothing is wrong
 */
export async function validateRecord(record: ModelRecord, given: string | readonly string[]): Promise<boolean> {
  const context = typeof given === 'string' ? [given] : given
  const info = infoOfRecord(record)
  if (record[EXTRA]?.nested !== undefined) await applyNested(record, info.nestedOptions)
  record.errors.clear()
  const callbacks = info.callbacks.validation(context)
  if (callbacks.isEmpty) {
    const pending = runFrom(info.validations, record, context, 0)
    if (pending !== undefined) await pending
    return record.errors.isEmpty()
  }
  const result = await callbacks.run(record, async () => {
    await runFrom(info.validations, record, context, 0)
    // The after callbacks run whether or not something is wrong.
    return undefined
  })
  return result !== HALTED && record.errors.isEmpty()
}

function runFrom(validations: readonly Validation[], record: ModelRecord, context: readonly string[], from: number): void | Promise<void> {
  for (let place = from; place < validations.length; place++) {
    const validation = validations[place]!
    const { on, exceptOn } = validation
    if ((on !== undefined && !on.some((each) => context.includes(each))) || exceptOn.some((each) => context.includes(each))) continue
    const pending = guarded(validation, record)
    if (pending !== undefined) return pending.then(() => runFrom(validations, record, context, place + 1))
  }
}

function guarded(validation: Validation, record: ModelRecord): void | Promise<void> {
  if (validation.guard === undefined) return validation.check(record)
  const passes = validation.guard(record)
  if (passes instanceof Promise) return passes.then((truth) => (truth ? validation.check(record) : undefined))
  return passes ? validation.check(record) : undefined
}
