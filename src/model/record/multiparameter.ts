import { FormParts } from '../attributes/form_parts.ts'
import { AttributeAssignmentError, MultiparameterAssignmentErrors } from '../errors.ts'

/** Assigns the parts of days and times that forms send: `published_at(1i)`, `published_at(2i)` and so on, where `i` means an integer and `f` a number.
 * An attribute without any part is set to null.
 *
 * @param parts what was given, by its full name
 * @param assign sets an attribute
 * @throws MultiparameterAssignmentErrors for all attributes that can't be assigned
 * @see ActiveRecord::AttributeAssignment
 */
export function assignMultiparameters(parts: ReadonlyMap<string, unknown>, assign: (name: string, value: unknown) => void): void {
  const byAttribute = new Map<string, Map<number, unknown>>()
  for (const [key, value] of parts) {
    const [, name = key, place = '', kind] = /^(.*?)\((\d+)?([if])?.*\)$/s.exec(key) ?? []
    const values = byAttribute.get(name) ?? new Map<number, unknown>()
    byAttribute.set(name, values.set(Number(place), partOf(value, kind)))
  }
  const errors: AttributeAssignmentError[] = []
  for (const [attribute, values] of byAttribute) {
    const isEmpty = [...values.values()].every((value) => value === null)
    const given = new FormParts(values)
    try {
      assign(attribute, isEmpty ? null : given)
    } catch (error) {
      const shown = given.values.map((value) => (typeof value === 'string' ? JSON.stringify(value) : String(value ?? 'nil'))).join(', ')
      errors.push(
        new AttributeAssignmentError(
          { attribute, values: `[${shown}]`, reason: error instanceof Error ? error.message : String(error) },
          { cause: error },
        ),
      )
    }
  }
  if (errors.length > 0) throw new MultiparameterAssignmentErrors(errors)
}

function partOf(value: unknown, kind: string | undefined): unknown {
  if (value === null || value === undefined || value === '') return null
  if (kind === undefined) return value
  const number = Number.parseFloat(String(value))
  return Number.isNaN(number) ? 0 : kind === 'i' ? Math.trunc(number) : number
}
