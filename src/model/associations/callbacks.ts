import type { CallbackDeclaration, CallbackEvent } from '../callbacks/declaration.ts'
import type { ModelInfo } from '../model_info.ts'
import type { ModelRecord } from '../record/model_record.ts'
import { autosaveCallbacks } from './autosave.ts'
import { counterCallbacks } from './counter_cache.ts'
import { dependentCallbacks } from './dependent.ts'
import type { Reflection } from './reflection.ts'
import { touchCallbacks } from './touch.ts'

/** One step that an association adds to the life of its record. */
export interface AssociationCallback {
  readonly event: CallbackEvent
  readonly position: 'before' | 'after'
  readonly work: (record: ModelRecord) => unknown
  readonly isAutosave?: boolean
}

/** The callbacks that the options of the associations mean: children saved, counters, timestamps of owners, dependents. */
export function associationCallbacks(info: ModelInfo): CallbackDeclaration[] {
  return [...info.reflections.values()].flatMap((reflection) => [
    ...declared(reflection, 'autosave', autosaveCallbacks(reflection)),
    ...declared(reflection, `dependent: ${reflection.options.dependent}`, dependentCallbacks(reflection)),
    ...declared(reflection, 'counterCache', counterCallbacks(reflection)),
    ...declared(reflection, 'touch', touchCallbacks(reflection)),
  ])
}

function declared(reflection: Reflection, purpose: string, callbacks: readonly AssociationCallback[]): CallbackDeclaration[] {
  const { sequence, name } = reflection
  return callbacks.map(({ event, position, work, isAutosave = false }) => ({
    event,
    position,
    body: work as never,
    options: {},
    prepend: false,
    sequence,
    isAutosave,
    isOfAssociation: true,
    label: `${name} (${purpose})`,
  }))
}
