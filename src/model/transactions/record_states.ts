import type { ModelRecord } from '../record/model_record.ts'
import { infoOfRecord } from '../record/attribute_access.ts'
import { FLAGS, Flag, ORIGINAL, VALUES } from '../record/record_state.ts'
import type { ActiveTransaction } from './active_transaction.ts'
import { currentTransaction } from './connection.ts'

/** What a transaction did to a record. */
export type TransactionAction = 'create' | 'update' | 'destroy'

const entries = new WeakMap<ActiveTransaction, Map<ModelRecord, Set<TransactionAction>>>()

/** Makes a record take part in the current transaction before it is written: after a rollback it is as it was, and its rollback callbacks run. */
export function enlist(record: ModelRecord): void {
  const info = infoOfRecord(record)
  const transaction = currentTransaction(info.schema.binding)
  if (transaction === undefined) return
  const known = entries.get(transaction) ?? new Map<ModelRecord, Set<TransactionAction>>()
  entries.set(transaction, known)
  if (known.has(record)) return
  const actions = new Set<TransactionAction>()
  const before = snapshotOf(record)
  known.set(record, actions)
  transaction.add({
    committed: () => info.callbacks.committed(record, netActions(actions)),
    rolledBack: async () => {
      await info.callbacks.rolledBack(record, netActions(actions))
      restore(record, before)
    },
  })
}

/** Remembers what was done to the row of a record that takes part in the current transaction. */
export function noteWritten(record: ModelRecord, action: TransactionAction): void {
  const transaction = currentTransaction(infoOfRecord(record).schema.binding)
  if (transaction !== undefined) entries.get(transaction)?.get(record)?.add(action)
}

/** Runs the commit callbacks of a record that was written outside of any transaction. */
export async function committedAlone(record: ModelRecord, action: TransactionAction): Promise<void> {
  const info = infoOfRecord(record)
  if (info.callbacks.isTransactional && currentTransaction(info.schema.binding) === undefined)
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
  readonly original: unknown[] | null
}

function snapshotOf(record: ModelRecord): RecordSnapshot {
  const { key } = infoOfRecord(record).schema
  return { flags: record[FLAGS], key: key === undefined ? undefined : record[VALUES][key.position], original: record[ORIGINAL] }
}

function restore(record: ModelRecord, before: RecordSnapshot): void {
  const { key } = infoOfRecord(record).schema
  const mask = Flag.isNew | Flag.destroyed | Flag.previouslyNew
  record[FLAGS] = (record[FLAGS] & ~mask) | (before.flags & mask)
  if (key !== undefined && (before.flags & Flag.isNew) !== 0) record[VALUES][key.position] = before.key
  if (before.original !== null) record[ORIGINAL] = before.original
}
