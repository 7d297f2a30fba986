import type { CallbackSkip } from '../callbacks/declaration.ts'
import { skipped } from '../callbacks/in_force.ts'
import type { Declarations } from '../declarations.ts'
import type { ValidationDeclaration } from './declaration.ts'

/** The validations of a class and its ancestors as they hold: without those that `skipCallback('validate', …)` left out after they were declared,
 * or with the conditions of the skipping beside their own. */
export function validationsInForce(declarations: readonly Declarations[], skips: readonly CallbackSkip[]): ValidationDeclaration[] {
  let held = declarations.flatMap((each) => each.validations)
  for (const skip of skips) held = held.flatMap((each) => (isSkippedBy(each, skip) ? skipped(each, skip) : [each]))
  return held
}

/** Whether a skip is about anything. */
export function isValidationDeclared(declarations: readonly Declarations[], skips: readonly CallbackSkip[], skip: CallbackSkip): boolean {
  return validationsInForce(declarations, skips).some((each) => isSkippedBy(each, skip))
}

/** Whether all validations that were declared at a place are left out. */
export function isReset(skips: readonly CallbackSkip[], sequence: number): boolean {
  return skips.some((skip) => skip.event === 'validate' && skip.body === undefined && skip.sequence > sequence)
}

/** Validations run before, as Rails' are callbacks before `validate`. */
function isSkippedBy({ rule, sequence }: ValidationDeclaration, skip: CallbackSkip): boolean {
  if (skip.event !== 'validate' || skip.sequence < sequence) return false
  return skip.body === undefined || (skip.position === 'before' && typeof rule === 'object' && rule.body === skip.body)
}
