import type { CustomType } from './custom_type.ts'

/** What types of an application's own extend that override a part of one, as Rails' `ActiveModel::Type::Value`.
 *
 * A column of JSON is read and written as text, which is what Rails gives such a type. `deserialize` is given null for a column that has none.
 * @example
 * class Shouted extends ValueType<string> {
 *   override castValue(value: unknown) { return String(value).toUpperCase() }
 * }
 */
export class ValueType<T = unknown> implements CustomType<T> {
  /** From what was assigned: what `castValue` makes of it, and null of null. */
  cast(value: unknown): T | null {
    return value === null || value === undefined ? null : this.castValue(value)
  }

  /** From a value that isn't null. */
  castValue(value: unknown): T | null {
    return value as T
  }

  serialize(value: T): unknown {
    return value
  }

  deserialize(value: unknown): T | null {
    return this.cast(value)
  }

  empty(): T {
    return this.deserialize(null) as T
  }
}
