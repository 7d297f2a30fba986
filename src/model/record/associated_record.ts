import { Reference } from '../associations/reference.ts'
import { collectionOf, forgetAssociations, loadedOf, loadedRecords, touchedReflections } from '../associations/state.ts'
import { infoOf, type ModelInfo } from '../model_info.ts'
import { includeTree } from '../relation/includes.ts'
import { preload } from '../relation/preloader.ts'
import { infoOfRecord } from './attribute_access.ts'
import type { ModelClass, ModelRecord } from './model_record.ts'
import { EXTRA, FLAGS, Flag } from './record_state.ts'
import { ValidatedRecord } from './validated_record.ts'

/** The records that are being asked, since associations lead back. */
const asked = new Set<AssociatedRecord>()

function isChangedBelow(record: AssociatedRecord): boolean {
  if (record[EXTRA]?.nested !== undefined) return true
  if (asked.has(record)) return false
  asked.add(record)
  try {
    return touchedReflections(record).some(
      (reflection) => reflection.options.autosave === true && loadedRecords(record, reflection).some((each) => each.isChangedForAutosave()),
    )
  } finally {
    asked.delete(record)
  }
}

/** The associations of a record, by name. */
export class AssociatedRecord extends ValidatedRecord {
  /** The association by name: a collection, a loaded record, or something to await.
   * @throws UnknownAssociation with a suggestion
   */
  association(name: string): unknown {
    const reflection = infoOfRecord(this).reflection(name)
    if (reflection.isCollection) return collectionOf(this, reflection)
    const loaded = loadedOf(this, reflection)
    return loaded === undefined ? new Reference(this, reflection) : loaded
  }

  /** Whether reading the association asks nobody. */
  isAssociationLoaded(name: string): boolean {
    const reflection = infoOfRecord(this).reflection(name)
    const loaded = loadedOf(this, reflection)
    if (!reflection.isCollection) return loaded !== undefined
    return collectionOf(this, reflection).isLoaded()
  }

  /** Loads associations of this record, as `includes` does.
   * @example await article.load('author', { comments: 'author' })
   */
  async load(...trees: readonly unknown[]): Promise<this> {
    const info: ModelInfo = infoOf(this.constructor as unknown as ModelClass)
    await preload(info, [this as unknown as ModelRecord], includeTree(info, trees))
    return this
  }

  /** Has the record destroyed when its owner is saved, where the association has `autosave` or takes nested attributes. */
  markForDestruction(): true {
    this[FLAGS] |= Flag.markedForDestruction
    return true
  }

  isMarkedForDestruction(): boolean {
    return (this[FLAGS] & Flag.markedForDestruction) !== 0
  }

  /** Whether saving the owner, with `autosave`, has something to do here or among the records that are saved with this one. */
  isChangedForAutosave(): boolean {
    return this.isNewRecord() || this.isChanged() || this.isMarkedForDestruction() || isChangedBelow(this)
  }

  /** Forgets what was loaded or assigned for associations. */
  resetAssociations(): void {
    forgetAssociations(this)
  }
}
