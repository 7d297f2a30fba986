import { AssociationNotLoaded } from '../errors.ts'
import { infoOf } from '../model_info.ts'
import type { AttributeRecord } from '../record/attribute_record.ts'
import type { ModelRecord } from '../record/model_record.ts'
import { type Clauses, everything } from '../relation/clauses.ts'
import { Relation } from '../relation/relation.ts'
import { associationClauses } from './query.ts'
import type { Reflection } from './reflection.ts'
import { setInverse, setInverses } from './state.ts'
import { checkLoading, inheritStrictness } from './strict_loading.ts'

/** The records of a hasMany: a relation that remembers what it loaded and what was added and isn't saved.
 * Loaded, it can be iterated without await and read like an array. */
export class CollectionBase extends Relation {
  readonly owner: AttributeRecord
  readonly reflection: Reflection
  #target: ModelRecord[] = []
  #isLoaded = false

  constructor(owner: AttributeRecord, reflection: Reflection) {
    super(infoOf(reflection.target), everything)
    this.owner = owner
    this.reflection = reflection
    this.origin = this
  }

  /** The records in memory: the loaded ones and the new ones. */
  get target(): readonly ModelRecord[] {
    return this.#target
  }

  override get clauses(): Clauses {
    return associationClauses(this.owner, this.reflection)
  }

  /** Takes records as what is in the database. The array becomes the collection's own. */
  setTarget(records: ModelRecord[]): void {
    this.#target = records
    this.#isLoaded = true
    setInverses(this.owner, this.reflection, records)
  }

  /** Adds a record to those in memory. */
  addToTarget(record: ModelRecord): void {
    if (!this.#target.includes(record)) this.#target.push(record)
    setInverse(this.owner, this.reflection, record)
  }

  removeFromTarget(records: readonly ModelRecord[]): void {
    this.#target = this.#target.filter((record) => !records.some((removed) => removed === record || removed.equals(record)))
  }

  override isLoaded(): boolean {
    return this.#isLoaded || this.owner.isNewRecord()
  }

  override async toArray(): Promise<ModelRecord[]> {
    if (!this.isLoaded()) await CollectionBase.#loadTarget(this)
    return this.#target
  }

  override reload(): Promise<ModelRecord[]> {
    this.reset()
    return this.toArray()
  }

  /** Forgets what was loaded and what was added. */
  reset(): void {
    this.#target = []
    this.#isLoaded = false
  }

  /** The records without await.
   * @throws AssociationNotLoaded before `includes`, `load` or `await`
   */
  [Symbol.iterator](): IterableIterator<ModelRecord> {
    return this.loadedTarget().values()
  }

  get length(): number {
    return this.loadedTarget().length
  }

  at(place: number): ModelRecord | undefined {
    return this.loadedTarget().at(place)
  }

  map<R>(work: (record: ModelRecord, place: number) => R): R[] {
    return this.loadedTarget().map(work)
  }

  flatMap<R>(work: (record: ModelRecord, place: number) => R | readonly R[]): R[] {
    return this.loadedTarget().flatMap(work)
  }

  filter(test: (record: ModelRecord, place: number) => unknown): ModelRecord[] {
    return this.loadedTarget().filter(test)
  }

  forEach(work: (record: ModelRecord, place: number) => void): void {
    this.loadedTarget().forEach(work)
  }

  some(test: (record: ModelRecord, place: number) => unknown): boolean {
    return this.loadedTarget().some(test)
  }

  every(test: (record: ModelRecord, place: number) => unknown): boolean {
    return this.loadedTarget().every(test)
  }

  reduce<R>(work: (result: R, record: ModelRecord, place: number) => R, initial: R): R {
    return this.loadedTarget().reduce(work, initial)
  }

  /** The first record in memory that passes: `Array.prototype.find`, whose name the finder by key has. */
  detect(test: (record: ModelRecord, place: number) => unknown): ModelRecord | undefined {
    return this.loadedTarget().find(test)
  }

  toJSON(): unknown[] {
    return this.loadedTarget().map((record) => record.toJSON())
  }

  protected loadedTarget(): ModelRecord[] {
    if (this.isLoaded()) return this.#target
    throw new AssociationNotLoaded({ model: this.owner.constructor.name, association: this.reflection.name })
  }

  /** Records already in memory stay the same objects; new ones come after the saved ones. */
  static async #loadTarget(collection: CollectionBase): Promise<void> {
    const { owner, reflection } = collection
    checkLoading(owner, reflection)
    const found = await collection.fetch()
    inheritStrictness(owner, reflection, found)
    const known = collection.#target
    const saved = found.map((record) => known.find((each) => each.equals(record)) ?? record)
    collection.setTarget([...saved, ...known.filter((record) => record.isNewRecord() && !saved.includes(record))])
  }
}
