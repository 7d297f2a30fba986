import { extraOf, infoOfRecord, readColumn } from '../record/attribute_access.ts'
import { EXTRA, FLAGS, Flag, ORIGINAL, VALUES } from '../record/record_state.ts'
import type { ModelRecord } from '../record/model_record.ts'
import { isTouchless } from '../record/no_touching.ts'
import type { ActiveTransaction } from '../transactions/active_transaction.ts'
import { currentTransaction } from '../transactions/connection.ts'
import { enlist } from '../transactions/record_states.ts'
import type { Reflection } from './reflection.ts'

/** The owners that wait for a transaction's end, a row each: of several records of one row the last is touched. */
const waiting = new WeakMap<ActiveTransaction, Map<string, ModelRecord>>()

/** Touches an owner at the end of the transaction, once for all that want it touched, and with it the owners that it touches itself.
 * The record has the time at once. Outside of a transaction it is touched now. */
export async function touchLater(record: ModelRecord, names: readonly string[]): Promise<void> {
  if (isTouchless(record)) return
  const info = infoOfRecord(record)
  const transaction = currentTransaction(info.schema.binding)
  if (transaction === undefined) {
    await record.touch(...names)
    return
  }
  const extra = extraOf(record)
  const deferred = (extra.deferredTouch ??= { columns: new Set(), time: new Date() })
  deferred.time = new Date()
  for (const name of [info.schema.updatedAt?.name, ...names]) if (name !== undefined) deferred.columns.add(name)
  for (const name of deferred.columns) writeUnseen(record, name, deferred.time)
  enlist(record)
  addWaiting(transaction, record)
  for (const reflection of info.reflections.values()) await touchOwner(record, reflection)
}

async function touchOwner(record: ModelRecord, reflection: Reflection): Promise<void> {
  const { touch } = reflection.options
  if (reflection.kind !== 'belongsTo' || !touch) return
  const owner = (await Reflect.get(record, reflection.name)) as ModelRecord | null
  if (owner?.isPersisted() && (owner[FLAGS] & Flag.destroying) === 0) await touchLater(owner, typeof touch === 'string' ? [touch] : [])
}

function addWaiting(transaction: ActiveTransaction, record: ModelRecord): void {
  let records = waiting.get(transaction)
  if (records === undefined) {
    const added = new Map<string, ModelRecord>()
    records = added
    waiting.set(transaction, added)
    transaction.beforeCommit.push(() => touchAll(added))
  }
  const { schema, model } = infoOfRecord(record)
  const key = `${model.name}/${schema.primaryKey.map((column) => String(readColumn(record, column))).join('/')}`
  // At the place of the last one.
  records.delete(key)
  records.set(key, record)
}

/** Touching one may add others, which a Map goes on with. */
async function touchAll(records: ReadonlyMap<string, ModelRecord>): Promise<void> {
  for (const record of records.values()) {
    const deferred = record[EXTRA]?.deferredTouch
    if (deferred === undefined || !record.isPersisted()) continue
    extraOf(record).deferredTouch = undefined
    await record.touch(...deferred.columns, { time: deferred.time })
  }
}

/** Writes a time that is no unsaved change. */
function writeUnseen(record: ModelRecord, name: string, time: Date): void {
  const column = infoOfRecord(record).schema.byName.get(name)
  if (column === undefined) return
  record[VALUES][column.position] = time
  if (record[ORIGINAL] !== null) record[ORIGINAL][column.position] = time
}
