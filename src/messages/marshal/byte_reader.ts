/** What can't be read: not Marshal, cut off, too large, or of a class. The codecs turn it into an error of theirs. */
export class MarshalError extends Error {}

/** Reads Marshal's bytes, integers and texts, one after the other. */
export class ByteReader {
  readonly #bytes: Buffer
  #at: number

  constructor(bytes: Buffer, start: number) {
    this.#bytes = bytes
    this.#at = start
  }

  get isAtEnd(): boolean {
    return this.#at === this.#bytes.length
  }

  byte(): number {
    const byte = this.#bytes[this.#at++]
    if (byte === undefined) throw new MarshalError('cut off')
    return byte
  }

  integer(): number {
    const first = (this.byte() << 24) >> 24
    if (first === 0) return 0
    if (first > 4) return first - 5
    if (first < -4) return first + 5
    let value = first > 0 ? 0 : -1
    for (let shift = 0; shift < Math.abs(first) * 8; shift += 8) {
      value = (value & ~(0xff << shift)) | (this.byte() << shift)
    }
    return first > 0 ? value >>> 0 : value
  }

  /** A length, never more than what is left. */
  length(): number {
    const length = this.integer()
    if (length < 0 || length > this.#bytes.length - this.#at) throw new MarshalError('a length beyond the end')
    return length
  }

  take(length: number): Buffer {
    if (length > this.#bytes.length - this.#at) throw new MarshalError('cut off')
    const bytes = this.#bytes.subarray(this.#at, this.#at + length)
    this.#at += length
    return bytes
  }

  /** Bytes with their length in front. */
  block(): Buffer {
    return this.take(this.length())
  }
}
