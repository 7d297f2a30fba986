import type { Column } from '../attributes/column.ts'
import type { AttributeRecord } from './attribute_record.ts'
import { infoOfRecord, readColumn } from './attribute_access.ts'
import type { ModelRecord } from './model_record.ts'
import { enlist } from '../transactions/record_states.ts'
import { ORIGINAL, VALUES } from './record_state.ts'

/** Takes a number as what is in the database. */
export function settleNumber(record: AttributeRecord, column: Column, value: number): void {
  record[VALUES][column.position] = column.type.cast(value)
  if (record[ORIGINAL] !== null) record[ORIGINAL][column.position] = record[VALUES][column.position]
}

/** A record whose row was just counted in the database has the next version, so that it isn't taken for an old one; after a rollback it has the
 * version that it had.
 */
export function countVersion(record: AttributeRecord): void {
  const { lockVersion } = infoOfRecord(record).schema
  if (lockVersion === undefined) return
  enlist(record as ModelRecord)
  settleNumber(record, lockVersion, Number(readColumn(record, lockVersion) ?? 0) + 1)
}
