import { type AttributeType, JsonText } from '../attributes/attribute_type.ts'
import type { FieldMetadata } from '../metadata.ts'
import type { SqlValue } from '../database.ts'
import type { AttributeEncryption } from './attribute_encryption.ts'
import { InvalidEncryption } from './errors.ts'

/** A column's text that was read and not yet decrypted; kept apart from strings that a user assigned. */
export class Ciphertext {
  readonly text: string
  constructor(text: string) {
    this.text = text
  }
}

const unencryptedTypes = new WeakMap<AttributeType, AttributeType>()

/** The type that a column would have if it weren't encrypted. */
export function unencryptedType(type: AttributeType): AttributeType {
  return unencryptedTypes.get(type) ?? type
}

/** The type of an encrypted attribute: what is read is decrypted at its first use, what is written is encrypted.
 * @throws InvalidEncryption for a column that can't hold the text of an envelope
 */
export function encryptedType(base: AttributeType, field: FieldMetadata, encryption: AttributeEncryption): AttributeType {
  if (!['string', 'json', 'binary'].includes(base.name)) {
    const reason = `its column is of type ${base.name}; encrypted values need a String, Json or Bytes column.`
    throw new InvalidEncryption({ attribute: field.name, reason })
  }
  const isBinary = base.name === 'binary'
  const { default: given } = field
  const unencrypted = given !== undefined && 'value' in given ? String(given.value) : undefined
  const open = (raw: string): string | Buffer => (raw === unencrypted ? raw : encryption.decrypt(raw))
  const encrypted = (value: unknown): SqlValue => {
    const plain = base.serialize(value)
    if (plain === null) return null
    const text = encryption.encrypt(plain instanceof Uint8Array ? Buffer.from(plain) : String(plain))
    return isBinary ? Buffer.from(text) : text
  }
  const type: AttributeType = {
    ...base,
    wrap: (raw) => wrapped(raw, base.name),
    deserialize: (value) => opened(value, base, open),
    serialize: encrypted,
    encryption,
    ...(encryption.isDeterministic && !isBinary && { candidates: (value) => candidatesOf(value, base, encryption) }),
  }
  unencryptedTypes.set(type, base)
  return type
}

function wrapped(raw: unknown, name: string): unknown {
  if (typeof raw === 'string') return name === 'json' ? new JsonText(raw) : new Ciphertext(raw)
  return raw instanceof Uint8Array ? new Ciphertext(Buffer.from(raw).toString('latin1')) : raw
}

function opened(value: unknown, base: AttributeType, open: (raw: string) => string | Buffer): unknown {
  if (value instanceof JsonText) return base.deserialize!(new JsonText(open(value.text).toString()))
  if (!(value instanceof Ciphertext)) return value
  const clear = open(value.text)
  if (base.name === 'binary') return typeof clear === 'string' ? Buffer.from(clear) : clear
  return clear.toString()
}

function candidatesOf(value: unknown, base: AttributeType, encryption: AttributeEncryption): readonly SqlValue[] {
  const plain = base.serialize(base.cast(value))
  return plain === null ? [null] : encryption.candidates(String(plain))
}
