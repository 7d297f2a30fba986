import type { FieldMetadata } from '../metadata.ts'
import { castDay } from './casting.ts'

/** A day without a time: midnight in UTC, and `2026-05-01` in JSON, as Rails writes a date. */
export class CalendarDate extends Date {
  override toJSON(): string {
    return this.toISOString().slice(0, 10)
  }
}

/** Whether a DateTime field holds days: `@db.Date`, or where the database has no such type, `@date` in the field's comment.
 * @example
 * /// @date
 * due_on DateTime?
 */
export function isCalendarDate({ type, nativeType, documentation }: FieldMetadata): boolean {
  return type === 'DateTime' && (nativeType?.[0] === 'Date' || /(?:^|\s)@date(?:\s|$)/.test(documentation ?? ''))
}

/** Casts as Active Record's Date: what is read as a time loses it, what can't be read is null. */
export function castCalendarDate(value: unknown): CalendarDate | null {
  if (value instanceof CalendarDate) return value
  const day = castDay(value)
  return day === null ? null : new CalendarDate(day)
}
