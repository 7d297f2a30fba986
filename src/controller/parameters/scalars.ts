import { UploadedFile } from '../../http/index.ts'
import { toBoolean, toCondition, toInteger, toText } from './casting.ts'
import { hasKey, ownValue } from './values.ts'

/** Where the values lie: in a hash of their own, or on the object itself. */
export const store: unique symbol = Symbol('store')

/** Reading single values, each as what it is meant to be. `T` has the names that are known to the compiler. */
export abstract class ParameterScalars<T extends object> {
  /** The hash behind it. Internal. */
  protected abstract get [store](): Record<string, unknown>

  /** The value as text: numbers and booleans are written out. Undefined when it is absent, `null`, a list or a hash. */
  string(key: keyof T & string): string | undefined {
    return toText(ownValue(this[store], key))
  }

  /** What `where` may be given for a name: a text, or a list of texts, as clients of Rails send `?status[]=new&status[]=paid`. Undefined when it
   * is absent or `null`.
   * @throws BadRequest (REGAUGE_BAD_REQUEST): 400 for a hash, in which a client could write operators
   * @example Order.where({ status: this.params.condition('status') ?? 'new' })
   */
  condition(key: keyof T & string): string | string[] | undefined {
    return toCondition(key, ownValue(this[store], key))
  }

  /** The value as a whole number; undefined when it is absent or anything else (`'12a'`, `'1.5'`, a list).
   * @example this.params.integer('limit') ?? 20
   */
  integer(key: keyof T & string): number | undefined {
    return toInteger(ownValue(this[store], key))
  }

  /** The value as Rails casts to boolean: `false`, `0`, `'0'`, `'f'`, `'false'`, `'off'` are false; absent, `null` and `''` are undefined. */
  boolean(key: keyof T & string): boolean | undefined {
    return toBoolean(ownValue(this[store], key))
  }

  /** The file that was sent under a name; undefined when it is absent or anything else.
   * @example this.params.file('avatar')?.originalFilename
   */
  file(key: keyof T & string): UploadedFile | undefined {
    const value = ownValue(this[store], key)
    return value instanceof UploadedFile ? value : undefined
  }

  /** Whether a name was sent, whatever its value. */
  has(key: keyof T & string): boolean {
    return hasKey(this[store], key)
  }

  /** Rails' other name of {@link has}. */
  hasKey(key: keyof T & string): boolean {
    return hasKey(this[store], key)
  }
}
