import { didYouMean } from '../../naming/index.ts'
import { AssociatedRecord } from './associated_record.ts'
import { InvalidArgument, RecordInvalid, RecordNotDestroyed, RecordNotFound, RecordNotSaved, UnknownColumn } from '../errors.ts'
import { forgetAssociations } from '../associations/state.ts'
import { touchLater } from '../associations/touch_later.ts'
import type { Column } from '../attributes/column.ts'
import { committedAlone, enlist, noteWritten } from '../transactions/record_states.ts'
import { inTransaction, type TransactionOptions } from '../transactions/transaction.ts'
import { infoOfRecord, readColumn, writeColumn } from './attribute_access.ts'
import type { CounterChange } from '../relation/bulk_writes.ts'
import type { ModelRecord } from './model_record.ts'
import { deleteRow, destroyRecord, saveRecord, type SaveOptions, updateColumnsOf } from './persistence.ts'
import { ASSOCIATIONS, EXTRA, FLAGS, ORIGINAL, VALUES } from './record_state.ts'

/** Saving, changing and deleting one record. */
export class PersistedRecord extends AssociatedRecord {
  /** Saves the record.
   * @returns false when it isn't valid, one that is saved with it isn't, or a callback halted
   */
  async save(options: SaveOptions = {}): Promise<boolean> {
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
    const outcome = await saveRecord(this as unknown as ModelRecord, options)
    if (outcome === 'saved') return this
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

  /** Writes columns at once: no validations, no callbacks, no timestamps. */
  async updateColumns(attributes: Record<string, unknown>): Promise<true> {
    if (!this.isPersisted()) throw new InvalidArgument({ reason: `updateColumns() needs a saved ${this.constructor.name}.` })
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
    const keys = Object.fromEntries(info.schema.primaryKey.map((key) => [key.name, readColumn(this, key)]))
    const found = (await info.relation(info.unscopedClauses).where(keys).lock(lock).take()) as ModelRecord | null
    if (found === null) {
      const [[name, id] = ['id', undefined]] = Object.entries(keys)
      throw new RecordNotFound({ model: this.constructor.name, condition: `'${name}'=${String(id)}`, id, primaryKey: name })
    }
    this[VALUES] = found[VALUES]
    this[ORIGINAL] = null
    forgetAssociations(this)
    if (this[EXTRA] !== null) this[EXTRA].savedChanges = this[EXTRA].beforeCast = this[EXTRA].forcedChanges = undefined
    return this
  }

  /** Reads the record anew and locks its row until the transaction ends.
   * @param kind SQL of another lock than `for update`
   * @throws InvalidArgument when there are unsaved changes
   */
  async lock(kind: boolean | string = true): Promise<this> {
    if (this.isChanged())
      throw new InvalidArgument({
        reason: `A ${this.constructor.name} with unsaved changes can't be locked: save them, or reload. Changed: ${this.changed.join(', ')}.`,
      })
    return this.isPersisted() ? this.reload({ lock: kind }) : this
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

  /** Writes the time to `updated_at`, and to the columns named, with the touch callbacks.
   * @example await post.touch('published_at', { time: new Date(0) })
   */
  async touch(...args: readonly (string | { time?: Date })[]): Promise<boolean> {
    const names = args.filter((arg) => typeof arg === 'string')
    const options = args.find((arg) => typeof arg === 'object')
    if (!this.isPersisted()) throw new InvalidArgument({ reason: `touch() needs a saved ${this.constructor.name}.` })
    const info = infoOfRecord(this)
    const columns = [info.schema.updatedAt, ...names.map((name) => columnNamed(this, name))].filter((column) => column !== undefined)
    const write = (): Promise<true> => writeTimes(this, columns, options?.time ?? new Date())
    if (info.callbacks.touch.isEmpty) return write()
    return (await inTransaction(info.schema.binding, write)) ?? false
  }

  /** Has the record touched at the end of the transaction, once however often it is asked; the time is written to the record at once. */
  async touchLater(...names: readonly string[]): Promise<void> {
    if (!this.isPersisted()) throw new InvalidArgument({ reason: `touchLater() needs a saved ${this.constructor.name}.` })
    for (const name of names) columnNamed(this, name)
    await touchLater(this as unknown as ModelRecord, names)
  }

  /** The same row as a record of another class: both share their values.
   * @example const admin = user.becomes(Admin)
   */
  becomes<R>(model: abstract new (...args: never[]) => R): R {
    const record = new (model as unknown as new () => PersistedRecord)()
    record[VALUES] = this[VALUES]
    record[ORIGINAL] = this[ORIGINAL]
    record[FLAGS] = this[FLAGS]
    record[EXTRA] = this[EXTRA]
    record[ASSOCIATIONS] = this[ASSOCIATIONS]
    return record as unknown as R
  }

  /** Adds to a number attribute, without saving. */
  increment(name: string, by = 1): this {
    this.writeAttribute(name, Number(this.readAttribute(name) ?? 0) + by)
    return this
  }

  decrement(name: string, by = 1): this {
    return this.increment(name, -by)
  }

  /** Adds to a number in the database, atomically.
   * @param change how much, and whether the time is written too: `{ by: 3, touch: true }`
   */
  async incrementOrThrow(name: string, change: number | CounterChange = 1): Promise<this> {
    const { by = 1, ...options } = typeof change === 'number' ? { by: change } : change
    const info = infoOfRecord(this)
    const key = info.schema.key!
    await info
      .relation(info.unscopedClauses)
      .where({ [key.name]: readColumn(this, key) })
      .updateCounters({ [name]: by }, options)
    const column = columnNamed(this, name)
    this[VALUES][column.position] = Number(readColumn(this, column) ?? 0) + by
    if (this[ORIGINAL] !== null) this[ORIGINAL][column.position] = this[VALUES][column.position]
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

async function writeTimes(given: PersistedRecord, columns: readonly Column[], now: Date): Promise<true> {
  const info = infoOfRecord(given)
  const record = given as unknown as ModelRecord
  enlist(record)
  const stamped = [...new Set(columns)]
  for (const column of stamped) writeColumn(given, column, now)
  if (stamped.length > 0) await updateColumnsOf(record, info, stamped)
  settle(given, stamped)
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
  for (const column of columns) original[column.position] = now[column.position]
  const others = record.changed
  if (others.length === 0) record[ORIGINAL] = null
}

function columnNamed(record: PersistedRecord, name: string): Column {
  const { byName } = infoOfRecord(record).schema
  const column = byName.get(name)
  if (column === undefined)
    throw new UnknownColumn({ model: record.constructor.name, column: name, suggestion: didYouMean(name, byName.keys()) })
  return column
}
