import { InvalidArgument, RecordNotSaved, Rollback } from '../errors.ts'
import { infoOf } from '../model_info.ts'
import { isRecord, readAttribute } from '../record/attribute_access.ts'
import { plainAttributes } from '../record/attribute_record.ts'
import type { ModelRecord } from '../record/model_record.ts'
import { inTransaction } from '../transactions/transaction.ts'
import { clearedKeys, ownRecord, requireTarget, writeTargetType } from './accessors.ts'
import { counterOfCollection, discountMany } from './counter_cache.ts'
import { CollectionBase } from './collection_base.ts'
import { hasCollectionCallbacks, runCollectionCallbacks, runCollectionCallbacksNow } from './collection_callbacks.ts'
import type { CollectionEvent, Dependent } from './declaration.ts'
import type { Reflection } from './reflection.ts'
import { collectionOf, setCached, setInverse } from './state.ts'

/** Sets what is left of a new record, before it is saved: Ruby's block. */
type Fill = (record: ModelRecord) => unknown

/** The collection methods of a hasMany: what makes, adds and removes records. */
export class Collection extends CollectionBase {
  /** A new record that belongs to the owner, saved with it.
   * @param fill sets the rest of it, before the callbacks of the collection
   */
  override new(attributes: object | readonly object[] = {}, fill?: Fill): ModelRecord {
    if (Array.isArray(attributes)) return attributes.map((each) => this.new(each, fill)) as unknown as ModelRecord
    const record = this.made(attributes)
    fill?.(record)
    this.addNow(record)
    return record
  }

  override build(attributes: object | readonly object[] = {}, fill?: Fill): ModelRecord {
    return this.new(attributes, fill)
  }

  override async create(attributes: object | readonly object[] = {}, fill?: Fill): Promise<ModelRecord | ModelRecord[]> {
    return this.make(attributes, fill, (record) => record.save())
  }

  override async createOrThrow(attributes: object | readonly object[] = {}, fill?: Fill): Promise<ModelRecord | ModelRecord[]> {
    return this.make(attributes, fill, (record) => record.saveOrThrow())
  }

  /** Adds records, and saves them when the owner is saved. Rails' `<<`.
   * @returns the records; false when one can't be saved: none of them is then, and all are in the collection as new records
   */
  async push(...records: readonly (ModelRecord | readonly ModelRecord[])[]): Promise<ModelRecord[] | false> {
    const added = records.flat().map((record) => requireTarget(this.reflection, record))
    if (this.owner.isNewRecord()) {
      for (const record of added) await this.adding(record, async () => this.addToTarget(record))
      return added
    }
    let isSaved = false
    await inTransaction(this.info.schema.binding, async () => {
      isSaved = true
      for (const record of added) isSaved = (await this.attach(record)) && isSaved
      if (!isSaved) throw new Rollback()
    })
    return isSaved && added
  }

  async concat(...records: readonly (ModelRecord | readonly ModelRecord[])[]): Promise<ModelRecord[] | false> {
    return this.push(...records)
  }

  /** Removes records from the collection; what becomes of their rows follows the `dependent` option: by default the foreign key becomes null. */
  async delete(...records: readonly (ModelRecord | readonly ModelRecord[])[]): Promise<ModelRecord[]> {
    return this.detach(await Collection.#records(this, records.flat()), this.reflection.options.dependent === 'destroy')
  }

  /** Destroys records of the collection; of a `through` collection, the rows between. */
  async destroy(...records: readonly (ModelRecord | readonly ModelRecord[])[]): Promise<ModelRecord[]> {
    return this.detach(await Collection.#records(this, records.flat()), true)
  }

  /** Makes the collection hold exactly these records: others are removed, missing ones added, in one transaction.
   * @example await article.taggings.replace([...kept, article.taggings.build({ tag })])
   */
  async replace(records: readonly ModelRecord[]): Promise<this> {
    const wanted = records.map((record) => requireTarget(this.reflection, record))
    if (this.owner.isNewRecord()) {
      await Collection.#replaceInMemory(this, wanted)
      return this
    }
    const present = [...(await this.toArray())]
    const isIn = (list: readonly ModelRecord[], record: ModelRecord): boolean => list.some((each) => each === record || each.equals(record))
    await inTransaction(this.info.schema.binding, async () => {
      await this.delete(present.filter((record) => !isIn(wanted, record) && !record.isNewRecord()))
      for (const record of wanted) {
        if ((record.isNewRecord() || !isIn(present, record)) && !(await this.attach(record)))
          throw new RecordNotSaved({
            reason: `Failed to replace ${this.reflection.name} because one or more of the new records could not be saved.`,
            record,
          })
      }
    })
    return this
  }

  /** Takes records as what shall be saved with a new owner. */
  assignTarget(records: readonly ModelRecord[]): void {
    const removed = this.target.filter((record) => !records.includes(record))
    if (!Collection.#allMay(this, 'beforeRemove', removed)) return
    this.setTarget(this.target.filter((record) => records.includes(record)))
    for (const record of removed) runCollectionCallbacksNow(this.owner, this.reflection, 'afterRemove', record)
    for (const record of records) if (!this.target.includes(record)) this.addNow(record)
  }

  static #allMay({ owner, reflection }: Collection, event: CollectionEvent, records: readonly ModelRecord[]): boolean {
    return records.every((record) => runCollectionCallbacksNow(owner, reflection, event, record))
  }

  static async #replaceInMemory(collection: Collection, wanted: readonly ModelRecord[]): Promise<void> {
    const removed = collection.target.filter((record) => !wanted.includes(record))
    if (removed.length > 0) await collection.detach(removed, false)
    for (const record of wanted) {
      if (!collection.target.includes(record)) await collection.adding(record, async () => collection.addToTarget(record))
    }
  }

  /** Removes all records, as {@link deleteAll} does. */
  async clear(): Promise<this> {
    await this.deleteAll()
    return this
  }

  /** Removes all rows with one statement: they lose their owner, or are deleted when the `dependent` option says so.
   * @param dependent what becomes of them, whatever the option says
   * @returns how many there were
   */
  override async deleteAll(
    dependent: 'nullify' | 'deleteAll' | Dependent | undefined = this.reflection.options.dependent,
  ): Promise<number> {
    const { reflection } = this
    if (reflection.through !== undefined) return (await this.delete(await this.toArray())).length
    const rows = this.info.relation(this.clauses)
    const isDeleted = dependent === 'destroy' || dependent === 'deleteAll' || dependent === 'delete'
    const affected = isDeleted ? await rows.deleteAll() : await rows.updateAll(clearedKeys(reflection))
    await discountMany(this.owner, reflection, affected)
    if (this.owner.isPersisted()) this.setTarget([])
    return affected
  }

  override async destroyAll(): Promise<ModelRecord[]> {
    return this.destroy([...(await this.toArray())])
  }

  /** The number of records: those in memory when loaded, else what a counter of the owner says or the database counts, with the unsaved ones. */
  override async size(): Promise<number> {
    if (this.isLoaded()) return this.target.length
    const counted = this.counted() ?? ((await this.count()) as number)
    if (counted === 0 && this.target.length === 0) this.setTarget([])
    return counted + this.target.filter((record) => record.isNewRecord()).length
  }

  /** What a counter of the owner says; undefined without one. */
  private counted(): number | undefined {
    const counter = counterOfCollection(this.reflection)
    if (counter === undefined || !this.owner.hasAttribute(counter)) return undefined
    const count = Number(readAttribute(this.owner, counter) ?? 0)
    return Math.min(count, this.clauses.limit ?? count)
  }

  override async first(count?: number): Promise<ModelRecord | ModelRecord[] | null> {
    if (!this.isReadInMemory()) return super.first(count)
    const records = await this.toArray()
    return count === undefined ? (records[0] ?? null) : records.slice(0, count)
  }

  override async last(count?: number): Promise<ModelRecord | ModelRecord[] | null> {
    if (!this.isReadInMemory()) return super.last(count)
    const records = await this.toArray()
    return count === undefined ? (records.at(-1) ?? null) : records.slice(-count)
  }

  override async take(count?: number): Promise<ModelRecord | ModelRecord[] | null> {
    return this.isReadInMemory() ? this.first(count) : super.take(count)
  }

  /** Whether records that are in memory count as those of the collection: it is loaded, or has some that the database doesn't know. */
  private isReadInMemory(): boolean {
    return this.isLoaded() || this.target.some((record) => record.isNewRecord() || record.isChanged())
  }

  override async isAny(test?: (record: ModelRecord) => unknown): Promise<boolean> {
    if (test !== undefined) return super.isAny(test)
    if (this.target.length > 0 || this.isLoaded()) return this.target.length > 0
    return this.counted() === undefined ? this.exists() : (await this.size()) > 0
  }

  override async include(record: unknown): Promise<boolean> {
    const isNew = isRecord(record) && record.isNewRecord()
    if (this.isLoaded() || isNew) return this.target.some((each) => each === record || each.equals(record))
    return super.include(record)
  }

  /** Replaces the collection by the records with these keys. */
  async replaceIds(ids: readonly unknown[]): Promise<this> {
    const found = await this.info.relation(this.info.baseClauses).find(ids.filter((id) => id !== '' && id !== null))
    return this.replace(found as ModelRecord[])
  }

  /** Gives a record the owner's key and the owner. */
  own(record: ModelRecord): void {
    const { reflection, owner } = this
    ownRecord(owner, reflection, record)
    writeTargetType(record, reflection)
    const { inverse } = reflection
    if (inverse !== undefined && !inverse.isCollection) setCached(record, inverse, owner)
  }

  /** Saves a record as the owner's. A `through` record gets its row between.
   * @returns false when it can't be saved
   * @throws RecordInvalid for a `through` record
   */
  async attach(record: ModelRecord): Promise<boolean> {
    const { through } = this.reflection
    let isSaved = true
    await this.adding(record, async () => {
      if (through !== undefined) {
        refuseNested(this.reflection)
        if (record.isNewRecord()) await record.saveOrThrow()
        await this.joinWith(record)
      } else {
        this.own(record)
        isSaved = await record.save()
      }
      this.addToTarget(record)
    })
    return isSaved
  }

  /** Does the work of adding a record between the callbacks for it, unless one aborts. */
  private async adding(record: ModelRecord, work: () => Promise<unknown>): Promise<void> {
    if (!(await runCollectionCallbacks(this.owner, this.reflection, 'beforeAdd', record))) return
    await work()
    await runCollectionCallbacks(this.owner, this.reflection, 'afterAdd', record)
  }

  private addNow(record: ModelRecord): void {
    if (!runCollectionCallbacksNow(this.owner, this.reflection, 'beforeAdd', record)) return
    this.addToTarget(record)
    runCollectionCallbacksNow(this.owner, this.reflection, 'afterAdd', record)
  }

  /** A new record of the owner's, which isn't in the collection yet. */
  private made(attributes: object): ModelRecord {
    const { info } = this
    const plain = plainAttributes(info.model.name, attributes)
    const record = new (info.classFor(plain))(this.reflection.through === undefined ? this.scopeAttributes() : {})
    if (this.reflection.through === undefined) this.own(record)
    setInverse(this.owner, this.reflection, record)
    record.assign(plain)
    // Whatever key was given, the owner's is the one.
    if (this.reflection.through === undefined) ownRecord(this.owner, this.reflection, record)
    return record
  }

  /** Makes the row between the owner and a record, or saves the one that was built for it.
   * @param isOwnerFresh whether the owner was inserted just now: then a saved row in memory is the one
   */
  async joinWith(record: ModelRecord, isOwnerFresh = false): Promise<void> {
    const { through, source } = this.reflection
    const between = collectionOf(this.owner, through!)
    const built = between.target.find((each) => Reflect.get(each, source.name) === record)
    if (isOwnerFresh && built?.isPersisted()) return
    const row = built?.isNewRecord() ? built : between.new({ [source.name]: record })
    await row.saveOrThrow()
  }

  private async make(
    attributes: object | readonly object[],
    fill: Fill | undefined,
    save: (record: ModelRecord) => Promise<unknown>,
  ): Promise<ModelRecord | ModelRecord[]> {
    if (Array.isArray(attributes)) {
      const records: ModelRecord[] = []
      for (const each of attributes) records.push((await this.make(each, fill, save)) as ModelRecord)
      return records
    }
    if (this.owner.isNewRecord())
      throw new RecordNotSaved({ reason: 'You cannot call create unless the parent is saved', record: this.owner })
    const record = this.made(attributes)
    await fill?.(record)
    const { through } = this.reflection
    const add = (): Promise<void> =>
      this.adding(record, async () => {
        if ((await save(record)) !== false && through !== undefined) await this.joinWith(record)
        this.addToTarget(record)
      })
    if (through === undefined && !hasCollectionCallbacks(this.reflection)) await add()
    else await inTransaction(this.info.schema.binding, add)
    return record
  }

  /** Records as they are, and keys as the records of the collection that have them. */
  static async #records(collection: Collection, given: readonly unknown[]): Promise<ModelRecord[]> {
    for (const each of given) if (isRecord(each)) requireTarget(collection.reflection, each)
    const keys = given.filter((each) => !isRecord(each))
    const found = keys.length === 0 ? [] : ((await collection.find(keys)) as ModelRecord[])
    return given.map((each) => (isRecord(each) ? (each as ModelRecord) : found.shift()!))
  }

  private async detach(records: readonly ModelRecord[], isDestroy: boolean): Promise<ModelRecord[]> {
    const saved = records.filter((record) => !record.isNewRecord())
    if (saved.length === 0) return (await Collection.#removing(this, records, async () => {})) ? [...records] : []
    const { through, options } = this.reflection
    const remove = async (): Promise<void> => {
      if (through !== undefined) await this.removeBetween(saved, isDestroy)
      else if (isDestroy) for (const record of saved) await record.destroyOrThrow()
      else if (saved.length > 0) {
        const isDeleted = options.dependent === 'deleteAll' || options.dependent === 'delete'
        const rows = this.theseOnly(saved)
        const affected = isDeleted ? await rows.deleteAll() : await rows.updateAll(clearedKeys(this.reflection))
        await discountMany(this.owner, this.reflection, affected)
      }
    }
    const isRemoved = await inTransaction(this.info.schema.binding, () => Collection.#removing(this, records, remove))
    return isRemoved ? [...records] : []
  }

  /** Does the work of removing records between the callbacks for each; none of them is removed when one aborts. */
  static async #removing(collection: Collection, records: readonly ModelRecord[], remove: () => Promise<void>): Promise<boolean> {
    const { owner, reflection } = collection
    for (const record of records) if (!(await runCollectionCallbacks(owner, reflection, 'beforeRemove', record))) return false
    await remove()
    collection.removeFromTarget(records)
    for (const record of records) await runCollectionCallbacks(owner, reflection, 'afterRemove', record)
    return true
  }

  private theseOnly(records: readonly ModelRecord[]): this {
    const names = this.info.schema.primaryKey.map(({ name }) => name)
    return this.where(...isAnyOf(names, records))
  }

  private async removeBetween(records: readonly ModelRecord[], isDestroy: boolean): Promise<void> {
    const { through, source } = this.reflection
    refuseNested(this.reflection)
    refuseFarKeys(this.reflection)
    const between = collectionOf(this.owner, through!)
    const rows = infoOf(through!.target)
      .relation(between.clauses)
      .where(...isAnyOf(source.ownerKeys, records, source.targetKeys))
    if (isDestroy) await rows.destroyAll()
    else await rows.deleteAll()
    between.reset()
  }
}

/** What `where` takes for rows that have the keys of some records. */
function isAnyOf(names: readonly string[], records: readonly ModelRecord[], keys = names): [unknown, ...unknown[]] {
  const [only] = names
  if (names.length === 1) return [{ [only!]: records.map((record) => readAttribute(record, keys[0]!)) }]
  return [names, records.map((record) => keys.map((key) => readAttribute(record, key)))]
}

/** The rows between are the owner's own only where one association leads to them. */
function refuseNested({ through, name, info }: Reflection): void {
  if (through?.through === undefined) return
  const which = `${info.model.name}.${name}`
  throw new InvalidArgument({ reason: `${which} can't be changed, because it goes through more than one other association.` })
}

/** Rows between that don't have the key of the other side aren't what the two have in common: `user.comments` through its posts. */
function refuseFarKeys({ source, name, info }: Reflection): void {
  if (source.kind === 'belongsTo' && source.through === undefined) return
  const which = `${info.model.name}.${name}`
  throw new InvalidArgument({
    reason: `${which} can't be changed, because its records aren't joined by rows of their own: change them where they belong.`,
  })
}
