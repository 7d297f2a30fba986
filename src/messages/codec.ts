import { deserializeWithMetadata, type MessageMetadata, type Reading, serializeWithMetadata } from './metadata.ts'
import { type MessageSerializer, type SerializerName, serializerFor } from './serializers/serializer.ts'

/** Options that signing and encrypting share. */
export interface CodecOptions {
  /** Rails' default is `json_allow_marshal`, since it reads what older versions wrote. */
  readonly serializer?: SerializerName | MessageSerializer
  /** Writes base64 for URLs, without padding. */
  readonly urlSafe?: boolean
  /** Writes the envelope that Rails before 7.1 reads. */
  readonly forceLegacyMetadataSerializer?: boolean
  /** Called when a message could be read with an old secret only. */
  readonly onRotation?: () => void
}

/** How a message is read. */
export interface ReadOptions {
  readonly purpose?: string | null | undefined
  readonly onRotation?: (() => void) | undefined
}

/** Longer messages are refused before anything is computed: they come from outside. */
const longestMessage = 16 * 2 ** 20

/** What signing and encrypting have in common: serializing with metadata, and falling back to older secrets. */
export abstract class MessageCodec {
  protected readonly urlSafe: boolean
  readonly #serializer: MessageSerializer
  readonly #legacy: boolean
  readonly #fallbacks: MessageCodec[] = []
  #onRotation: (() => void) | undefined

  constructor(options: CodecOptions) {
    this.#serializer = serializerFor(options.serializer ?? 'json_allow_marshal')
    this.urlSafe = options.urlSafe ?? false
    this.#legacy = options.forceLegacyMetadataSerializer ?? false
    this.#onRotation = options.onRotation
  }

  /** Reads what `fallback` wrote, too: it is asked after this and the fallbacks before it. */
  fallBackTo(fallback: MessageCodec): this {
    this.#fallbacks.push(fallback)
    return this
  }

  /** What to call when a message could be read by a fallback only. */
  onRotation(callback: () => void): this {
    this.#onRotation = callback
    return this
  }

  /** Makes an authentic message of bytes. */
  protected abstract seal(bytes: Buffer): string

  /** The bytes of an authentic message, undefined of any other. */
  protected abstract open(message: string): Buffer | undefined

  protected write(value: unknown, metadata: MessageMetadata): string {
    return this.seal(serializeWithMetadata(value, metadata, this.#serializer, this.#legacy))
  }

  protected read(message: unknown, options: ReadOptions): Reading {
    if (typeof message !== 'string' || message.length > longestMessage) return { failure: 'format' }
    const first = this.#readWithOwnSecret(message, options)
    if (this.#fallbacks.length === 0 || !isUnread(first)) return first
    for (const fallback of this.#fallbacks) {
      const reading = fallback.read(message, { purpose: options.purpose })
      if (isUnread(reading)) continue
      if ('value' in reading) (options.onRotation ?? this.#onRotation)?.()
      return reading
    }
    return first
  }

  #readWithOwnSecret(message: string, { purpose }: ReadOptions): Reading {
    const bytes = this.open(message)
    return bytes === undefined ? { failure: 'format' } : deserializeWithMetadata(bytes, purpose, this.#serializer)
  }
}

function isUnread(reading: Reading): boolean {
  return 'failure' in reading && reading.failure !== 'content'
}
