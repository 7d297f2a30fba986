import { InvalidArgument, RecordNotFound, SoleRecordExceeded } from '../errors.ts'
import { isRecord, readAttribute } from '../record/attribute_access.ts'
import type { ModelRecord } from '../record/model_record.ts'
import { keyOrders } from '../sql/order.ts'
import { selectionsOf } from '../sql/selection.ts'
import { SqlFragment } from '../sql/fragment.ts'
import type { Clauses } from './clauses.ts'
import { isKey, keyText } from '../sql/keys.ts'
import { CompositionMethods } from './composition_methods.ts'
import { reversed } from './query_methods.ts'

type Test = (record: ModelRecord) => unknown

/** The methods that find records. */
export class FinderMethods extends CompositionMethods {
  /** The record with a key, or the records with several, in the order of the keys.
   * @throws RecordNotFound when one of them isn't there
   */
  find(id: unknown, ...more: readonly unknown[]): Promise<ModelRecord | ModelRecord[]> {
    const { key, primaryKey } = this.info.schema
    if (key === undefined && primaryKey.length > 1) return this.findComposite(more.length > 0 ? [id, ...more] : id)
    if (Array.isArray(id) || more.length > 0) return this.findSeveral([id, ...more].flat())
    return this.findOne(id)
  }

  async findBy(condition: unknown, ...values: readonly unknown[]): Promise<ModelRecord | null> {
    return this.where(condition, ...values).take() as Promise<ModelRecord | null>
  }

  /** @throws RecordNotFound when no row meets the condition */
  async findByOrThrow(condition: unknown, ...values: readonly unknown[]): Promise<ModelRecord> {
    return (await this.findBy(condition, ...values)) ?? this.notFound()
  }

  /** A record, in no particular order; with a count, an array of that many. */
  async take(count?: number): Promise<ModelRecord | ModelRecord[] | null> {
    return this.loadedEdge(count) ?? this.edge(this.clauses, count)
  }

  async takeOrThrow(): Promise<ModelRecord> {
    return ((await this.take()) as ModelRecord | null) ?? this.notFound()
  }

  /** The first by the relation's order, or by key. */
  async first(count?: number): Promise<ModelRecord | ModelRecord[] | null> {
    const { clauses } = this
    const loaded = this.loadedEdge(count)
    if (loaded !== undefined) return loaded
    return this.edge(clauses.orders.length === 0 ? clauses.with({ orders: keyOrders(this.info, 'asc') }) : clauses, count)
  }

  async firstOrThrow(): Promise<ModelRecord> {
    return ((await this.first()) as ModelRecord | null) ?? this.notFound()
  }

  /** The last by the relation's order, or by key. */
  async last(count?: number): Promise<ModelRecord | ModelRecord[] | null> {
    const { clauses } = this
    if (clauses.limit !== null || clauses.offset !== null || this.isLoaded()) {
      const records = await this.toArray()
      return count === undefined ? (records.at(-1) ?? null) : records.slice(-count)
    }
    const found = await this.edge(clauses.with({ orders: reversed(clauses, () => keyOrders(this.info, 'desc')) }), count)
    return Array.isArray(found) ? found.reverse() : found
  }

  async lastOrThrow(): Promise<ModelRecord> {
    return ((await this.last()) as ModelRecord | null) ?? this.notFound()
  }

  second(): Promise<ModelRecord | null> {
    return this.nth(2)
  }

  secondOrThrow(): Promise<ModelRecord> {
    return this.nthOrThrow(2)
  }

  third(): Promise<ModelRecord | null> {
    return this.nth(3)
  }

  thirdOrThrow(): Promise<ModelRecord> {
    return this.nthOrThrow(3)
  }

  fourth(): Promise<ModelRecord | null> {
    return this.nth(4)
  }

  fourthOrThrow(): Promise<ModelRecord> {
    return this.nthOrThrow(4)
  }

  fifth(): Promise<ModelRecord | null> {
    return this.nth(5)
  }

  fifthOrThrow(): Promise<ModelRecord> {
    return this.nthOrThrow(5)
  }

  fortyTwo(): Promise<ModelRecord | null> {
    return this.nth(42)
  }

  secondToLast(): Promise<ModelRecord | null> {
    return this.nthToLast(2)
  }

  thirdToLast(): Promise<ModelRecord | null> {
    return this.nthToLast(3)
  }

  /** The only record.
   * @throws RecordNotFound when there is none
   * @throws SoleRecordExceeded when there are more
   */
  async sole(): Promise<ModelRecord> {
    const found = await this.limit(2).toArray()
    if (found.length > 1) throw new SoleRecordExceeded({ model: this.info.model.name })
    return found[0] ?? this.notFound()
  }

  async findSoleBy(condition: unknown, ...values: readonly unknown[]): Promise<ModelRecord> {
    return this.where(condition, ...values).sole()
  }

  /** Whether there is such a row: any of the relation, one with a key, or one that meets a condition. */
  async exists(condition?: unknown): Promise<boolean> {
    if (condition === false || condition === null) return false
    if (isRecord(condition)) throw new InvalidArgument({ reason: 'exists() takes the key of a record, not the record itself.' })
    let relation = this
    if (condition !== undefined) {
      // A text is a key, as in Rails, and never SQL: it may come from outside.
      const { primaryKey } = this.info.schema
      const isConditions = typeof condition === 'object' && condition !== null
      const isKeyOfSeveral = primaryKey.length > 1 && Array.isArray(condition)
      if (isKeyOfSeveral && !condition.every(isKey)) return false
      relation = isKeyOfSeveral
        ? this.where(
            primaryKey.map(({ name }) => name),
            [condition],
          )
        : this.where(isConditions ? condition : { [this.requireKey()]: condition })
    }
    const { clauses } = relation
    if (clauses.limit === 0) return false
    const [one] = selectionsOf(this.info, [new SqlFragment('1', [])])
    const rows = await this.rows(
      [one!],
      clauses.with({ orders: [], limit: 1, distinct: clauses.distinct && clauses.offset !== null }),
      'Exists?',
    )
    return rows.length > 0
  }

  /** Whether there are rows; with a test, whether one of the records passes it. */
  async isAny(test?: Test): Promise<boolean> {
    if (test !== undefined) return (await this.passing(test)) > 0
    return this.isLoaded() ? (await this.toArray()).length > 0 : this.exists()
  }

  async any(test?: Test): Promise<boolean> {
    return this.isAny(test)
  }

  async isNone(test?: Test): Promise<boolean> {
    return !(await this.isAny(test))
  }

  async isEmpty(): Promise<boolean> {
    return !(await this.isAny())
  }

  async isBlank(): Promise<boolean> {
    return this.isEmpty()
  }

  async isPresent(): Promise<boolean> {
    return this.isAny()
  }

  async many(test?: Test): Promise<boolean> {
    return (test === undefined ? await this.upToTwo() : await this.passing(test)) > 1
  }

  async one(test?: Test): Promise<boolean> {
    return (test === undefined ? await this.upToTwo() : await this.passing(test)) === 1
  }

  /** Whether a record is among those of the relation. */
  async include(record: unknown): Promise<boolean> {
    if (this.isLoaded()) return (await this.toArray()).some((each) => each === record || each.equals(record))
    if (!isRecord(record) || record.constructor !== this.info.model) return false
    const { key, primaryKey } = this.info.schema
    if (key !== undefined) return this.exists(readAttribute(record, key.name))
    return this.exists(Object.fromEntries(primaryKey.map(({ name }) => [name, readAttribute(record, name)])))
  }

  private async upToTwo(): Promise<number> {
    return this.isLoaded() ? (await this.toArray()).length : (await this.limit(2).toArray()).length
  }

  private async passing(test: Test): Promise<number> {
    let count = 0
    for (const record of await this.toArray()) if (await test(record)) count += 1
    return count
  }

  private async nth(place: number): Promise<ModelRecord | null> {
    if (this.isLoaded()) return (await this.toArray())[place - 1] ?? null
    const { clauses } = this
    if (clauses.limit !== null && clauses.limit < place) return null
    const offset = (clauses.offset ?? 0) + place - 1
    return this.spawn(clauses.with({ offset, limit: null })).first() as Promise<ModelRecord | null>
  }

  private async nthOrThrow(place: number): Promise<ModelRecord> {
    return (await this.nth(place)) ?? this.notFound()
  }

  private async nthToLast(place: number): Promise<ModelRecord | null> {
    const found = (await this.last(place)) as ModelRecord[]
    return found.length < place ? null : found[0]!
  }

  /** What a loaded relation has at its beginning; undefined when it isn't loaded. */
  private loadedEdge(count: number | undefined): Promise<ModelRecord | ModelRecord[] | null> | undefined {
    if (!this.isLoaded()) return undefined
    return this.toArray().then((records) => (count === undefined ? (records[0] ?? null) : records.slice(0, count)))
  }

  protected notFound(): never {
    const { clauses, info } = this
    throw new RecordNotFound({ model: info.model.name, condition: clauses.wheres.length === 0 ? undefined : '[WHERE clause]' })
  }

  private async edge(clauses: Clauses, count: number | undefined): Promise<ModelRecord | ModelRecord[] | null> {
    if (count === 0) return []
    if (count !== undefined) return this.fetch(clauses.with({ limit: Math.min(count, clauses.limit ?? count) }))
    if (clauses.limit === 0) return null
    const [record] = await this.fetch(clauses.with({ limit: 1 }))
    return record ?? null
  }

  private async findOne(id: unknown): Promise<ModelRecord> {
    const key = this.requireKey()
    const plain = isRecord(id) ? readAttribute(id, key) : id
    if (plain === null || plain === undefined) throw this.withoutId(key)
    const found = isKey(plain) ? await this.where({ [key]: plain }).take() : null
    if (found === null)
      throw new RecordNotFound({ model: this.info.model.name, condition: `'${key}'=${keyText(plain)}`, id: plain, primaryKey: key })
    return found as ModelRecord
  }

  /** By a key of several columns: the values of one row, or those of several. */
  private async findComposite(given: unknown): Promise<ModelRecord | ModelRecord[]> {
    const names = this.info.schema.primaryKey.map(({ name }) => name)
    const isOne = Array.isArray(given) && !given.some(Array.isArray)
    const rows = (isOne ? [given] : given) as readonly unknown[][]
    if (given === null || given === undefined) throw this.withoutId(names.join(','))
    if (Array.isArray(rows) && rows.some((row) => Array.isArray(row) && !row.every(isKey)))
      throw new RecordNotFound({ model: this.info.model.name, condition: `'[${names.join(', ')}]': ${JSON.stringify(given)}`, id: given })
    const found = await this.where(names, rows).toArray()
    if (found.length < rows.length) {
      const condition = `'[${names.join(', ')}]': ${JSON.stringify(given)}`
      throw new RecordNotFound({ model: this.info.model.name, condition, id: given, primaryKey: names.join(',') })
    }
    if (isOne) return found[0]!
    const textOf = (values: readonly unknown[]): string => values.map(String).join('\0')
    const byKey = new Map(found.map((record) => [textOf(names.map((name) => readAttribute(record, name))), record]))
    return rows.map((row) => byKey.get(textOf(row))!)
  }

  private async findSeveral(ids: readonly unknown[]): Promise<ModelRecord[]> {
    const key = this.requireKey()
    const { cast } = this.info.schema.key!.type
    const present = ids.filter((id) => id !== null && id !== undefined)
    if (present.length === 0 && ids.length > 0) throw this.withoutId(key)
    const wanted = [...new Set(present.map((id) => (isKey(id) ? cast(id) : null)))]
    if (wanted.length === 0) return []
    const found = await this.where({ [key]: wanted }).toArray()
    if (found.length < wanted.length) {
      const condition = `'${key}': (${ids.map(keyText).join(', ')}) (found ${found.length} results, but was looking for ${wanted.length})`
      throw new RecordNotFound({ model: `all ${this.info.model.name}`, condition, id: ids, primaryKey: key })
    }
    if (this.clauses.orders.length > 0) return found
    const byId = new Map(found.map((record) => [readAttribute(record, key), record]))
    return wanted.map((id) => byId.get(id)!)
  }

  private withoutId(primaryKey: string): RecordNotFound {
    return new RecordNotFound({ model: this.info.model.name, id: null, primaryKey })
  }

  private requireKey(): string {
    const { key } = this.info.schema
    if (key === undefined) throw new InvalidArgument({ reason: `${this.info.model.name} has no single key; use findBy({ … }).` })
    return key.name
  }
}
