import { Writable } from 'node:stream'

const endOfHead = Buffer.from('\r\n\r\n')
/** The parser gives up on longer ones too. */
const longestHead = 16 * 1024

interface Piece {
  readonly bytes: Buffer
  readonly head: string | undefined
}

/** Hands a multipart body on to its parser, in pieces that end where the head of a part ends. The parser holds the last line break of a head back, which
 * might begin a delimiter: it tells of a part when it gets what follows, and then `head` is what the parser keeps to itself, the head of that part. */
export class PartHeads extends Writable {
  readonly #parser: Writable
  readonly #delimiter: Buffer
  // The end of what came before: a part of a delimiter perhaps, or of a head. The first delimiter has no line before it.
  #carried: Buffer = Buffer.from('\r\n')
  #isInHead = false
  #head: string | undefined

  /** @param boundary that of the Content-Type */
  constructor(parser: Writable, boundary: string) {
    super()
    this.#parser = parser
    this.#delimiter = Buffer.from(`\r\n--${boundary}`)
  }

  /** The headers of the part that the parser tells of, as they were sent: lines that end in a line break. */
  get head(): string | undefined {
    return this.#head
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: (error?: Error | null) => void): void {
    this.#hand(this.#pieces(chunk), 0, done)
  }

  override _final(done: () => void): void {
    this.#parser.end()
    done()
  }

  #hand(pieces: readonly Piece[], index: number, done: (error?: Error | null) => void): void {
    const piece = pieces[index]
    if (piece === undefined) {
      done()
      return
    }
    this.#parser.write(piece.bytes, (error) => {
      this.#head = piece.head ?? this.#head
      if (error) done(error)
      else this.#hand(pieces, index + 1, done)
    })
  }

  #pieces(chunk: Buffer): Piece[] {
    const known = Buffer.concat([this.#carried, chunk])
    const before = this.#carried.length
    const pieces: Piece[] = []
    let handed = before
    let at = 0
    for (;;) {
      const delimiter = known.indexOf(this.#delimiter, at)
      const end = this.#isInHead ? known.indexOf(endOfHead, at) : -1
      if (end !== -1 && (delimiter === -1 || end < delimiter)) {
        const next = end + endOfHead.length
        if (next > handed) pieces.push({ bytes: known.subarray(handed, next), head: headIn(known.subarray(at, end + 2)) })
        handed = Math.max(handed, next)
        this.#isInHead = false
        at = end + 2
      } else if (delimiter === -1) {
        break
      } else {
        this.#isInHead = true
        at = delimiter + this.#delimiter.length
      }
    }
    if (handed < known.length) pieces.push({ bytes: known.subarray(handed), head: undefined })
    this.#carry(known, at)
    return pieces
  }

  #carry(known: Buffer, at: number): void {
    if (this.#isInHead && known.length - at > longestHead) this.#isInHead = false
    this.#carried = this.#isInHead ? known.subarray(at) : known.subarray(Math.max(at, known.length - this.#delimiter.length + 1))
  }
}

// After the rest of the delimiter's line.
function headIn(bytes: Buffer): string {
  const text = bytes.toString('utf8')
  return text.slice(text.indexOf('\r\n') + 2)
}
