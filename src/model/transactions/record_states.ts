import type { ModelRecord } from '../record/model_record.ts'
import { infoOfRecord } from '../record/attribute_access.ts'
import { EXTRA, FLAGS, Flag, ORIGINAL, VALUES } from '../record/record_state.ts'
import type { ActiveTransaction, Participant } from './active_transaction.ts'
import { currentTransaction } from './connection.ts'

/** What a transaction did to a record. */
export type TransactionAction = 'create' | 'update' | 'destroy'

/** A record in a transaction, with what the transaction did to its row. */
class WrittenRecord implements Participant {
  readonly record: ModelRecord
  readonly actions = new Set<TransactionAction>()
  readonly #before: RecordSnapshot

  constructor(record: ModelRecord) {
    this.record = record
    this.#before = snapshotOf(record)
  }

  /** The row that was written; undefined when none was. */
  get row(): string | undefined {
    if (this.actions.size === 0) return undefined
    const { schema } = infoOfRecord(this.record)
    return `${schema.table}/${schema.primaryKey.map((column) => String(this.record[VALUES][column.position])).join('/')}`
  }

  /** Of several records of one row the last runs the callbacks, unless an earlier one destroyed the row; that a row is new stays true. */
  follows(earlier: Participant): boolean {
    if (!(earlier instanceof WrittenRecord)) return true
    if (earlier.actions.has('destroy') && !this.actions.has('destroy')) return false
    if (earlier.actions.has('create')) this.actions.add('create')
    return true
  }

  committed(): Promise<void> {
    return infoOfRecord(this.record).callbacks.committed(this.record, netActions(this.actions))
  }

  beforeCommit(): Promise<void> {
    return infoOfRecord(this.record).callbacks.beforeCommit(this.record, netActions(this.actions))
  }

  rolledBack(): Promise<void> {
    return infoOfRecord(this.record).callbacks.rolledBack(this.record, netActions(this.actions))
  }

  restore(): void {
    restore(this.record, this.#before)
  }
}

const entries = new WeakMap<ActiveTransaction, Map<ModelRecord, WrittenRecord>>()

/** Makes a record take part in the current transaction before it is written: after a rollback it is as it was, and its rollback callbacks run. */
export function enlist(record: ModelRecord): void {
  const info = infoOfRecord(record)
  const transaction = currentTransaction(info.schema.binding)
  // What isn't joined is around the record as if it weren't there.
  if (transaction === undefined || !transaction.isJoinable) return
  if (info.callbacks.hasBeforeCommit) transaction.hasBeforeCommit = true
  const known = entries.get(transaction) ?? new Map<ModelRecord, WrittenRecord>()
  entries.set(transaction, known)
  if (known.has(record)) return
  const written = new WrittenRecord(record)
  known.set(record, written)
  transaction.add(written)
}

/** Remembers what was done to the row of a record that takes part in the current transaction. */
export function noteWritten(record: ModelRecord, action: TransactionAction): void {
  const transaction = currentTransaction(infoOfRecord(record).schema.binding)
  if (transaction !== undefined) entries.get(transaction)?.get(record)?.actions.add(action)
}

/** Whether destroying a record deleted its row, rather than that somebody else had. */
export function hasDestroyedRow(record: ModelRecord): boolean {
  const transaction = currentTransaction(infoOfRecord(record).schema.binding)
  const written = transaction === undefined ? undefined : entries.get(transaction)?.get(record)
  return written === undefined || written.actions.has('destroy')
}

/** Runs the commit callbacks of a record that was written outside of any transaction. */
export async function committedAlone(record: ModelRecord, action: TransactionAction): Promise<void> {
  const info = infoOfRecord(record)
  if (info.callbacks.isTransactional && currentTransaction(info.schema.binding)?.isJoinable !== true)
    await info.callbacks.committed(record, new Set([action]))
}

/** A record created and changed in one transaction was created; one created and destroyed was destroyed. */
function netActions(actions: Set<TransactionAction>): Set<TransactionAction> {
  if (actions.has('destroy')) return new Set(['destroy'])
  return actions.has('create') ? new Set(['create']) : actions
}

/** What a rollback puts back. */
interface RecordSnapshot {
  readonly flags: number
  readonly key: unknown
  /** The values that changes are compared with. */
  readonly original: unknown[]
}

function snapshotOf(record: ModelRecord): RecordSnapshot {
  const { key } = infoOfRecord(record).schema
  return {
    flags: record[FLAGS],
    key: key === undefined ? undefined : record[VALUES][key.position],
    original: record[ORIGINAL] ?? record[VALUES].slice(),
  }
}

function restore(record: ModelRecord, before: RecordSnapshot): void {
  const { key, lockVersion } = infoOfRecord(record).schema
  const mask = Flag.isNew | Flag.destroyed | Flag.previouslyNew
  record[FLAGS] = (record[FLAGS] & ~mask) | (before.flags & mask)
  if (key !== undefined && (before.flags & Flag.isNew) !== 0) record[VALUES][key.position] = before.key
  if (lockVersion !== undefined) record[VALUES][lockVersion.position] = before.original[lockVersion.position]
  record[ORIGINAL] = before.original
  if (record[EXTRA] !== null) record[EXTRA].savedChanges = undefined
}
