import { randomBase58 } from '../../messages/index.ts'
import { camelize, upcaseFirst } from '../../naming/index.ts'
import { isBlank } from '../../values/index.ts'
import { InvalidArgument } from '../errors.ts'
import type { ModelClass, ModelRecord } from '../record/model_record.ts'

const leastLength = 24

/** How a secure token is made. */
export interface SecureTokenOptions {
  /** In characters, at least 24. */
  readonly length?: number
  /** When a new record gets one: as soon as it is made, as in Rails since 7.1, or when it is created. */
  readonly on?: 'initialize' | 'create'
}

/** Gives new records a random token, and adds `regenerateToken()`.
 * @throws InvalidArgument for tokens that could be guessed
 */
export function defineSecureToken(model: ModelClass, attribute: string, options: SecureTokenOptions): void {
  const { length = leastLength, on = 'initialize' } = options
  if (!Number.isInteger(length) || length < leastLength)
    throw new InvalidArgument({ reason: `Token requires a minimum length of ${leastLength} characters.` })
  const give = (record: ModelRecord): void => {
    if (record.isNewRecord() && isBlank(Reflect.get(record, attribute))) Reflect.set(record, attribute, randomBase58(length))
  }
  if (on === 'initialize') model.afterInitialize(give)
  else model.beforeCreate(give)
  Object.defineProperty(model.prototype, `regenerate${upcaseFirst(camelize(attribute, 'lower'))}`, {
    configurable: true,
    writable: true,
    value: function (this: ModelRecord) {
      return this.updateOrThrow({ [attribute]: randomBase58(length) })
    },
  })
}
