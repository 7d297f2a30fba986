import { isDeepStrictEqual } from 'node:util'
import { castOf } from '../attributes/custom_type.ts'
import type { Declarations } from '../declarations.ts'
import { extraOf, infoOfRecord } from './attribute_access.ts'
import type { AttributeRecord } from './attribute_record.ts'
import { EXTRA } from './record_state.ts'

/** An attribute without a column. */
export interface VirtualAttribute {
  readonly initial: unknown
  readonly cast: (value: unknown) => unknown
  readonly equals: (a: unknown, b: unknown) => boolean
  /** Whether it only takes what is asked for twice, such as a repeated password: it is none of the record's attributes, and never a change. */
  readonly isAccessor: boolean
}

/** The attributes without a column by name. What is said of one again changes that part alone. */
export function virtualAttributes(
  declarations: readonly Declarations[],
  hasColumn: (name: string) => boolean,
): ReadonlyMap<string, VirtualAttribute> {
  const found = new Map<string, VirtualAttribute>()
  for (const { name, type, initial, isAccessor = false } of declarations.flatMap((each) => each.virtual)) {
    const known = found.get(name)
    if (hasColumn(name) || (isAccessor && known !== undefined)) continue
    const cast = type === undefined ? (known?.cast ?? asItIs) : castOf(type)
    const equals =
      typeof type === 'object' && type.equals !== undefined ? equalsOf(type.equals as never) : (known?.equals ?? isDeepStrictEqual)
    found.set(name, { initial: initial === undefined ? known?.initial : initial, cast, equals, isAccessor })
  }
  for (const { attribute, normalize, applyToNull } of declarations.flatMap((each) => each.normalizations)) {
    const known = found.get(attribute)
    if (known === undefined) continue
    const cast = (value: unknown): unknown => {
      const plain = known.cast(value)
      return plain === null && !applyToNull ? null : known.cast(normalize(plain as never))
    }
    found.set(attribute, { ...known, cast })
  }
  return found
}

function asItIs(value: unknown): unknown {
  return value ?? null
}

function equalsOf(equals: (a: unknown, b: unknown) => boolean): (a: unknown, b: unknown) => boolean {
  return (a, b) => (a === null || b === null ? a === b : equals(a, b))
}

/** The value of a virtual attribute: its default until something was assigned. */
export function readVirtual(record: AttributeRecord, name: string, { initial, cast }: VirtualAttribute): unknown {
  const values = record[EXTRA]?.attributes
  if (values?.has(name)) return values.get(name)
  if (initial === undefined) return null
  const value = cast(typeof initial === 'function' ? initial() : initial)
  valuesOf(record).set(name, value)
  return value
}

/** Casts a value and writes it to a virtual attribute, remembering what was there. */
export function writeVirtual(record: AttributeRecord, name: string, value: unknown): void {
  const attribute = infoOfRecord(record).virtual.get(name)!
  if (!attribute.isAccessor) {
    const before = (extraOf(record).virtualBefore ??= new Map<string, unknown>())
    if (!before.has(name)) before.set(name, readVirtual(record, name, attribute))
  }
  const cast = attribute.cast(value)
  const extra = extraOf(record)
  if (cast !== value) (extra.beforeCast ??= new Map()).set(name, value)
  else extra.beforeCast?.delete(name)
  valuesOf(record).set(name, cast)
}

/** The unsaved change of a virtual attribute: [before, after]. */
export function virtualChange(record: AttributeRecord, name: string): [unknown, unknown] | undefined {
  const before = record[EXTRA]?.virtualBefore
  const attribute = infoOfRecord(record).virtual.get(name)
  if (attribute === undefined || before?.has(name) !== true) return undefined
  const change: [unknown, unknown] = [before.get(name), readVirtual(record, name, attribute)]
  return attribute.equals(...change) ? undefined : change
}

/** The names of the virtual attributes with unsaved changes. */
export function changedVirtuals(record: AttributeRecord): string[] {
  const before = record[EXTRA]?.virtualBefore
  return before === undefined ? [] : [...before.keys()].filter((name) => virtualChange(record, name) !== undefined)
}

/** Puts back the values of virtual attributes before their unsaved changes: all, or that of one. */
export function restoreVirtuals(record: AttributeRecord, only?: string): void {
  const before = record[EXTRA]?.virtualBefore
  for (const [name, value] of before ?? []) {
    if (only !== undefined && name !== only) continue
    valuesOf(record).set(name, value)
    before!.delete(name)
  }
}

/** Forgets what was assigned to virtual attributes. */
export function forgetVirtuals(record: AttributeRecord): void {
  const extra = record[EXTRA]
  if (extra?.attributes === undefined) return
  for (const [name, { isAccessor }] of infoOfRecord(record).virtual) if (!isAccessor) extra.attributes.delete(name)
  extra.virtualBefore = undefined
}

function valuesOf(record: AttributeRecord): Map<string, unknown> {
  return (extraOf(record).attributes ??= new Map<string, unknown>())
}
