import type { ModelRecord } from '../record/model_record.ts'
import { infoOfRecord } from '../record/attribute_access.ts'
import { FLAGS, Flag, ORIGINAL, VALUES } from '../record/record_state.ts'
import type { ActiveTransaction } from './active_transaction.ts'
import { currentTransaction } from './connection.ts'

/** What a transaction did to a record. */
export type TransactionAction = 'create' | 'update' | 'destroy'

interface Entry {
  readonly actions: Set<TransactionAction>
}

const entries = new WeakMap<ActiveTransaction, Map<ModelRecord, Entry>>()

/** Remembers what was done to a record: its commit callbacks run after the outermost commit, after a rollback it is as it was.
 * Outside of a transaction the commit callbacks run at once. */
export async function recordWritten(record: ModelRecord, action: TransactionAction, before: RecordSnapshot): Promise<void> {
  const info = infoOfRecord(record)
  const transaction = currentTransaction(info.schema.binding)
  if (transaction === undefined) return info.callbacks.committed(record, new Set([action]))
  const known = entries.get(transaction) ?? new Map<ModelRecord, Entry>()
  entries.set(transaction, known)
  const entry = known.get(record)
  if (entry !== undefined) {
    entry.actions.add(action)
    return
  }
  const actions = new Set([action])
  known.set(record, { actions })
  transaction.add({
    committed: () => info.callbacks.committed(record, netActions(actions)),
    rolledBack: () => {
      restore(record, before)
      return info.callbacks.rolledBack(record, netActions(actions))
    },
  })
}

/** A record created and changed in one transaction was created; one created and destroyed was destroyed. */
function netActions(actions: Set<TransactionAction>): Set<TransactionAction> {
  if (actions.has('destroy')) return new Set(['destroy'])
  return actions.has('create') ? new Set(['create']) : actions
}

/** What a rollback puts back. */
export interface RecordSnapshot {
  readonly flags: number
  readonly key: unknown
  readonly original: unknown[] | null
}

/** The state of a record before it is written. */
export function snapshotOf(record: ModelRecord): RecordSnapshot {
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
