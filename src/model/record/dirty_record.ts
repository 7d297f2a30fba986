import { AttributeRecord } from './attribute_record.ts'
import { extraOf, infoOfRecord, snapshot } from './attribute_access.ts'
import {
  type Change,
  type ChangeOptions,
  changeOf,
  changedNames,
  forgetAssignments,
  matches,
  originalOf,
  savedChangeOf,
} from './changes.ts'
import { EXTRA, ORIGINAL, VALUES } from './record_state.ts'
import { restoreVirtuals } from './virtual_attributes.ts'

/** What changed since a record was read, and what the last save changed. */
export class DirtyRecord extends AttributeRecord {
  /** The names of the attributes with unsaved changes. */
  get changed(): string[] {
    return changedNames(this)
  }

  /** Rails' other name of {@link changed}. */
  get changedAttributeNamesToSave(): string[] {
    return changedNames(this)
  }

  isChanged(): boolean {
    return changedNames(this).length > 0
  }

  /** Rails' other name of {@link isChanged}. */
  hasChangesToSave(): boolean {
    return this.isChanged()
  }

  /** Unsaved changes: name → [before, after]. */
  get changes(): Record<string, Change> {
    return Object.fromEntries(changedNames(this).map((name) => [name, changeOf(this, name)!]))
  }

  get changesToSave(): Record<string, Change> {
    return this.changes
  }

  /** The values that changed attributes had before. */
  get changedAttributes(): Record<string, unknown> {
    return Object.fromEntries(changedNames(this).map((name) => [name, changeOf(this, name)![0]]))
  }

  /** The values in the row of the attributes that the next save will change. */
  get attributesInDatabase(): Record<string, unknown> {
    return this.changedAttributes
  }

  /** The unsaved change of an attribute, or of a key of a store: [before, after]; undefined when there is none. */
  attributeChange(name: string): Change | undefined {
    return changeOf(this, name)
  }

  attributeChangeToBeSaved(name: string): Change | undefined {
    return changeOf(this, name)
  }

  /** Marks an attribute as changed that is going to be changed in place. JSON, lists and serialized values need no mark. */
  attributeWillChange(name: string): void {
    snapshot(this)
    const forced = (extraOf(this).forcedChanges ??= new Set())
    forced.add(infoOfRecord(this).schema.byName.get(name)?.name ?? name)
  }

  attributeChanged(name: string, options: ChangeOptions = {}): boolean {
    return matches(this, name, changeOf(this, name), options)
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
    const { schema, virtual, stored } = infoOfRecord(this)
    const column = schema.byName.get(name)
    if (column !== undefined) return originalOf(this, column)
    if (!virtual.has(name) && !stored.has(name)) return undefined
    const change = changeOf(this, name)
    return change === undefined ? Reflect.get(this, name) : change[0]
  }

  attributeInDatabase(name: string): unknown {
    return this.attributeWas(name)
  }

  /** What the last save changed: name → [before, after]. */
  get savedChanges(): Record<string, Change> {
    return Object.fromEntries(this[EXTRA]?.savedChanges ?? [])
  }

  get previousChanges(): Record<string, Change> {
    return this.savedChanges
  }

  hasSavedChanges(): boolean {
    return (this[EXTRA]?.savedChanges?.size ?? 0) > 0
  }

  /** The change that the last save made to an attribute, or to a key of a store; undefined when it made none. */
  savedChangeTo(name: string): Change | undefined {
    return savedChangeOf(this, name)
  }

  isSavedChangeTo(name: string, options: ChangeOptions = {}): boolean {
    return matches(this, name, savedChangeOf(this, name), options)
  }

  savedChangeToAttribute(name: string, options: ChangeOptions = {}): boolean {
    return this.isSavedChangeTo(name, options)
  }

  /** The value that an attribute had before the last save. */
  attributeBeforeLastSave(name: string): unknown {
    const change = savedChangeOf(this, name)
    return change === undefined ? Reflect.get(this, name) : change[0]
  }

  /** Whether the last save changed the attribute. */
  attributePreviouslyChanged(name: string, options: ChangeOptions = {}): boolean {
    return this.isSavedChangeTo(name, options)
  }

  /** The value that an attribute had before the last save; null when nothing was saved. */
  attributePreviouslyWas(name: string): unknown {
    return this[EXTRA]?.savedChanges === undefined ? null : this.attributeBeforeLastSave(name)
  }

  /** Puts back the value of one attribute before its unsaved change. */
  restoreAttribute(name: string): void {
    const column = infoOfRecord(this).schema.byName.get(name)
    if (column === undefined) restoreVirtuals(this, name)
    if (this[ORIGINAL] === null || column === undefined) return
    this[VALUES][column.position] = this[ORIGINAL][column.position]
    this[EXTRA]?.forcedChanges?.delete(column.name)
    this[EXTRA]?.beforeCast?.delete(column.name)
  }

  /** Puts back the values before the unsaved changes: all, or those of some attributes. */
  restoreAttributes(names?: readonly string[]): void {
    for (const name of names ?? this.changed) this.restoreAttribute(name)
  }

  /** Takes the present values as saved, without saving. */
  clearChangesInformation(): void {
    forgetAssignments(this)
    const extra = this[EXTRA]
    if (extra !== null) extra.savedChanges = extra.beforeCast = extra.forcedChanges = extra.virtualBefore = undefined
  }

  /** Takes the present values of some attributes as saved, without saving. */
  clearAttributeChanges(names: readonly string[]): void {
    const { byName } = infoOfRecord(this).schema
    for (const name of names) {
      const column = byName.get(name)
      this[EXTRA]?.forcedChanges?.delete(column?.name ?? name)
      if (column === undefined) this[EXTRA]?.virtualBefore?.delete(name)
      else if (this[ORIGINAL] !== null) this[ORIGINAL][column.position] = this[VALUES][column.position]
    }
  }
}
