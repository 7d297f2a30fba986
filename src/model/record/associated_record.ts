import { Reference } from '../associations/reference.ts'
import { collectionOf, forgetAssociations, loadedOf } from '../associations/state.ts'
import { infoOf, type ModelInfo } from '../model_info.ts'
import { includeTree } from '../relation/includes.ts'
import { preload } from '../relation/preloader.ts'
import { infoOfRecord } from './attribute_access.ts'
import type { ModelClass, ModelRecord } from './model_record.ts'
import { ValidatedRecord } from './validated_record.ts'

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

  /** Forgets what was loaded or assigned for associations. */
  resetAssociations(): void {
    forgetAssociations(this)
  }
}
