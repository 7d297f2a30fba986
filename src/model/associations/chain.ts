import type { ModelInfo } from '../model_info.ts'
import { infoOf } from '../model_info.ts'
import type { Reflection } from './reflection.ts'

/** One step from a table to the next. */
export interface Step {
  readonly from: ModelInfo
  readonly to: ModelInfo
  /** The columns that are equal, in pairs. */
  readonly fromKeys: readonly string[]
  readonly toKeys: readonly string[]
  /** The class's name that a type column beside one of the keys must have. */
  readonly type?: { readonly on: 'from' | 'to'; readonly column: string; readonly value: string }
  /** The association whose scope narrows the step. */
  readonly reflection: Reflection
}

/** The steps from an owner's table to the target's: one, or as many as the associations it goes through have. */
export function chainOf(reflection: Reflection): Step[] {
  const { through } = reflection
  if (through !== undefined) {
    const steps = [...chainOf(through), ...chainOf(reflection.source)]
    // The scope of what goes through others narrows the last of them, beside the scope of the source.
    return reflection.options.scope === undefined ? steps : steps.with(-1, { ...steps.at(-1)!, reflection })
  }
  const type = typeOf(reflection)
  const step = {
    from: reflection.info,
    to: infoOf(reflection.target),
    fromKeys: reflection.ownerKeys,
    toKeys: reflection.targetKeys,
    reflection,
  }
  return [type === undefined ? step : { ...step, type }]
}

function typeOf(reflection: Reflection): Step['type'] {
  const { narrowedTo, typeColumn } = reflection
  if (narrowedTo !== undefined) return { on: 'from', column: typeColumn!, value: infoOf(reflection.target).polymorphicName }
  return typeColumn === undefined ? undefined : { on: 'to', column: typeColumn, value: reflection.info.polymorphicName }
}
