import { didYouMean } from '../../naming/index.ts'
import { InvalidMessageOption, UnreadableMessage, UnwritableValue } from '../errors.ts'
import { marshalSignature } from '../marshal/format.ts'
import { readMarshal } from '../marshal/read.ts'
import { writeMarshal } from '../marshal/write.ts'
import { fromOutside } from '../../values/index.ts'
import { decodeJson, encodeJson } from './json.ts'

/** Turns values into bytes and back. What `load` throws makes a message unreadable. */
export interface MessageSerializer {
  dump(value: unknown): string | Uint8Array
  load(bytes: Buffer): unknown
  /** Whether purpose and expiry are written with it (Rails since 7.1), and not in an envelope of JSON around base64. True for those with a name. */
  readonly writesMetadata?: boolean
}

/** `json_allow_marshal` writes JSON and reads plain data that Ruby marshalled as well; `marshal` is the other way round; `json` reads JSON only.
 * `plain_json` doesn't escape HTML, as Ruby's own JSON; `null` passes texts on. `hybrid` is the name of `json_allow_marshal` for cookies.
 */
export type SerializerName = 'json' | 'json_allow_marshal' | 'hybrid' | 'marshal' | 'plain_json' | 'null'

const json: MessageSerializer = {
  writesMetadata: true,
  dump: (value) => encodeJson(value),
  load(bytes) {
    if (isMarshal(bytes)) throw new UnreadableMessage({ serializer: 'json' })
    return fromOutside(decodeJson(bytes.toString()))
  },
}

const jsonAllowMarshal: MessageSerializer = {
  writesMetadata: true,
  dump: (value) => encodeJson(value),
  load: (bytes) => fromOutside(isMarshal(bytes) ? readMarshal(bytes) : decodeJson(bytes.toString())),
}

const marshal: MessageSerializer = { writesMetadata: true, dump: writeMarshal, load: jsonAllowMarshal.load }

const plainJson: MessageSerializer = {
  writesMetadata: true,
  dump: (value) => encodeJson(value, false),
  load: (bytes) => fromOutside(decodeJson(bytes.toString())),
}

const nothing: MessageSerializer = {
  dump(value) {
    if (typeof value !== 'string') throw new UnwritableValue({ value: `a ${typeof value}`, serializer: 'null' })
    return value
  },
  load: (bytes) => bytes.toString(),
}

/** Bytes in, bytes out: for what is serialized already, as cookies are. */
export const bytesSerializer: MessageSerializer = { dump: (value) => value as Uint8Array, load: (bytes) => bytes }

const serializers: Readonly<Record<SerializerName, MessageSerializer>> = {
  json,
  json_allow_marshal: jsonAllowMarshal,
  hybrid: jsonAllowMarshal,
  marshal,
  plain_json: plainJson,
  null: nothing,
}

/** The serializer of a name.
 * @throws InvalidMessageOption when there is none
 */
export function serializerFor(given: SerializerName | MessageSerializer): MessageSerializer {
  if (typeof given !== 'string') return given
  const found = Object.hasOwn(serializers, given) ? serializers[given] : undefined
  if (found !== undefined) return found
  const names = Object.keys(serializers)
  throw new InvalidMessageOption({
    option: 'serializer',
    value: JSON.stringify(given),
    expected: `one of ${names.join(', ')}`,
    suggestion: didYouMean(given, names),
  })
}

/** Whether bytes are Marshal's. */
export function isMarshal(bytes: Buffer): boolean {
  return bytes.subarray(0, 2).equals(marshalSignature)
}
