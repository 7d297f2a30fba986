import { hasAssociatedRecords } from '../associations/autosave.ts'
import { applyNested } from '../associations/nested_attributes.ts'
import type { Column } from '../attributes/column.ts'
import { HALTED } from '../callbacks/chain.ts'
import type { Changes, ResultSet, SqlValue } from '../database.ts'
import { ReadOnlyRecord, Rollback, StaleObject } from '../errors.ts'
import type { ModelInfo } from '../model_info.ts'
import { deleteStatement, insertStatement, placeArguments, type RowPlace, updateStatement } from '../sql/writes.ts'
import { connectionFor } from '../transactions/connection.ts'
import { inTransaction } from '../transactions/transaction.ts'
import { committedAlone, enlist, noteWritten } from '../transactions/record_states.ts'
import { infoOfRecord, readColumn, snapshot } from './attribute_access.ts'
import { changedColumns, changesApplied } from './changes.ts'
import { changedVirtuals } from './virtual_attributes.ts'
import { guarded } from './guarded.ts'
import type { ModelRecord } from './model_record.ts'
import { EXTRA, FLAGS, Flag, ORIGINAL, VALUES } from './record_state.ts'
import { digestPasswords } from './secure_password.ts'

/** How a record is saved. */
export interface SaveOptions {
  /** False skips the validations. */
  readonly validate?: boolean
  /** The validation context. */
  readonly context?: string | readonly string[]
  /** False leaves the timestamps. */
  readonly touch?: boolean
}

/** What came of saving a record. */
export type SaveOutcome = 'saved' | 'invalid' | 'halted' | 'rolledBack'

/** Validates and writes a record with its callbacks, in one transaction when it is more than one statement.
 * @throws RecordInvalid when a record that is saved with it isn't valid
 */
export async function saveRecord(record: ModelRecord, options: SaveOptions): Promise<SaveOutcome> {
  const info = infoOfRecord(record)
  if ((record[FLAGS] & Flag.readonly) !== 0) throw new ReadOnlyRecord({ model: info.model.name })
  if (record[EXTRA]?.nested !== undefined) await applyNested(record, info.nestedOptions)
  if (info.callbacks.isSavePlain && !hasAssociatedRecords(record)) return savedWithin(record, info, options)
  let outcome: SaveOutcome = 'rolledBack'
  await inTransaction(info.schema.binding, async () => {
    outcome = await savedWithin(record, info, options)
    if (outcome !== 'saved') throw haltedQuietly()
  })
  return outcome
}

async function savedWithin(record: ModelRecord, info: ModelInfo, options: SaveOptions): Promise<SaveOutcome> {
  enlist(record)
  if (options.validate !== false && !(await record.isValid(options.context))) return 'invalid'
  const isNew = record.isNewRecord()
  record[FLAGS] |= Flag.saving
  try {
    await digestPasswords(record, info)
    const write = (): Promise<boolean> => writeWithin(record, info, options, isNew)
    const isPlain = info.callbacks.isSavePlain && !hasAssociatedRecords(record)
    const result = isPlain ? await write() : await info.callbacks.save.run(record, write)
    if (result !== true) return 'halted'
  } finally {
    record[FLAGS] &= ~(Flag.saving | Flag.wasNew)
  }
  await committedAlone(record, isNew ? 'create' : 'update')
  return 'saved'
}

async function writeWithin(record: ModelRecord, info: ModelInfo, options: SaveOptions, isNew: boolean): Promise<boolean> {
  if (record.isDestroyed()) return false
  if ((isNew || options.touch !== false) && (record.recordTimestamps ?? info.recordsTimestamps)) writeTimestamps(record, info, isNew)
  const chain = isNew ? info.callbacks.create : info.callbacks.update
  const write = async (): Promise<boolean> => {
    if (isNew) await insert(record, info)
    else await update(record, info)
    return true
  }
  if (info.callbacks.isSavePlain && !hasAssociatedRecords(record)) return write()
  const result = await chain.run(record, write)
  return result !== HALTED && result
}

/** A transaction that a halted save or destroy opened is rolled back without an error. */
function haltedQuietly(): Rollback {
  return new Rollback()
}

async function insert(record: ModelRecord, info: ModelInfo): Promise<void> {
  const { schema } = info
  const columns: Column[] = []
  const args: SqlValue[] = []
  const returning: Column[] = []
  const values = record[VALUES]
  for (const column of schema.columns) {
    const value = values[column.position]
    const isFilled = value === null && (column === schema.key || isFilledByDatabase(column))
    if (value === undefined || isFilled) {
      if (isFilled) returning.push(column)
      continue
    }
    columns.push(column)
    if (value === null && column === schema.lockVersion) values[column.position] = 0
    args.push(column.type.serialize(readColumn(record, column)))
  }
  snapshot(record)
  await runInsert(record, info, columns, args, returning)
  record[FLAGS] = (record[FLAGS] & ~Flag.isNew) | Flag.wasNew | Flag.previouslyNew
  noteWritten(record, 'create')
  changesApplied(record, changedColumns(record))
}

function isFilledByDatabase({ field }: Column): boolean {
  // Such a column may be calculated by the database, which takes no value for it then.
  if (field.type === 'Unsupported') return true
  return (
    field.default !== undefined && 'function' in field.default && ['autoincrement', 'dbgenerated', 'now'].includes(field.default.function)
  )
}

async function runInsert(record: ModelRecord, info: ModelInfo, columns: Column[], args: SqlValue[], returning: Column[]): Promise<void> {
  const { schema } = info
  const connection = connectionFor(schema.binding, info.model, 'Create')
  const { dialect, hasReturning } = schema.binding.database
  const isIdOnly = returning.length === 0 || (returning.length === 1 && returning[0] === schema.key)
  if (!hasReturning || (isIdOnly && dialect !== 'postgres')) {
    const insert = insertStatement(info, columns, [])
    const pending = guarded<Changes | ResultSet>(schema.table, () =>
      dialect === 'mysql' ? connection.query(insert, args) : connection.execute(insert, args),
    )
    const { insertId } = pending instanceof Promise ? await pending : pending
    if (schema.key !== undefined && returning.includes(schema.key) && insertId !== undefined)
      record[VALUES][schema.key.position] = schema.key.type.cast(insertId)
    return
  }
  const sql = insertStatement(info, columns, returning)
  if (returning.length === 0) return void (await guarded(schema.table, () => connection.execute(sql, args)))
  const result = await guarded(schema.table, () => connection.query(sql, args))
  for (const [place, column] of returning.entries()) {
    const raw = result.rows[0]![place]
    record[VALUES][column.position] = column.type.wrap === undefined ? raw : column.type.wrap(raw)
  }
}

async function update(record: ModelRecord, info: ModelInfo): Promise<void> {
  let columns = changedColumns(record).filter(({ name }) => !info.readonlyAttributes.has(name) && !info.counters.has(name))
  if (columns.length > 0) columns = await updateLocked(record, info, columns)
  record[FLAGS] &= ~Flag.previouslyNew
  noteWritten(record, 'update')
  changesApplied(record, columns)
}

/** Updates the row, and with a lock version only as it was when it was read.
 * @throws StaleObject when somebody else changed it since
 */
export async function updateLocked(record: ModelRecord, info: ModelInfo, columns: Column[]): Promise<Column[]> {
  const { lockVersion } = info.schema
  if (lockVersion === undefined) {
    await updateColumnsOf(record, info, columns)
    return columns
  }
  const before = record[VALUES][lockVersion.position]
  const locked = columns.includes(lockVersion) ? columns : [...columns, lockVersion]
  record[VALUES][lockVersion.position] = Number(before ?? 0) + 1
  const affected = await updateColumnsOf(record, info, locked, lockVersion, before).catch((error: unknown) => {
    record[VALUES][lockVersion.position] = before
    throw error
  })
  if (affected === 0) {
    record[VALUES][lockVersion.position] = before
    throw new StaleObject({ model: info.model.name, action: 'update' })
  }
  return locked
}

/** Updates the row of a record by the key it had when it was read. */
export async function updateColumnsOf(
  record: ModelRecord,
  info: ModelInfo,
  columns: readonly Column[],
  lockVersion?: Column,
  version?: unknown,
): Promise<number> {
  const args = columns.map((column) => column.type.serialize(readColumn(record, column)))
  const place = placeOf(record, info, lockVersion, version)
  const sql = updateStatement(info, columns, place)
  const pending = guarded(info.schema.table, () =>
    connectionFor(info.schema.binding, info.model, 'Update').execute(sql, [...args, ...placeArguments(place)]),
  )
  return (pending instanceof Promise ? await pending : (pending as Changes)).affected
}

/** Which row a record is, by what it was when it was read; a row from before the lock version was there has none. */
function placeOf(record: ModelRecord, info: ModelInfo, lockVersion?: Column, version?: unknown): RowPlace {
  const { rowKey } = info.schema
  const values = rowKey.map((key) =>
    serialized(key, record[ORIGINAL] === null ? record[VALUES][key.position] : record[ORIGINAL][key.position]),
  )
  if (lockVersion === undefined) return { where: rowKey, values }
  return { where: [...rowKey, lockVersion], values: [...values, serialized(lockVersion, version)] }
}

function serialized({ type }: Column, value: unknown): SqlValue {
  return value === null || value === undefined ? null : type.serialize(value)
}

/** Before the callbacks of creating or updating, so that they see the times: those that weren't given, of a record that changes. */
function writeTimestamps(record: ModelRecord, { schema, readonlyAttributes }: ModelInfo, isNew: boolean): void {
  const changed = isNew ? [] : changedColumns(record)
  if (!isNew && changed.every((column) => readonlyAttributes.has(column.name)) && changedVirtuals(record).length === 0) return
  let now: Date | undefined
  const { createdColumns, updatedColumns } = schema
  for (const column of isNew ? [...createdColumns, ...updatedColumns] : updatedColumns) {
    if (isNew ? record[VALUES][column.position] !== null : changed.includes(column)) continue
    now ??= new Date()
    snapshot(record)
    record[VALUES][column.position] = column.type.cast(now)
  }
}

/** Deletes the row of a record with its callbacks.
 * @returns false when a callback halted
 */
export async function destroyRecord(record: ModelRecord): Promise<boolean> {
  const info = infoOfRecord(record)
  if ((record[FLAGS] & Flag.readonly) !== 0) throw new ReadOnlyRecord({ model: info.model.name })
  const { destroy } = info.callbacks
  if (destroy.isEmpty && !info.callbacks.hasBeforeCommit) {
    enlist(record)
    if (await deleteRow(record, info, true)) await committedAlone(record, 'destroy')
    return true
  }
  let isDestroyed = false
  await inTransaction(info.schema.binding, async () => {
    enlist(record)
    record[FLAGS] |= Flag.destroying
    try {
      const result = await destroy.run(record, async () => {
        await deleteRow(record, info, true)
        return true
      })
      isDestroyed = result === true
    } finally {
      record[FLAGS] &= ~Flag.destroying
    }
    if (!isDestroyed) throw haltedQuietly()
  })
  return isDestroyed
}

/** Deletes the row of a record without callbacks.
 * @returns whether there was one
 * @throws StaleObject when it is destroyed, and somebody else changed it since it was read
 */
export async function deleteRow(record: ModelRecord, info: ModelInfo, isDestroy = false): Promise<boolean> {
  let affected = 0
  if (!record.isNewRecord()) {
    const { binding, lockVersion } = info.schema
    const version = lockVersion === undefined ? null : (record[ORIGINAL] ?? record[VALUES])[lockVersion.position]
    const place = placeOf(record, info, lockVersion, version)
    const connection = connectionFor(binding, info.model, 'Destroy')
    const changes = await guarded<Changes>(info.schema.table, () => connection.execute(deleteStatement(info, place), placeArguments(place)))
    affected = changes.affected
    if (affected === 0 && lockVersion !== undefined && isDestroy) throw new StaleObject({ model: info.model.name, action: 'destroy' })
  }
  record[FLAGS] = (record[FLAGS] | Flag.destroyed) & ~Flag.previouslyNew
  if (affected > 0) noteWritten(record, 'destroy')
  return affected > 0
}
