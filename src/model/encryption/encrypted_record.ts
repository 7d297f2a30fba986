import { didYouMean } from '../../naming/index.ts'
import { UnknownColumn } from '../errors.ts'
import type { Column } from '../attributes/column.ts'
import { infoOfRecord, readColumn } from '../record/attribute_access.ts'
import type { ModelRecord } from '../record/model_record.ts'
import { unencryptedType } from './encrypted_type.ts'
import { SqlFragment } from '../sql/fragment.ts'

/** What the database holds for an encrypted attribute of a saved record; of one with changes, what it will hold.
 * @throws UnknownColumn for an attribute that isn't encrypted
 */
export async function ciphertextOf(record: ModelRecord, attribute: string): Promise<unknown> {
  const { schema, model } = infoOfRecord(record)
  const column = encryptedColumns(record).find(({ name }) => name === attribute)
  if (column === undefined) {
    const known = encryptedColumns(record).map(({ name }) => name)
    throw new UnknownColumn({ model: model.name, column: attribute, suggestion: didYouMean(attribute, known) })
  }
  if (record.isNewRecord() || record.attributeChanged(attribute)) return column.type.serialize(readColumn(record, column))
  return model
    .unscoped()
    .where(keyOf(record))
    .pick(new SqlFragment(`${schema.table}.${column.column} as stored_text`, [])) // under its own name it would be decrypted
}

/** Writes all encrypted attributes anew.
 * @returns whether there are any
 */
export async function encryptRecord(record: ModelRecord): Promise<boolean> {
  const columns = encryptedColumns(record)
  if (columns.length === 0) return false
  return write(record, Object.fromEntries(columns.map((column) => [column.name, readColumn(record, column)])))
}

/** Writes all encrypted attributes as they are read.
 * @returns whether there are any
 */
export async function decryptRecord(record: ModelRecord): Promise<boolean> {
  const columns = encryptedColumns(record)
  if (columns.length === 0) return false
  return write(
    record,
    Object.fromEntries(
      columns.map((column) => [column.name, new SqlFragment('?', [unencryptedType(column.type).serialize(readColumn(record, column))])]),
    ),
  )
}

async function write(record: ModelRecord, attributes: Record<string, unknown>): Promise<boolean> {
  const { model } = infoOfRecord(record)
  return (await model.unscoped().where(keyOf(record)).updateAll(attributes)) > 0
}

function encryptedColumns(record: ModelRecord): Column[] {
  return infoOfRecord(record).schema.columns.filter(({ type }) => type.encryption !== undefined)
}

function keyOf(record: ModelRecord): Record<string, unknown> {
  return Object.fromEntries(infoOfRecord(record).schema.primaryKey.map((column) => [column.name, readColumn(record, column)]))
}
