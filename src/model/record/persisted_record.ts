import { didYouMean } from '../../naming/index.ts'
import { AssociatedRecord } from './associated_record.ts'
import {
  InvalidArgument,
  ReadOnlyRecord,
  RecordInvalid,
  RecordNotDestroyed,
  RecordNotFound,
  RecordNotSaved,
  UnknownColumn,
} from '../errors.ts'
import { forgetAssociations } from '../associations/state.ts'
import { touchLater } from '../associations/touch_later.ts'
import type { Column } from '../attributes/column.ts'
import { committedAlone, enlist, noteWritten } from '../transactions/record_states.ts'
import { inTransaction, type TransactionOptions } from '../transactions/transaction.ts'
import { extraOf, infoOfRecord, readColumn, snapshot, writeColumn } from './attribute_access.ts'
import { asStored, originalOf } from './changes.ts'
import { countVersion, settleNumber } from './counted.ts'
import { recordOfValues } from './hydration.ts'
import { infoOf } from '../model_info.ts'
import { isTouchless } from './no_touching.ts'
import { isSuppressed } from './suppressing.ts'
import { forgetVirtuals } from './virtual_attributes.ts'
import type { CounterChange } from '../relation/bulk_writes.ts'
import type { ModelClass, ModelRecord } from './model_record.ts'
import { deleteRow, destroyRecord, saveRecord, type SaveOptions, updateColumnsOf, updateLocked } from './persistence.ts'
import { ASSOCIATIONS, EXTRA, FLAGS, ORIGINAL, VALUES } from './record_state.ts'

/** Saving, changing and deleting one record. */
export class PersistedRecord extends AssociatedRecord {
  /** Saves the record.
   * @returns false when it isn't valid, one that is saved with it isn't, or a callback halted
   */
  async save(options: SaveOptions = {}): Promise<boolean> {
    if (isSuppressed(this.constructor)) return true
    try {
      return (await saveRecord(this as unknown as ModelRecord, options)) === 'saved'
    } catch (error) {
      if (error instanceof RecordInvalid) return false
      throw error
    }
  }

  /** Saves the record.
   * @throws RecordInvalid when it isn't valid
   * @throws RecordNotSaved when a callback halted
   */
  async saveOrThrow(options: SaveOptions = {}): Promise<this> {
    if (isSuppressed(this.constructor)) return this
    const outcome = await saveRecord(this as unknown as ModelRecord, options)
    // A `Rollback` of a callback's is quiet, as it is in Rails.
    if (outcome === 'saved' || outcome === 'rolledBack') return this
    if (outcome === 'invalid') throw new RecordInvalid(this)
    throw new RecordNotSaved({ reason: 'Failed to save the record', record: this })
  }

  /** Assigns and saves. */
  async update(attributes: object): Promise<boolean> {
    this.assign(attributes)
    return this.save()
  }

  /** Assigns and saves.
   * @throws RecordInvalid when it isn't valid
   */
  async updateOrThrow(attributes: object): Promise<this> {
    this.assign(attributes)
    return this.saveOrThrow()
  }

  /** Changes one attribute and saves without validations. */
  async updateAttribute(name: string, value: unknown): Promise<boolean> {
    this.assign({ [name]: value })
    return this.save({ validate: false })
  }

  /** Changes one attribute and saves without validations.
   * @throws RecordNotSaved when a callback halted
   */
  async updateAttributeOrThrow(name: string, value: unknown): Promise<this> {
    this.assign({ [name]: value })
    return this.saveOrThrow({ validate: false })
  }

  /** Writes columns at once: no validations, no callbacks, no timestamps.
   * @throws ReadOnlyRecord when the record is readonly
   * @throws ReadonlyAttribute for an attribute that is
   */
  async updateColumns(attributes: Record<string, unknown>): Promise<true> {
    if (!this.isPersisted()) throw new InvalidArgument({ reason: `updateColumns() needs a saved ${this.constructor.name}.` })
    refuseReadonlyRecord(this)
    const info = infoOfRecord(this)
    const columns = Object.entries(attributes).map(([name, value]) => {
      const column = columnNamed(this, name)
      writeColumn(this, column, value)
      return column
    })
    await updateColumnsOf(this as unknown as ModelRecord, info, columns)
    settle(this, columns)
    return true
  }

  async updateColumn(name: string, value: unknown): Promise<true> {
    return this.updateColumns({ [name]: value })
  }

  /** The name of the owner's association with `dependent: 'destroy'` through which this record is destroyed; undefined when it is destroyed by itself.
   * @example this.beforeDestroy((member) => { if (member.isLast() && !member.destroyedByAssociation) abort() })
   */
  get destroyedByAssociation(): string | undefined {
    return this[EXTRA]?.destroyedBy
  }

  /** Destroys the record with its callbacks and dependents; false when a callback halted, its own or that of a dependent. */
  async destroy(): Promise<this | false> {
    try {
      return (await destroyRecord(this as unknown as ModelRecord)) && this
    } catch (error) {
      if (error instanceof RecordNotDestroyed) return false
      throw error
    }
  }

  /** @throws RecordNotDestroyed when a callback halted */
  async destroyOrThrow(): Promise<this> {
    if (await destroyRecord(this as unknown as ModelRecord)) return this
    throw new RecordNotDestroyed({ reason: `Failed to destroy ${this.constructor.name} with id=${this.toParam() ?? ''}`, record: this })
  }

  /** Deletes the row without callbacks. */
  async delete(): Promise<this> {
    await deleteRow(this as unknown as ModelRecord, infoOfRecord(this))
    return this
  }

  /** Reads the record anew; unsaved changes and loaded associations are forgotten.
   * @throws RecordNotFound when the row is gone
   */
  async reload({ lock = false }: { lock?: boolean | string } = {}): Promise<this> {
    const info = infoOfRecord(this)
    const keys = Object.fromEntries(info.schema.rowKey.map((key) => [key.name, readColumn(this, key)]))
    const found = (await info.relation(info.unscopedClauses).where(keys).lock(lock).take()) as ModelRecord | null
    if (found === null) {
      const [[name, id] = ['id', undefined]] = Object.entries(keys)
      throw new RecordNotFound({ model: this.constructor.name, condition: `'${name}'=${String(id)}`, id, primaryKey: name })
    }
    this[VALUES] = found[VALUES]
    this[ORIGINAL] = null
    forgetAssociations(this)
    const extra = this[EXTRA]
    if (extra !== null) {
      extra.savedChanges = extra.beforeCast = extra.forcedChanges = undefined
      extra.replaced = extra.throughs = undefined
    }
    forgetVirtuals(this)
    return this
  }

  /** Reads the record anew and locks its row until the transaction ends.
   * @param kind SQL of another lock than `for update`
   * @throws InvalidArgument when there are unsaved changes
   */
  async lock(kind: boolean | string = true): Promise<this> {
    if (!this.isPersisted()) return this
    if (this.isChanged())
      throw new InvalidArgument({
        reason: `A ${this.constructor.name} with unsaved changes can't be locked: save them, or reload. Changed: ${this.changed.join(', ')}.`,
      })
    return this.reload({ lock: kind })
  }

  /** Runs `work` in a transaction that holds the lock of the row.
   * @example await account.withLock(async () => { await account.updateOrThrow({ balance: account.balance - 10 }) })
   */
  async withLock<T>(work: () => T | Promise<T>, options: TransactionOptions & { lock?: boolean | string } = {}): Promise<T | undefined> {
    const { lock = true, ...transaction } = options
    return inTransaction(
      infoOfRecord(this).schema.binding,
      async () => {
        await this.lock(lock)
        return work()
      },
      transaction,
    )
  }

  /** Whether touching the record does nothing now, within `noTouching`. */
  isNoTouching(): boolean {
    return isTouchless(this)
  }

  /** Writes the time to `updated_at`, and to the columns named, with the touch callbacks.
   * @returns false within `noTouching`, where nothing is written
   * @example await post.touch('published_at', { time: new Date(0) })
   */
  async touch(...args: readonly (string | { time?: Date })[]): Promise<boolean> {
    refuseReadonlyRecord(this)
    if (isTouchless(this)) return false
    const names = args.filter((arg) => typeof arg === 'string')
    const options = args.find((arg) => typeof arg === 'object')
    if (!this.isPersisted()) throw new InvalidArgument({ reason: `touch() needs a saved ${this.constructor.name}.` })
    const info = infoOfRecord(this)
    const columns = [...info.schema.updatedColumns, ...names.map((name) => columnNamed(this, name))]
    const write = (): Promise<true> => writeTimes(this, columns, options?.time ?? new Date())
    if (info.callbacks.touch.isEmpty && !info.callbacks.hasBeforeCommit) return write()
    return (await inTransaction(info.schema.binding, write)) ?? false
  }

  /** Has the record touched at the end of the transaction, once however often it is asked; the time is written to the record at once. */
  async touchLater(...names: readonly string[]): Promise<void> {
    if (!this.isPersisted()) throw new InvalidArgument({ reason: `touchLater() needs a saved ${this.constructor.name}.` })
    for (const name of names) columnNamed(this, name)
    await touchLater(this as unknown as ModelRecord, names)
  }

  /** The same row as a record of another class: both share their values, which `afterInitialize` of that class sees.
   * @example const admin = user.becomes(Admin)
   */
  becomes<R>(model: abstract new (...args: never[]) => R): R {
    const record = sharing(this, model as never)
    const { callbacks } = infoOfRecord(record)
    if (callbacks.hasLoadCallbacks) callbacks.afterInitialize(record as unknown as ModelRecord)
    return record as unknown as R
  }

  /** As {@link becomes}, and says so in the type column, so that saving makes the row one of the other class.
   * @example await user.becomesOrThrow(Admin).saveOrThrow()
   */
  becomesOrThrow<R>(model: abstract new (...args: never[]) => R): R {
    const record = this.becomes(model)
    const other = record as unknown as PersistedRecord
    const { inheritance, isSubclass, stiName } = infoOfRecord(other)
    if (inheritance !== undefined) writeColumn(other, inheritance, isSubclass ? stiName : null)
    this[ORIGINAL] = other[ORIGINAL]
    return record
  }

  /** Another object for the same row, which shares its values. Rails' `clone`; {@link dup} makes a record of its own. */
  clone(): this {
    return sharing(this, this.constructor as never) as this
  }

  /** Adds to a number attribute, without saving. */
  increment(name: string, by = 1): this {
    this.writeAttribute(name, Number(this.readAttribute(name) ?? 0) + by)
    return this
  }

  decrement(name: string, by = 1): this {
    return this.increment(name, -by)
  }

  /** Adds to a number in the database, atomically; what was assigned to it before goes along. With `touch`, the touch callbacks run afterwards.
   * @param change how much, and whether the time is written too: `{ by: 3, touch: true }`
   */
  async incrementOrThrow(name: string, change: number | CounterChange = 1): Promise<this> {
    const { by = 1, ...options } = typeof change === 'number' ? { by: change } : change
    refuseReadonlyRecord(this)
    const info = infoOfRecord(this)
    const { primaryKey } = info.schema
    const counter = columnNamed(this, name)
    const value = Number(readColumn(this, counter) ?? 0) + by
    const added = value - Number(originalOf(this, counter) ?? 0)
    await info
      .relation(info.unscopedClauses)
      .where(Object.fromEntries(primaryKey.map((key) => [key.name, readColumn(this, key)])))
      .updateCounters({ [counter.name]: added }, options)
    settleNumber(this, counter, value)
    countVersion(this)
    if (options.touch !== undefined && options.touch !== false) await info.callbacks.touch.after(this as unknown as ModelRecord)
    return this
  }

  async decrementOrThrow(name: string, change: number | CounterChange = 1): Promise<this> {
    const given = typeof change === 'number' ? { by: change } : change
    return this.incrementOrThrow(name, { ...given, by: -(given.by ?? 1) })
  }

  /** Turns a boolean over, without saving. */
  toggle(name: string): this {
    this.writeAttribute(name, !this.readAttribute(name))
    return this
  }

  async toggleOrThrow(name: string): Promise<boolean> {
    return this.toggle(name).updateAttribute(name, this.readAttribute(name))
  }
}

/** Another object for the row of a record. */
function sharing(record: PersistedRecord, model: ModelClass): PersistedRecord {
  const other = recordOfValues(infoOf(model), record[VALUES]) as unknown as PersistedRecord
  other[ORIGINAL] = record[ORIGINAL]
  other[FLAGS] = record[FLAGS]
  other[EXTRA] = record[EXTRA]
  other[ASSOCIATIONS] = record[ASSOCIATIONS]
  return other
}

async function writeTimes(given: PersistedRecord, columns: readonly Column[], now: Date): Promise<true> {
  const info = infoOfRecord(given)
  const record = given as unknown as ModelRecord
  enlist(record)
  const stamped = [...new Set(columns)]
  snapshot(given)
  for (const column of stamped) given[VALUES][column.position] = column.type.cast(now)
  const written = stamped.length === 0 ? [] : await updateLocked(record, info, stamped)
  extraOf(given).savedChanges = new Map(written.map((column) => [column.name, [originalOf(given, column), readColumn(given, column)]]))
  settle(given, written)
  noteWritten(record, 'update')
  await info.callbacks.touch.after(record)
  await committedAlone(record, 'update')
  return true
}

/** Takes the values of columns as what is in the database; other unsaved changes stay. */
function settle(record: PersistedRecord, columns: readonly Column[]): void {
  const original = record[ORIGINAL]
  if (original === null) return
  const now = record[VALUES].slice()
  for (const { position, type } of columns) {
    original[position] = asStored(type, now[position])
    if (original[position] !== now[position]) record[VALUES][position] = original[position]
  }
  const others = record.changed
  if (others.length === 0) record[ORIGINAL] = null
}

function refuseReadonlyRecord(record: PersistedRecord): void {
  if (record.isReadonly()) throw new ReadOnlyRecord({ model: record.constructor.name })
}

function columnNamed(record: PersistedRecord, name: string): Column {
  const { byName } = infoOfRecord(record).schema
  const column = byName.get(name)
  if (column === undefined)
    throw new UnknownColumn({ model: record.constructor.name, column: name, suggestion: didYouMean(name, byName.keys()) })
  return column
}
