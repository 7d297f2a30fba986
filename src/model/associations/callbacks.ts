import type { CallbackDeclaration, CallbackEvent } from '../callbacks/declaration.ts'
import type { ModelInfo } from '../model_info.ts'
import type { ModelRecord } from '../record/model_record.ts'
import { counterCallbacks } from './counter_cache.ts'
import { dependentCallbacks } from './dependent.ts'
import { touchCallbacks } from './touch.ts'

/** One step that an association adds to the life of its record. */
export interface AssociationCallback {
  readonly event: CallbackEvent
  readonly position: 'before' | 'after'
  readonly work: (record: ModelRecord) => unknown
}

/** The callbacks that the options of the associations mean: counters, timestamps of owners, dependents. */
export function associationCallbacks(info: ModelInfo): CallbackDeclaration[] {
  return [...info.reflections.values()].flatMap((reflection) =>
    [...dependentCallbacks(reflection), ...counterCallbacks(reflection), ...touchCallbacks(reflection)].map(
      ({ event, position, work }): CallbackDeclaration => ({
        event,
        position,
        body: work as never,
        options: {},
        prepend: false,
        sequence: reflection.sequence,
      }),
    ),
  )
}
