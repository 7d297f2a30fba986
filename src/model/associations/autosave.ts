import { abort } from '../../errors/index.ts'
import type { ModelRecord } from '../record/model_record.ts'
import { readAttribute } from '../record/attribute_access.ts'
import { ASSOCIATIONS, EXTRA, FLAGS, Flag } from '../record/record_state.ts'
import { RecordInvalid, RecordNotSaved } from '../errors.ts'
import type { AssociationCallback } from './callbacks.ts'
import type { Collection } from './collection.ts'
import { loadedAs } from './loaded_associations.ts'
import type { Reflection } from './reflection.ts'
import { ownRecord, writeOwnerKey, writeTargetType } from './accessors.ts'
import { discardReplaced } from './replaced.ts'
import { loadedOf, loadedRecords } from './state.ts'
import { throughCallbacks } from './through_record.ts'

/** Whether saving a record may save others too. */
export function hasAssociatedRecords(record: ModelRecord): boolean {
  return record[ASSOCIATIONS] !== null || record[EXTRA]?.nested !== undefined
}

/** Where an association was declared among the callbacks: before a record its new owners, whose keys it takes; after it its new children.
 * With `autosave` the changed ones too, and those that are marked are destroyed. */
export function autosaveCallbacks(reflection: Reflection): AssociationCallback[] {
  if (reflection.kind === 'belongsTo')
    return [{ event: 'save', position: 'before', work: ifInMemory(reflection, saveOwner), isAutosave: true }]
  if (reflection.kind === 'hasOne' && reflection.options.through !== undefined) return throughCallbacks(reflection)
  const work = ifInMemory(reflection, reflection.isCollection ? saveCollection : saveOnly)
  return [
    { event: 'create', position: 'after', work, isAutosave: true },
    { event: 'update', position: 'after', work, isAutosave: true },
  ]
}

type Work = (record: ModelRecord, reflection: Reflection) => Promise<void>

function ifInMemory(reflection: Reflection, work: Work): (record: ModelRecord) => unknown {
  return (record) => (loadedAs(record[ASSOCIATIONS], reflection.name) !== undefined ? work(record, reflection) : undefined)
}

async function saveOwner(record: ModelRecord, reflection: Reflection): Promise<void> {
  const owner = loadedOf(record, reflection) as ModelRecord | null | undefined
  if (owner === undefined || owner === null || owner.isDestroyed() || isSaving(owner)) return
  const { autosave } = reflection.options
  if (autosave === true && owner.isMarkedForDestruction()) {
    writeOwnerKey(record, reflection, null)
    await owner.destroy()
    return
  }
  if (autosave !== false && (owner.isNewRecord() || (autosave === true && owner.isChangedForAutosave()))) {
    const isSaved = await owner.save({ validate: autosave !== true })
    if (!isSaved && autosave === true) abort()
  }
  writeOwnerKey(record, reflection, owner)
}

async function saveCollection(record: ModelRecord, reflection: Reflection): Promise<void> {
  const collection = loadedAs(record[ASSOCIATIONS], reflection.name)!.value as Collection
  const { autosave } = reflection.options
  const children = childrenToSave(record, reflection, collection.target)
  if (autosave === true) {
    const marked = children.filter((child) => child.isMarkedForDestruction())
    if (marked.length > 0) await collection.destroy(marked)
  }
  for (const child of children) {
    if (child.isDestroyed() || child.isMarkedForDestruction() || isSaving(child)) continue
    if (!(await saveChild(record, reflection, collection, child))) throw new RecordInvalid(record)
  }
}

/** Those in memory that saving their owner, or validating it, is about: all of a new one, the changed ones with `autosave`, else the new ones. */
export function childrenToSave(record: ModelRecord, reflection: Reflection, children: readonly ModelRecord[]): ModelRecord[] {
  if (record.isNewRecord() || isFresh(record)) return [...children]
  if (reflection.options.autosave === true) return children.filter((child) => child.isChangedForAutosave())
  return children.filter((child) => child.isNewRecord())
}

async function saveChild(record: ModelRecord, reflection: Reflection, collection: Collection, child: ModelRecord): Promise<boolean> {
  const { autosave, validate } = reflection.options
  const isNew = child.isNewRecord() || isFresh(record)
  if (!isNew) return autosave !== true || child.save({ validate: false })
  if (autosave === false) return true
  if (reflection.through !== undefined) {
    const isNewChild = child.isNewRecord()
    if (isNewChild && !(await child.save())) return false
    if (isNewChild || isFresh(record)) await collection.joinWith(child, isFresh(record))
    return true
  }
  collection.own(child)
  if (autosave === true) return child.save({ validate: false })
  const isSaved = await child.save({ validate: validate !== false })
  if (!isSaved && validate !== false) record.errors.add(reflection.name, 'invalid')
  return isSaved || validate === false
}

async function saveOnly(record: ModelRecord, reflection: Reflection): Promise<void> {
  const isReplaced = await discardReplaced(record, reflection)
  const [child] = loadedRecords(record, reflection)
  const { autosave } = reflection.options
  if (child === undefined || child.isDestroyed() || isSaving(child)) return
  if (autosave === true && child.isMarkedForDestruction()) {
    await child.destroy()
    return
  }
  if (autosave === false) return
  const { ownerKeys, targetKeys } = reflection
  const hasKey = targetKeys.every((name, place) => readAttribute(child, name) === readAttribute(record, ownerKeys[place]!))
  const isOwned = hasKey && !targetKeys.some((name) => child.attributeChanged(name))
  if (isOwned && !child.isNewRecord() && !(autosave === true && child.isChangedForAutosave())) return
  if (!hasKey) ownRecord(record, reflection, child)
  writeTargetType(child, reflection)
  const isSaved = await child.save({ validate: autosave !== true })
  if (isSaved) return
  if (autosave === true) throw new RecordInvalid(record)
  if (isReplaced) throw new RecordNotSaved({ reason: `Failed to save the new associated ${reflection.name}.`, record: child })
}

function isSaving(record: ModelRecord): boolean {
  return (record[FLAGS] & Flag.saving) !== 0
}

/** Inserted by the save that is going on: what it has in memory was given to it and isn't in the database. */
function isFresh(record: ModelRecord): boolean {
  return (record[FLAGS] & Flag.wasNew) !== 0
}
