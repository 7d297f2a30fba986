import type { ModelRecord } from '../record/model_record.ts'
import { readAttribute, writeAttribute } from '../record/attribute_access.ts'
import { EXTRA, FLAGS, Flag } from '../record/record_state.ts'
import { RecordNotSaved } from '../errors.ts'
import type { AssociationCallback } from './callbacks.ts'
import type { Collection } from './collection.ts'
import type { Reflection } from './reflection.ts'
import { writeOwnerKey, writeTargetType } from './accessors.ts'
import { loadedRecords, touchedReflections } from './state.ts'

/** Whether saving a record may save others too. */
export function hasAssociatedRecords(record: ModelRecord): boolean {
  return (record[EXTRA]?.associations?.size ?? 0) > 0
}

/** Before a record: its new owners, so that it can take their keys.
 * @returns false when an owner with `autosave` can't be saved
 */
export async function saveOwners(record: ModelRecord): Promise<boolean> {
  for (const reflection of touchedReflections(record)) {
    if (reflection.kind !== 'belongsTo') continue
    const [owner] = loadedRecords(record, reflection)
    if (owner === undefined || isSaving(owner)) continue
    const { autosave } = reflection.options
    if (owner.isNewRecord() ? autosave !== false : autosave === true && owner.isChanged()) {
      const isSaved = await owner.save({ validate: autosave !== true })
      if (!isSaved && autosave === true) return false
    }
    writeOwnerKey(record, reflection, owner)
  }
  return true
}

/** After a record: its new children, and with `autosave` its changed ones, where the association was declared among the callbacks. */
export function autosaveCallbacks(reflection: Reflection): AssociationCallback[] {
  if (reflection.kind === 'belongsTo') return []
  const work = async (record: ModelRecord): Promise<void> => {
    if (!record[EXTRA]?.associations?.has(reflection.name)) return
    const isSaved = reflection.isCollection ? await saveCollection(record, reflection) : await saveOnly(record, reflection)
    if (!isSaved) throw new RecordNotSaved({ reason: `Failed to save the associated ${reflection.name}.`, record })
  }
  return [
    { event: 'create', position: 'after', work, isAutosave: true },
    { event: 'update', position: 'after', work, isAutosave: true },
  ]
}

async function saveCollection(record: ModelRecord, reflection: Reflection): Promise<boolean> {
  const collection = record[EXTRA]!.associations!.get(reflection.name) as Collection
  const { autosave } = reflection.options
  for (const child of [...collection.target]) {
    if (isSaving(child) || autosave === false) continue
    if (reflection.through !== undefined) {
      if (child.isNewRecord() && !(await child.save())) return false
      if (isFresh(record)) await collection.joinWith(child, true)
    } else if (child.isNewRecord() || isFresh(record) || (autosave === true && child.isChanged())) {
      collection.own(child)
      if (!(await child.save({ validate: false }))) return false
    }
  }
  return true
}

async function saveOnly(record: ModelRecord, reflection: Reflection): Promise<boolean> {
  const [child] = loadedRecords(record, reflection)
  if (child === undefined || isSaving(child) || reflection.through !== undefined) return true
  const key = readAttribute(record, reflection.ownerKey)
  const isOwned = readAttribute(child, reflection.targetKey) === key
  if (!isOwned) writeAttribute(child, reflection.targetKey, key)
  writeTargetType(child, reflection)
  if (!child.isNewRecord() && !child.attributeChanged(reflection.targetKey) && !(reflection.options.autosave && child.isChanged()))
    return true
  return child.save({ validate: reflection.options.autosave !== true })
}

function isSaving(record: ModelRecord): boolean {
  return (record[FLAGS] & Flag.saving) !== 0
}

/** Inserted by the save that is going on: what it has in memory was given to it and isn't in the database. */
function isFresh(record: ModelRecord): boolean {
  return (record[FLAGS] & Flag.wasNew) !== 0
}
