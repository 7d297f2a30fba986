import { isKey } from '../sql/keys.ts'
import { didYouMean } from '../../naming/index.ts'
import { InvalidArgument, RecordNotUnique, UnknownColumn } from '../errors.ts'
import { counterOf } from '../associations/counter_cache.ts'
import type { ModelRecord } from '../record/model_record.ts'
import { isRecord, readAttribute } from '../record/attribute_access.ts'
import { plainAttributes } from '../record/attribute_record.ts'
import { fragmentClause, SqlFragment, sql } from '../sql/fragment.ts'
import { type Assignment, deleteAllQuery, updateAllQuery } from '../sql/writes.ts'
import { inTransaction } from '../transactions/transaction.ts'
import type { CalculationMethods } from './calculations.ts'
import { InsertMethods } from './insert_methods.ts'
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

/** The methods that write to all rows of a relation at once, and those that make records on it. */
export class WriteMethods extends InsertMethods {
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
    if (assignments.length === 0) throw new InvalidArgument({ reason: 'updateAll() was given nothing to change.' })
    if (this.clauses.findsNothing) return 0
    return affectedBy(this.info, updateAllQuery(this.info, this.clauses, assignments), 'Update All')
  }

  /** Adds to counters of all rows: `updateCounters({ views: 1 })`.
   * @param options with `touch`, the time is written to the update timestamp, or to that and the columns named
   */
  async updateCounters(counters: Record<string, number>, { touch = false }: CounterOptions = {}): Promise<number> {
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

  /** Writes the time to the timestamp of all rows. */
  async touchAll(...names: readonly string[]): Promise<number> {
    const now = new Date()
    const columns = [this.info.schema.updatedAt?.name, ...names].filter((name) => name !== undefined)
    return this.updateAll(Object.fromEntries(columns.map((name) => [name, now])))
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

  /** A new record that starts with what the relation's conditions fix, of the class that its type says.
   * @throws SubclassNotFound for a type that is no class below the model
   */
  new(attributes: object = {}): ModelRecord {
    const { info } = this
    const given = { ...this.scopeAttributes(), ...plainAttributes(info.model.name, attributes) }
    return new (info.classFor(given))(given)
  }

  build(attributes: object = {}): ModelRecord {
    return this.new(attributes)
  }

  async create(attributes: object | readonly object[] = {}): Promise<ModelRecord | ModelRecord[]> {
    if (Array.isArray(attributes)) {
      const records: ModelRecord[] = []
      for (const each of attributes) records.push((await this.create(each)) as ModelRecord)
      return records
    }
    const record = this.new(attributes)
    await record.save()
    return record
  }

  /** @throws RecordInvalid when it isn't valid */
  async createOrThrow(attributes: object | readonly object[] = {}): Promise<ModelRecord | ModelRecord[]> {
    if (Array.isArray(attributes)) {
      const records: ModelRecord[] = []
      for (const each of attributes) records.push((await this.createOrThrow(each)) as ModelRecord)
      return records
    }
    return this.new(attributes).saveOrThrow()
  }

  async findOrInitializeBy(attributes: Record<string, unknown>): Promise<ModelRecord> {
    return (await this.findBy(attributes)) ?? this.new(attributes)
  }

  /** The record, or a new one: unsaved when it isn't valid. Of two that create it at the same time, the later one finds what the other made. */
  async findOrCreateBy(attributes: Record<string, unknown>, extra: Record<string, unknown> = {}): Promise<ModelRecord> {
    return (await this.findBy(attributes)) ?? createOrFind(this, attributes, () => this.create({ ...attributes, ...extra }))
  }

  /** The record, or a new one saved.
   * @throws RecordInvalid when the new one isn't valid
   */
  async findOrCreateByOrThrow(attributes: Record<string, unknown>, extra: Record<string, unknown> = {}): Promise<ModelRecord> {
    return (await this.findBy(attributes)) ?? createOrFind(this, attributes, () => this.createOrThrow({ ...attributes, ...extra }))
  }

  /** A new record, or the one that is there when a unique index refuses it: for what seldom exists. */
  async createOrFindBy(attributes: Record<string, unknown>, extra: Record<string, unknown> = {}): Promise<ModelRecord> {
    return createOrFind(this, attributes, () => this.create({ ...attributes, ...extra }))
  }

  /** As {@link createOrFindBy}.
   * @throws RecordInvalid when the new one isn't valid
   */
  async createOrFindByOrThrow(attributes: Record<string, unknown>, extra: Record<string, unknown> = {}): Promise<ModelRecord> {
    return createOrFind(this, attributes, () => this.createOrThrow({ ...attributes, ...extra }))
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

/** Creates in a transaction of its own (a savepoint in an open one, which a refused insert would spoil), and finds when a unique index refuses. */
async function createOrFind(
  relation: WriteMethods,
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
