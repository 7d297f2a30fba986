import { declare } from '../declarations.ts'
import { readAttribute, writeAttribute } from '../record/attribute_access.ts'
import type { ModelClass, ModelRecord } from '../record/model_record.ts'
import { AttributeEncryption } from './attribute_encryption.ts'
import type { EncryptsOptions } from './scheme.ts'

/** Declares an encrypted attribute of a class; with `ignoreCase` also the one that keeps the original.
 * @throws InvalidEncryption for options that don't go together
 */
export function declareEncryption(model: ModelClass, attribute: string, options: EncryptsOptions): void {
  const encryption = new AttributeEncryption(attribute, options)
  const { encrypted } = declare(model)
  encrypted.push({ attribute, options })
  if (options.ignoreCase !== true) return
  const original = `original_${attribute}`
  encrypted.push({ attribute: original, options: {} })
  Object.defineProperty(model.prototype, attribute, {
    configurable: true,
    enumerable: true,
    get(this: ModelRecord) {
      const lowered = readAttribute(this, attribute)
      // A row that isn't encrypted yet has nothing in the other column.
      const kept = readAttribute(this, original)
      return kept === null && encryption.supportsUnencryptedData ? lowered : kept
    },
    set(this: ModelRecord, value: unknown) {
      writeAttribute(this, original, value)
      writeAttribute(this, attribute, value)
    },
  })
}
