import { infoOfRecord } from '../record/attribute_access.ts'
import type { ModelRecord } from '../record/model_record.ts'
import type { ModelInfo } from '../model_info.ts'
import { includeTree } from './includes.ts'
import { preload } from './preloader.ts'

/** What a {@link Preloader} loads. */
export interface PreloaderOptions {
  /** Records that are there already, of one class or of several. */
  readonly records: readonly object[]
  /** What to load with them, as `preload` takes it: names, lists and nested objects. */
  readonly associations: unknown
}

/** Loads associations of records that were found before, one query an association. What they have loaded already stays.
 * @example await new Preloader({ records: posts, associations: ['author', { comments: 'author' }] }).call()
 */
export class Preloader {
  readonly records: readonly object[]
  readonly associations: unknown

  constructor({ records, associations }: PreloaderOptions) {
    this.records = records
    this.associations = associations
  }

  /** @throws UnknownAssociation before anything is loaded */
  async call(): Promise<void> {
    const byModel = new Map<ModelInfo, ModelRecord[]>()
    for (const record of this.records as readonly ModelRecord[]) {
      const info = infoOfRecord(record)
      byModel.set(info, [...(byModel.get(info) ?? []), record])
    }
    const trees = [...byModel].map(([info, records]) => ({ info, records, tree: includeTree(info, this.associations) }))
    for (const { info, records, tree } of trees) await preload(info, records, tree)
  }
}
