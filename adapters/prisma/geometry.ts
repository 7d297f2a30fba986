import { InvalidArgument, type SqlValue } from '../../src/model/index.ts'

/** What lies somewhere: its kind, and its positions as deep in lists as the kind says; a collection has others instead. */
interface Geometry {
  readonly kind: number
  readonly positions: Positions
  readonly parts: readonly Geometry[]
}
type Positions = readonly [x: number, y: number] | readonly Positions[]

const names = ['', 'POINT', 'LINESTRING', 'POLYGON', 'MULTIPOINT', 'MULTILINESTRING', 'MULTIPOLYGON', 'GEOMETRYCOLLECTION']
/** How deep the positions of a kind lie in lists. */
const depths = [0, 0, 1, 2, 1, 2, 3]
const multiples = new Set([4, 5, 6])
const collection = 7

/** The types of MySQL's columns that hold such. */
export const geometryTypes: ReadonlySet<string> = new Set([
  ...names.slice(1).map((name) => name.toLowerCase()),
  'geometry',
  'geomcollection',
])

/** A geometry as MySQL keeps it, the number of its reference system and well-known binary, as well-known text: `SRID=4326;POINT(1 2)`, without a number
 * that is 0 (https://dev.mysql.com/doc/refman/8.4/en/gis-data-formats.html).
 */
export function readGeometry(raw: SqlValue): unknown {
  if (!(raw instanceof Uint8Array)) return raw
  const bytes = Buffer.from(raw.buffer, raw.byteOffset, raw.byteLength)
  const system = bytes.readUInt32LE(0)
  return `${system === 0 ? '' : `SRID=${system};`}${written(new Reader(bytes, 4).geometry())}`
}

/** Well-known text as MySQL keeps a geometry.
 * @throws InvalidArgument for another text
 */
export function writeGeometry(value: unknown): SqlValue {
  if (value instanceof Uint8Array) return value
  const [, system = '0', text] = /^\s*(?:SRID=(\d+);)?(.*)$/is.exec(String(value))!
  const number = Buffer.alloc(4)
  number.writeUInt32LE(Number(system))
  return Buffer.concat([number, ...binary(new Parser(text!).whole())])
}

/** A point as `(1,2)`, which is how other databases write it. */
export function readPoint(raw: SqlValue): unknown {
  return String(readGeometry(raw)).replace(/^(?:SRID=\d+;)?POINT\((\S+) (\S+)\)$/, '($1,$2)')
}
export function writePoint(value: unknown): SqlValue {
  return writeGeometry(String(value).replace(/^\((.*),(.*)\)$/, 'POINT($1 $2)'))
}

class Reader {
  readonly #bytes: Buffer
  #place: number
  #isLittle = true

  constructor(bytes: Buffer, place: number) {
    this.#bytes = bytes
    this.#place = place
  }

  geometry(): Geometry {
    this.#isLittle = this.#bytes.readUInt8(this.#place) === 1
    this.#place += 1
    const kind = this.#count()
    if (kind === collection) return { kind, positions: [], parts: this.#list(() => this.geometry()) }
    if (multiples.has(kind)) return { kind, positions: this.#list(() => this.geometry().positions), parts: [] }
    return { kind, positions: this.#positions(depths[kind]!), parts: [] }
  }

  #positions(depth: number): Positions {
    return depth === 0 ? [this.#number(), this.#number()] : this.#list(() => this.#positions(depth - 1))
  }

  #list<T>(read: () => T): T[] {
    return Array.from({ length: this.#count() }, read)
  }

  #count(): number {
    const place = this.#place
    this.#place += 4
    return this.#isLittle ? this.#bytes.readUInt32LE(place) : this.#bytes.readUInt32BE(place)
  }

  #number(): number {
    const place = this.#place
    this.#place += 8
    return this.#isLittle ? this.#bytes.readDoubleLE(place) : this.#bytes.readDoubleBE(place)
  }
}

function written({ kind, positions, parts }: Geometry): string {
  if (kind === collection) return `${names[kind]}${parts.length === 0 ? ' EMPTY' : `(${parts.map(written).join(',')})`}`
  return `${names[kind]}${kind === 1 ? `(${listed(positions)})` : listed(positions)}`
}

function isPosition(positions: Positions): positions is readonly [number, number] {
  return typeof positions[0] === 'number'
}

function listed(positions: Positions): string {
  return isPosition(positions) ? positions.join(' ') : `(${positions.map(listed).join(',')})`
}

/** The parts of well-known binary, least byte first. */
function binary({ kind, positions, parts }: Geometry): Buffer[] {
  const start = Buffer.alloc(5)
  start.writeUInt8(1, 0)
  start.writeUInt32LE(kind, 1)
  if (kind === collection) return [start, count(parts.length), ...parts.flatMap(binary)]
  if (!multiples.has(kind)) return [start, ...positionBytes(positions)]
  const each = (positions as readonly Positions[]).flatMap((one) => binary({ kind: kind - 3, positions: one, parts: [] }))
  return [start, count(positions.length), ...each]
}

function positionBytes(positions: Positions): Buffer[] {
  if (!isPosition(positions)) return [count(positions.length), ...positions.flatMap(positionBytes)]
  const bytes = Buffer.alloc(16)
  bytes.writeDoubleLE(positions[0], 0)
  bytes.writeDoubleLE(positions[1], 8)
  return [bytes]
}

function count(number: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32LE(number)
  return bytes
}

class Parser {
  readonly #text: string
  readonly #tokens: string[]

  constructor(text: string) {
    this.#text = text
    this.#tokens = text.match(/[A-Za-z]+|[-+]?[\d.]+(?:e[-+]?\d+)?|\S/gi) ?? []
  }

  whole(): Geometry {
    const geometry = this.#geometry()
    if (this.#tokens.length > 0) throw this.#odd()
    return geometry
  }

  #geometry(): Geometry {
    const kind = names.indexOf((this.#tokens.shift() ?? '?').toUpperCase())
    if (kind < 1) throw this.#odd()
    if (kind === collection) return { kind, positions: [], parts: this.#list(() => this.#geometry()) }
    if (kind > 1) return { kind, positions: this.#positions(depths[kind]!), parts: [] }
    return { kind, positions: this.#list(() => this.#position())[0] ?? [], parts: [] }
  }

  #positions(depth: number): readonly Positions[] {
    return this.#list(() => (depth === 1 ? this.#position() : this.#positions(depth - 1)))
  }

  #list<T>(parse: () => T): T[] {
    if (this.#tokens[0]?.toUpperCase() === 'EMPTY') return this.#tokens.splice(0, 1).slice(1) as T[]
    this.#expect('(')
    const items = [parse()]
    while (this.#tokens[0] === ',') {
      this.#tokens.shift()
      items.push(parse())
    }
    this.#expect(')')
    return items
  }

  /** Two numbers, which may be in parentheses of their own. */
  #position(): Positions {
    const isWrapped = this.#tokens[0] === '('
    if (isWrapped) this.#tokens.shift()
    const position = [this.#number(), this.#number()] as const
    if (isWrapped) this.#expect(')')
    return position
  }

  #number(): number {
    const number = Number(this.#tokens.shift() ?? '?')
    if (Number.isNaN(number)) throw this.#odd()
    return number
  }

  #expect(token: string): void {
    if (this.#tokens.shift() !== token) throw this.#odd()
  }

  #odd(): InvalidArgument {
    return new InvalidArgument({ reason: `${JSON.stringify(this.#text)} is no geometry: write well-known text, as 'POINT(1 2)'.` })
  }
}
