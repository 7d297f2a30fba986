import { readAnswer } from '../attributes/attribute_type.ts'
import type { SqlValue } from '../database.ts'
import { infoOf, type ModelInfo } from '../model_info.ts'
import type { Selection } from '../sql/selection.ts'
import type { ModelRecord } from './model_record.ts'
import { extraOf } from './attribute_access.ts'
import { FLAGS } from './record_state.ts'

/** The row that the constructor running next takes as its values. */
let pending: unknown[] | undefined

/** Gives the pending row to the constructor that asks first. */
export function takePendingRow(): unknown[] | undefined {
  const row = pending
  pending = undefined
  return row
}

/** Makes a record of a row that holds all columns in their order. The row becomes the record's own. */
export function recordOfRow(info: ModelInfo, row: readonly SqlValue[]): ModelRecord {
  const values = row as unknown[]
  if (info.wrappedColumns.length > 0) for (const { position, type } of info.wrappedColumns) values[position] = type.wrap!(values[position])
  // The class first: where there is none, no row must wait for the next record that is made.
  const recordClass = info.classOfRow(values)
  pending = values
  const record = new recordClass()
  const flags = recordClass === (info.model as unknown) ? info.initialFlags : infoOf(recordClass as never).initialFlags
  if (flags !== 0) record[FLAGS] |= flags
  return info.callbacks.hasLoadCallbacks ? info.callbacks.afterLoad(record) : record
}

/** Makes a record of the class itself that has these values, without callbacks. */
export function recordOfValues(info: ModelInfo, values: unknown[]): ModelRecord {
  pending = values
  return new info.model()
}

function readAs(selection: Selection | undefined, value: SqlValue): unknown {
  const type = selection?.readAs
  return type === undefined ? value : readAnswer(type, value)
}

/** Makes a record of a row of selected expressions: columns that weren't selected stay undefined, other expressions become attributes. */
export function recordOfSelection(
  info: ModelInfo,
  selections: readonly Selection[],
  names: readonly string[],
  row: readonly SqlValue[],
): ModelRecord {
  const values = new Array<unknown>(info.schema.columns.length).fill(undefined)
  const others: [string, unknown][] = []
  for (const [place, value] of row.entries()) {
    const selected = selections[place]?.column
    // A column of a joined table is an attribute beside those of the model.
    const isOwn = selected !== undefined && info.schema.columns[selected.position] === selected
    const column = isOwn
      ? selected
      : selected === undefined
        ? info.schema.columns.find(({ column: name }) => name === names[place])
        : undefined
    if (column === undefined) others.push([names[place]!, readAs(selections[place], value)])
    else values[column.position] = value
  }
  // As in Rails, the key is there, without a value, when it wasn't selected.
  if (info.schema.key !== undefined && values[info.schema.key.position] === undefined) values[info.schema.key.position] = null
  const record = recordOfRow(info, values as SqlValue[])
  if (others.length > 0) extraOf(record).attributes = new Map(others)
  for (const [name, value] of others)
    if (!(name in record)) Object.defineProperty(record, name, { value, enumerable: true, configurable: true })
  return record
}
