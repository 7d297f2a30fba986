import { isKey } from '../sql/keys.ts'
import { didYouMean } from '../../naming/index.ts'
import { InvalidArgument, UnknownColumn } from '../errors.ts'
import { counterOf } from '../associations/counter_cache.ts'
import { withKeyColumns } from '../associations/keys.ts'
import type { Reflection } from '../associations/reflection.ts'
import type { ModelInfo } from '../model_info.ts'
import type { ModelRecord } from '../record/model_record.ts'
import { isRecord, readAttribute } from '../record/attribute_access.ts'
import { isPlainObject } from '../../values/index.ts'
import { fragmentClause, SqlFragment } from '../sql/fragment.ts'
import { type Assignment, deleteAllQuery, updateAllQuery } from '../sql/writes.ts'
import type { CalculationMethods } from './calculations.ts'
import { MakingMethods } from './making_methods.ts'
import { affectedBy } from './rows.ts'

/** What gets the time: the update timestamps, and columns that are named; `{ time }` is another time than now. */
export type Touched = boolean | TouchArgument | readonly TouchArgument[]
type TouchArgument = string | { readonly time?: Date }

/** What changing a counter does beside. */
export interface CounterOptions {
  /** Writes the time to the update timestamps; with names, to these columns too. */
  readonly touch?: Touched
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
    if (typeof attributes === 'string') return this.updateAll(new SqlFragment(attributes, values))
    if (attributes instanceof SqlFragment) {
      if (this.clauses.findsNothing) return 0
      return affectedBy(
        this.info,
        updateAllQuery(this.info, this.clauses, [{ clause: fragmentClause(attributes, false, this.info.schema) }]),
        'Update All',
      )
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
   * @param options with `touch`, which may also stand beside the counters, the time is written to the update timestamps and the columns named
   * @throws InvalidArgument when nothing is to be changed
   */
  updateCounters(counters: Counters, options?: CounterOptions): Promise<number>
  updateCounters(ids: unknown, counters: Counters, options?: CounterOptions): Promise<number>
  async updateCounters(first: unknown, second: Counters | CounterOptions = {}, third: CounterOptions = {}): Promise<number> {
    if (!isPlainObject(first))
      return this.where({ [this.info.schema.key!.name]: [first].flat().filter(isKey) }).updateCounters(second as Counters, third)
    const { touch = (second as CounterOptions).touch ?? false, ...counters } = first as CounterOptions & Readonly<Record<string, unknown>>
    const { lockVersion } = this.info.schema
    const increments = this.assignments(counters).map((each) => ({ ...each, isIncrement: true }))
    let assignments: Assignment[] = [...increments, ...this.assignments(this.timesFor(touch))]
    // A record that was read before must not overwrite this: the version counts by one, whatever is said.
    if (lockVersion !== undefined && assignments.length > 0)
      assignments = [...assignments.filter(({ column }) => column !== lockVersion), { column: lockVersion, value: 1, isIncrement: true }]
    if (assignments.length === 0) throw new InvalidArgument({ reason: 'updateCounters() was given nothing to change.' })
    if (this.clauses.findsNothing) return 0
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
   * @param given associations whose other side has `counterCache`, or their columns; with `{ touch }`, the time is written as well
   * @example await Post.resetCounters(post.id, 'comments', { touch: true })
   */
  async resetCounters(id: unknown, ...given: readonly (string | CounterOptions)[]): Promise<true> {
    const owner = (await this.find(id)) as ModelRecord
    const { touch = false } = given.find((each) => typeof each === 'object') ?? {}
    const changes: Record<string, unknown> = {}
    for (const name of given.filter((each) => typeof each === 'string')) {
      const [association, counter] = countedBy(this.info, name)
      const count = Number(await (Reflect.get(owner, association) as CalculationMethods).count())
      if (count !== readAttribute(owner, counter)) changes[counter] = count
    }
    Object.assign(changes, this.timesFor(touch))
    const keys = this.info.schema.primaryKey.map((key) => [key.name, readAttribute(owner, key.name)])
    const row = this.info.relation(this.info.unscopedClauses).where(Object.fromEntries(keys))
    if (Object.keys(changes).length > 0) await row.updateAll(changes)
    return true
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

  /** Writes the time to the update timestamps of all rows, and to other columns that are named.
   * @param given names of columns, and `{ time }` for another time than now
   * @example await project.tasks.touchAll('checked_at', { time: deadline })
   */
  async touchAll(...given: readonly (string | { readonly time?: Date })[]): Promise<number> {
    return this.updateAll(this.timesFor(given))
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

  /** The time by the columns that get it. */
  private timesFor(touch: Touched): Record<string, Date> {
    if (touch === false) return {}
    const given = (touch === true ? [] : [touch].flat()) as TouchArgument[]
    const { time = new Date() } = given.find((each) => typeof each === 'object') ?? {}
    const names = [...this.info.schema.updatedColumns.map(({ name }) => name), ...given.filter((each) => typeof each === 'string')]
    return Object.fromEntries(names.map((name) => [name, time]))
  }

  private assignments(attributes: Record<string, unknown>): Assignment[] {
    const { schema, reflections, model } = this.info
    return withKeyColumns(reflections, attributes).map(([name, value]) => {
      const reflection = reflections.get(name)
      const column = schema.byName.get(reflection?.kind === 'belongsTo' ? reflection.ownerKey : name)
      if (column === undefined)
        throw new UnknownColumn({ model: model.name, column: name, suggestion: didYouMean(name, schema.byName.keys()) })
      if (value instanceof SqlFragment) return { column, clause: fragmentClause(value, true, schema) }
      if (isRecord(value) && reflection === undefined) throw new InvalidArgument({ reason: `'${name}' takes a value, not a record.` })
      const plain = isRecord(value) ? readAttribute(value, reflection!.targetKey) : value
      return { column, value: column.type.serialize(column.type.cast(plain)) }
    })
  }
}

/** How much is added by column, and what gets the time. */
type Counters = Readonly<Record<string, number>> | (CounterOptions & Readonly<Record<string, unknown>>)

/** An association and the column that counts its records; a name may be that of either.
 * @throws UnknownAssociation for another name
 * @throws InvalidArgument for an association that isn't counted
 */
function countedBy(info: ModelInfo, name: string): [association: string, counter: string] {
  const counterFor = ({ through, inverse }: Reflection): string | undefined => {
    const back = through === undefined ? inverse : through.inverse
    return back === undefined ? undefined : counterOf(back, info)
  }
  const byColumn = [...info.reflections.values()].find((each) => each.kind === 'hasMany' && counterFor(each) === name)
  const reflection = info.reflections.has(name) ? info.reflection(name) : (byColumn ?? info.reflection(name))
  const counter = counterFor(reflection)
  if (counter === undefined) throw new InvalidArgument({ reason: `'${name}' of ${info.model.name} is counted in no column.` })
  return [reflection.name, counter]
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
