import { infoOf } from '../model_info.ts'
import { FLAGS, Flag } from '../record/record_state.ts'
import type { ModelRecord } from '../record/model_record.ts'
import type { AssociationCallback } from './callbacks.ts'
import type { Reflection } from './reflection.ts'

/** Writes the time to the owner when the record is created, changed, touched or destroyed. */
export function touchCallbacks(reflection: Reflection): AssociationCallback[] {
  const { touch } = reflection.options
  if (reflection.kind !== 'belongsTo' || !touch) return []
  const columns = typeof touch === 'string' ? [touch] : []
  const work = async (record: ModelRecord): Promise<void> => {
    await touchFormer(reflection, record, columns)
    const owner = (await Reflect.get(record, reflection.name)) as ModelRecord | null
    if (owner?.isPersisted() && (owner[FLAGS] & Flag.destroying) === 0) await owner.touch(...columns)
  }
  const ifChanged = async (record: ModelRecord): Promise<void> => {
    if (record.hasSavedChanges()) await work(record)
  }
  return (['create', 'update', 'touch', 'destroy'] as const).map((event) => ({
    event,
    position: 'after',
    work: event === 'update' ? ifChanged : work,
  }))
}

/** The owner that a record was taken from. */
async function touchFormer(reflection: Reflection, record: ModelRecord, columns: readonly string[]): Promise<void> {
  const change = record.savedChangeTo(reflection.ownerKey)
  if (change === undefined || change[0] === null || record.isPreviouslyNewRecord()) return
  const target = infoOf(reflection.target)
  const former = (await target
    .relation(target.unscopedClauses)
    .where({ [reflection.targetKey]: change[0] })
    .take()) as ModelRecord | null
  await former?.touch(...columns)
}
