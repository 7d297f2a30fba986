import { RecordNotUnique } from '../errors.ts'
import type { Collection } from '../associations/collection.ts'
import { collectionOf } from '../associations/state.ts'
import { plainAttributes } from '../record/attribute_record.ts'
import type { ModelRecord } from '../record/model_record.ts'
import { inTransaction } from '../transactions/transaction.ts'
import { InsertMethods } from './insert_methods.ts'

/** Sets what is left of a new record, before it is saved: Ruby's block. */
export type Fill = (record: ModelRecord) => unknown

/** The methods that make records on a relation: they start with what its conditions fix. */
export class MakingMethods extends InsertMethods {
  /** A new record of the class that its type says; of a list of attributes, one each. On a relation that a collection was narrowed to, it is in the
   * collection, and saved with its owner.
   * @throws SubclassNotFound for a type that is no class below the model
   */
  new(attributes: object | readonly object[] = {}, fill?: Fill): ModelRecord {
    if (Array.isArray(attributes)) return attributes.map((each) => this.new(each, fill)) as unknown as ModelRecord
    const { info } = this
    if (this.origin !== undefined) return this.collection().new(this.startingWith(attributes), fill)
    const given = this.startingWith(attributes)
    const record = new (info.classFor(given))(given)
    fill?.(record)
    return record
  }

  /** Another name of {@link new}. */
  build(attributes: object | readonly object[] = {}, fill?: Fill): ModelRecord {
    return this.new(attributes, fill)
  }

  /** A new record that was saved, or isn't valid; of a list of attributes, one each. On a relation that a collection was narrowed to, it is in the
   * collection.
   * @param fill sets the rest of each before it is saved
   * @throws RecordNotSaved on a collection of an owner that isn't saved
   */
  async create(attributes: object | readonly object[] = {}, fill?: Fill): Promise<ModelRecord | ModelRecord[]> {
    if (Array.isArray(attributes)) {
      const records: ModelRecord[] = []
      for (const each of attributes) records.push((await this.create(each, fill)) as ModelRecord)
      return records
    }
    if (this.origin !== undefined) return this.collection().create(this.startingWith(attributes), fill)
    const record = this.new(attributes)
    await fill?.(record)
    await record.save()
    return record
  }

  /** @throws RecordInvalid when it isn't valid */
  async createOrThrow(attributes: object | readonly object[] = {}, fill?: Fill): Promise<ModelRecord | ModelRecord[]> {
    if (Array.isArray(attributes)) {
      const records: ModelRecord[] = []
      for (const each of attributes) records.push((await this.createOrThrow(each, fill)) as ModelRecord)
      return records
    }
    if (this.origin !== undefined) return this.collection().createOrThrow(this.startingWith(attributes), fill)
    const record = this.new(attributes)
    await fill?.(record)
    return record.saveOrThrow()
  }

  /** The record, or a new one that isn't saved.
   * @example await User.findOrInitializeBy({ email }, (user) => { user.name = name })
   */
  async findOrInitializeBy(attributes: Record<string, unknown>, fill?: Fill): Promise<ModelRecord> {
    return (await this.findBy(attributes)) ?? this.filled(attributes, fill)
  }

  /** The record, or a new one: unsaved when it isn't valid. Of two that create it at the same time, the later one finds what the other made.
   * @param rest what a new one has beside, or a function that sets it
   */
  async findOrCreateBy(attributes: Record<string, unknown>, rest?: object | Fill): Promise<ModelRecord> {
    return (await this.findBy(attributes)) ?? createOrFind(this, attributes, () => this.create(...withRest(attributes, rest)))
  }

  /** The record, or a new one saved.
   * @throws RecordInvalid when the new one isn't valid
   */
  async findOrCreateByOrThrow(attributes: Record<string, unknown>, rest?: object | Fill): Promise<ModelRecord> {
    return (await this.findBy(attributes)) ?? createOrFind(this, attributes, () => this.createOrThrow(...withRest(attributes, rest)))
  }

  /** A new record, or the one that is there when a unique index refuses it: for what seldom exists. */
  async createOrFindBy(attributes: Record<string, unknown>, rest?: object | Fill): Promise<ModelRecord> {
    return createOrFind(this, attributes, () => this.create(...withRest(attributes, rest)))
  }

  /** As {@link createOrFindBy}.
   * @throws RecordInvalid when the new one isn't valid
   */
  async createOrFindByOrThrow(attributes: Record<string, unknown>, rest?: object | Fill): Promise<ModelRecord> {
    return createOrFind(this, attributes, () => this.createOrThrow(...withRest(attributes, rest)))
  }

  /** The first record of the relation, or a new one on it.
   * @example await User.where({ email }).firstOrCreate({ name })
   */
  async firstOrCreate(attributes: object = {}, fill?: Fill): Promise<ModelRecord> {
    return ((await this.first()) ?? (await this.create(attributes, fill))) as ModelRecord
  }

  /** As {@link firstOrCreate}.
   * @throws RecordInvalid when the new one isn't valid
   */
  async firstOrCreateOrThrow(attributes: object = {}, fill?: Fill): Promise<ModelRecord> {
    return ((await this.first()) ?? (await this.createOrThrow(attributes, fill))) as ModelRecord
  }

  /** The first record of the relation, or a new one on it that isn't saved. */
  async firstOrInitialize(attributes: object = {}, fill?: Fill): Promise<ModelRecord> {
    return ((await this.first()) ?? (await this.filled(attributes, fill))) as ModelRecord
  }

  private startingWith(attributes: object): Record<string, unknown> {
    return { ...this.scopeAttributes(), ...plainAttributes(this.info.model.name, attributes) }
  }

  /** The collection that the relation was narrowed from. */
  private collection(): Collection {
    const { owner, reflection } = this.origin!
    return collectionOf(owner, reflection)
  }

  private async filled(attributes: object, fill: Fill | undefined): Promise<ModelRecord> {
    const record = this.build(attributes)
    await fill?.(record)
    return record
  }
}

function withRest(attributes: object, rest: object | Fill = {}): [object, Fill?] {
  return typeof rest === 'function' ? [attributes, rest as Fill] : [{ ...attributes, ...rest }]
}

/** Creates in a transaction of its own (a savepoint in an open one, which a refused insert would spoil), and finds when a unique index refuses. */
async function createOrFind(
  relation: MakingMethods,
  attributes: Record<string, unknown>,
  create: () => Promise<unknown>,
): Promise<ModelRecord> {
  try {
    return (await inTransaction(relation.info.schema.binding, create, { requiresNew: true })) as ModelRecord
  } catch (error) {
    if (!(error instanceof RecordNotUnique)) throw error
    const found = await relation.findBy(attributes)
    if (found === null) throw error
    return found
  }
}
