import type { Column } from '../attributes/column.ts'
import { AttributeRecord } from './attribute_record.ts'
import { extraOf, infoOfRecord, readColumn, snapshot } from './attribute_access.ts'
import { EXTRA, ORIGINAL, VALUES } from './record_state.ts'

/** From what to what an attribute must have changed. */
export interface ChangeOptions {
  readonly from?: unknown
  readonly to?: unknown
}

/** What changed since a record was read, and what the last save changed. */
export class DirtyRecord extends AttributeRecord {
  /** The names of the attributes with unsaved changes. */
  get changed(): string[] {
    return changedColumns(this).map((column) => column.name)
  }

  isChanged(): boolean {
    return changedColumns(this).length > 0
  }

  /** Rails' other name of {@link isChanged}. */
  hasChangesToSave(): boolean {
    return this.isChanged()
  }

  /** Unsaved changes: name → [before, after]. */
  get changes(): Record<string, [unknown, unknown]> {
    return Object.fromEntries(changedColumns(this).map((column) => [column.name, [originalOf(this, column), readColumn(this, column)]]))
  }

  get changesToSave(): Record<string, [unknown, unknown]> {
    return this.changes
  }

  /** The values that changed attributes had before. */
  get changedAttributes(): Record<string, unknown> {
    return Object.fromEntries(changedColumns(this).map((column) => [column.name, originalOf(this, column)]))
  }

  /** The unsaved change of an attribute: [before, after]; undefined when there is none. */
  attributeChange(name: string): [unknown, unknown] | undefined {
    return this.changes[name]
  }

  attributeChangeToBeSaved(name: string): [unknown, unknown] | undefined {
    return this.changes[name]
  }

  /** Marks an attribute as changed that is going to be changed in place. JSON needs no mark. */
  attributeWillChange(name: string): void {
    snapshot(this)
    const forced = (extraOf(this).forcedChanges ??= new Set())
    forced.add(name)
  }

  attributeChanged(name: string, options: ChangeOptions = {}): boolean {
    return matches(this.changes[name], options)
  }

  /** Whether the next save will change the attribute. */
  willSaveChangeTo(name: string, options: ChangeOptions = {}): boolean {
    return this.attributeChanged(name, options)
  }

  willSaveChangeToAttribute(name: string, options: ChangeOptions = {}): boolean {
    return this.attributeChanged(name, options)
  }

  /** The value before the unsaved change. */
  attributeWas(name: string): unknown {
    const column = infoOfRecord(this).schema.byName.get(name)
    return column === undefined ? undefined : originalOf(this, column)
  }

  attributeInDatabase(name: string): unknown {
    return this.attributeWas(name)
  }

  /** What the last save changed: name → [before, after]. */
  get savedChanges(): Record<string, [unknown, unknown]> {
    return Object.fromEntries(this[EXTRA]?.savedChanges ?? [])
  }

  get previousChanges(): Record<string, [unknown, unknown]> {
    return this.savedChanges
  }

  hasSavedChanges(): boolean {
    return (this[EXTRA]?.savedChanges?.size ?? 0) > 0
  }

  /** The change that the last save made to an attribute; undefined when it made none. */
  savedChangeTo(name: string): [unknown, unknown] | undefined {
    return this[EXTRA]?.savedChanges?.get(name)
  }

  isSavedChangeTo(name: string, options: ChangeOptions = {}): boolean {
    return matches(this.savedChangeTo(name), options)
  }

  savedChangeToAttribute(name: string, options: ChangeOptions = {}): boolean {
    return this.isSavedChangeTo(name, options)
  }

  attributeBeforeLastSave(name: string): unknown {
    const change = this.savedChangeTo(name)
    return change === undefined ? Reflect.get(this, name) : change[0]
  }

  /** Whether the last save changed the attribute. */
  attributePreviouslyChanged(name: string, options: ChangeOptions = {}): boolean {
    return this.isSavedChangeTo(name, options)
  }

  /** The value that an attribute had before the last save; null when that didn't change it. */
  attributePreviouslyWas(name: string): unknown {
    return this.savedChangeTo(name)?.[0] ?? null
  }

  /** Puts back the value of one attribute before its unsaved change. */
  restoreAttribute(name: string): void {
    const column = infoOfRecord(this).schema.byName.get(name)
    if (this[ORIGINAL] === null || column === undefined) return
    this[VALUES][column.position] = this[ORIGINAL][column.position]
    this[EXTRA]?.forcedChanges?.delete(name)
    if (changedColumns(this).length === 0) this[ORIGINAL] = null
  }

  /** Puts back the values before the unsaved changes: all, or those of some attributes. */
  restoreAttributes(names?: readonly string[]): void {
    if (names !== undefined) {
      for (const name of names) this.restoreAttribute(name)
      return
    }
    if (this[ORIGINAL] === null) return
    this[VALUES] = this[ORIGINAL]
    this[ORIGINAL] = null
  }

  /** Takes the present values as saved, without saving. */
  clearChangesInformation(): void {
    this[ORIGINAL] = null
    if (this[EXTRA] !== null) this[EXTRA].savedChanges = undefined
  }
}

/** The columns with unsaved changes. */
export function changedColumns(record: AttributeRecord): Column[] {
  const original = record[ORIGINAL]
  if (original === null) return []
  const values = record[VALUES]
  const forced = record[EXTRA]?.forcedChanges
  const changed: Column[] = []
  for (const column of infoOfRecord(record).schema.columns) {
    const before = original[column.position]
    const after = values[column.position]
    if (after !== undefined && forced?.has(column.name)) changed.push(column)
    if (before === after || after === undefined || forced?.has(column.name)) continue
    if (!column.type.equals(cast(column, before ?? null), readColumn(record, column))) changed.push(column)
  }
  return changed
}

/** Moves the unsaved changes to the saved ones. */
export function changesApplied(record: AttributeRecord, columns: readonly Column[]): void {
  if (columns.length > 0 || record[EXTRA] !== null) {
    const extra = extraOf(record)
    extra.savedChanges = new Map(columns.map((column) => [column.name, [originalOf(record, column), readColumn(record, column)]]))
    extra.beforeCast = undefined
    extra.forcedChanges = undefined
  }
  record[ORIGINAL] = null
}

function originalOf(record: AttributeRecord, column: Column): unknown {
  const original = record[ORIGINAL]
  return original === null ? readColumn(record, column) : cast(column, original[column.position] ?? null)
}

function cast(column: Column, value: unknown): unknown {
  const { deserialize } = column.type
  return deserialize === undefined || value === null ? value : deserialize(value)
}

function matches(change: [unknown, unknown] | undefined, options: ChangeOptions): boolean {
  if (change === undefined) return false
  if ('from' in options && change[0] !== options.from) return false
  return !('to' in options) || change[1] === options.to
}
