import type { ModelRecord } from '../record/model_record.ts'
import type { AssociationCallback } from './callbacks.ts'
import type { Reflection } from './reflection.ts'

/** Writes the time to the owner when the record is created, changed, touched or destroyed. */
export function touchCallbacks(reflection: Reflection): AssociationCallback[] {
  const { touch } = reflection.options
  if (reflection.kind !== 'belongsTo' || !touch) return []
  const work = async (record: ModelRecord): Promise<void> => {
    const owner = (await Reflect.get(record, reflection.name)) as ModelRecord | null
    if (owner?.isPersisted()) await owner.touch(...(typeof touch === 'string' ? [touch] : []))
  }
  return (['create', 'update', 'touch', 'destroy'] as const).map((event) => ({ event, position: 'after', work }))
}
