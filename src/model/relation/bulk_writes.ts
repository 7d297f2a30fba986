import { isKey } from '../sql/keys.ts'
import { didYouMean } from '../../naming/index.ts'
import { InvalidArgument, UnknownColumn } from '../errors.ts'
import { counterOf } from '../associations/counter_cache.ts'
import type { ModelRecord } from '../record/model_record.ts'
import { isRecord, readAttribute } from '../record/attribute_access.ts'
import { isPlainObject } from '../sql/comparison.ts'
import { fragmentClause, SqlFragment, sql } from '../sql/fragment.ts'
import { type Assignment, deleteAllQuery, updateAllQuery } from '../sql/writes.ts'
import type { CalculationMethods } from './calculations.ts'
import { MakingMethods } from './making_methods.ts'
import { affectedBy } from './rows.ts'

/** What changing a counter does beside. */
export interface CounterOptions {
  /** Writes the time to the update timestamp; with names, to these columns too. */
  readonly touch?: boolean | string | readonly string[]
}
export interface CounterChange extends CounterOptions {
  /** How much is added; 1 by default. */
  readonly by?: number
}

/** The methods that write to all rows of a relation at once. */
export class WriteMethods extends MakingMethods {
  /** Updates all rows, without callbacks and validations.
   * @param attributes values by attribute, of which some may be written as SQL; or assignments in SQL
   * @returns how many rows changed
   * @example await project.tasks.updateAll('position = position + ?', 1)
   * @example await Task.where({ status: 'done' }).updateAll({ position: sql('position + 1'), completed_at: new Date() })
   */
  async updateAll(attributes: Record<string, unknown> | string | SqlFragment, ...values: readonly unknown[]): Promise<number> {
    if (typeof attributes === 'string') return this.updateAll(sql(attributes, ...values))
    if (attributes instanceof SqlFragment) {
      if (this.clauses.findsNothing) return 0
      return affectedBy(this.info, updateAllQuery(this.info, this.clauses, [{ clause: fragmentClause(attributes, false) }]), 'Update All')
    }
    const assignments = this.assignments(attributes)
    const { lockVersion } = this.info.schema
    // A record that was read before must not overwrite this.
    if (lockVersion !== undefined && assignments.length > 0 && attributes[lockVersion.name] === undefined)
      assignments.push({ column: lockVersion, value: 1, isIncrement: true })
    if (assignments.length === 0) throw new InvalidArgument({ reason: 'updateAll() was given nothing to change.' })
    if (this.clauses.findsNothing) return 0
    return affectedBy(this.info, updateAllQuery(this.info, this.clauses, assignments), 'Update All')
  }

  /** Adds to counters of all rows, or of those with some keys: `updateCounters({ views: 1 })`, `updateCounters([1, 2], { views: 1 })`.
   * @param options with `touch`, the time is written to the update timestamp, or to that and the columns named
   */
  updateCounters(counters: Record<string, number>, options?: CounterOptions): Promise<number>
  updateCounters(ids: unknown, counters: Record<string, number>, options?: CounterOptions): Promise<number>
  async updateCounters(first: unknown, second: Record<string, number> | CounterOptions = {}, third: CounterOptions = {}): Promise<number> {
    if (!isPlainObject(first))
      return this.where({ [this.info.schema.key!.name]: [first].flat().filter(isKey) }).updateCounters(
        second as Record<string, number>,
        third,
      )
    const { touch = false } = second as CounterOptions
    const counters = first as Record<string, number>
    if (this.clauses.findsNothing) return 0
    const increments = this.assignments(counters).map((each) => ({ ...each, isIncrement: true }))
    const names = touch === false ? [] : [this.info.schema.updatedAt?.name, ...(touch === true ? [] : [touch].flat())]
    const now = new Date()
    const times = Object.fromEntries(names.filter((name) => name !== undefined).map((name) => [name, now]))
    const assignments = [...increments, ...this.assignments(times)]
    return affectedBy(this.info, updateAllQuery(this.info, this.clauses, assignments), 'Update All')
  }

  /** Adds to a counter of rows by key.
   * @example await Post.incrementCounter('views', [1, 2], 10)
   */
  incrementCounter(name: string, ids: unknown, by: number | CounterChange = 1): Promise<number> {
    const { by: amount = 1, ...options } = typeof by === 'number' ? { by } : by
    return this.where({ [this.info.schema.key!.name]: [ids].flat().filter(isKey) }).updateCounters({ [name]: amount }, options)
  }

  decrementCounter(name: string, ids: unknown, by: number | CounterChange = 1): Promise<number> {
    const change = typeof by === 'number' ? { by } : by
    return this.incrementCounter(name, ids, { ...change, by: -(change.by ?? 1) })
  }

  /** Counts the children of a record again and writes the counter columns.
   * @param names associations whose other side has `counterCache`
   */
  async resetCounters(id: unknown, ...names: readonly string[]): Promise<void> {
    const owner = (await this.find(id)) as ModelRecord
    const counters: Record<string, number> = {}
    for (const name of names) {
      const reflection = this.info.reflection(name)
      const { inverse } = reflection
      const counter = inverse === undefined ? undefined : counterOf(inverse)
      if (counter === undefined) throw new InvalidArgument({ reason: `'${name}' of ${this.info.model.name} is counted in no column.` })
      counters[counter] = Number(await (Reflect.get(owner, name) as CalculationMethods).count())
    }
    await owner.updateColumns(counters)
  }

  /** Updates the records one by one, with validations and callbacks; or the record with a key.
   * @throws RecordNotFound when there is no record with the key
   */
  update(attributes: object): Promise<ModelRecord[]>
  update(ids: readonly unknown[], attributes: readonly object[]): Promise<ModelRecord[]>
  update(id: unknown, attributes: object): Promise<ModelRecord>
  async update(first: unknown, attributes?: object | readonly object[]): Promise<ModelRecord | ModelRecord[]> {
    return updateEach(this, first, attributes, (record, given) => record.update(given))
  }

  /** As {@link update}.
   * @throws RecordInvalid at the first one that isn't valid
   */
  updateOrThrow(attributes: object): Promise<ModelRecord[]>
  updateOrThrow(ids: readonly unknown[], attributes: readonly object[]): Promise<ModelRecord[]>
  updateOrThrow(id: unknown, attributes: object): Promise<ModelRecord>
  async updateOrThrow(first: unknown, attributes?: object | readonly object[]): Promise<ModelRecord | ModelRecord[]> {
    return updateEach(this, first, attributes, (record, given) => record.updateOrThrow(given))
  }

  /** Writes the time to the update timestamp of all rows, and to other columns that are named.
   * @param given names of columns, and `{ time }` for another time than now
   * @example await project.tasks.touchAll('checked_at', { time: deadline })
   */
  async touchAll(...given: readonly (string | { readonly time?: Date })[]): Promise<number> {
    const { time = new Date() } = (given.find((each) => typeof each !== 'string') as { time?: Date } | undefined) ?? {}
    const names = given.filter((each) => typeof each === 'string')
    const columns = [this.info.schema.updatedAt?.name, ...names].filter((name) => name !== undefined)
    return this.updateAll(Object.fromEntries(columns.map((name) => [name, time])))
  }

  /** Deletes all rows, without callbacks.
   * @returns how many rows there were
   */
  async deleteAll(): Promise<number> {
    const { distinct, groups, havings } = this.clauses
    if (distinct || groups.length > 0 || havings.length > 0)
      throw new InvalidArgument({ reason: "deleteAll() can't delete distinct or grouped rows." })
    return this.clauses.findsNothing ? 0 : affectedBy(this.info, deleteAllQuery(this.info, this.clauses), 'Delete All')
  }

  async deleteBy(condition: unknown, ...values: readonly unknown[]): Promise<number> {
    return this.where(condition, ...values).deleteAll()
  }

  /** Destroys each record, with its callbacks. */
  async destroyAll(): Promise<ModelRecord[]> {
    const records = await this.toArray()
    for (const record of records) await record.destroy()
    return records
  }

  async destroyBy(condition: unknown, ...values: readonly unknown[]): Promise<ModelRecord[]> {
    return this.where(condition, ...values).destroyAll()
  }

  private assignments(attributes: Record<string, unknown>): Assignment[] {
    const { schema, reflections, model } = this.info
    return Object.entries(attributes).map(([name, value]) => {
      const reflection = reflections.get(name)
      const column = schema.byName.get(reflection?.kind === 'belongsTo' ? reflection.ownerKey : name)
      if (column === undefined)
        throw new UnknownColumn({ model: model.name, column: name, suggestion: didYouMean(name, schema.byName.keys()) })
      if (value instanceof SqlFragment) return { column, clause: fragmentClause(value, true) }
      if (isRecord(value) && reflection === undefined) throw new InvalidArgument({ reason: `'${name}' takes a value, not a record.` })
      const plain = isRecord(value) ? readAttribute(value, reflection!.targetKey) : value
      return { column, value: column.type.serialize(column.type.cast(plain)) }
    })
  }
}

async function updateEach(
  relation: WriteMethods,
  first: unknown,
  attributes: object | readonly object[] | undefined,
  update: (record: ModelRecord, attributes: object) => Promise<unknown>,
): Promise<ModelRecord | ModelRecord[]> {
  const found = attributes === undefined ? await relation.toArray() : ((await relation.find(first)) as ModelRecord | ModelRecord[])
  for (const [place, record] of [found].flat().entries()) {
    const given = attributes === undefined ? (first as object) : Array.isArray(attributes) ? (attributes[place] as object) : attributes
    await update(record, given)
  }
  return found
}
