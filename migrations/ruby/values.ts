/** A Ruby symbol. */
export class RubySymbol {
  readonly name: string
  constructor(name: string) {
    this.name = name
  }
  toString(): string {
    return this.name
  }
}

/** A Ruby regular expression, as written: its source and the letters behind it. */
export class RubyRegexp {
  readonly source: string
  readonly flags: string
  constructor(source: string, flags: string) {
    this.source = source
    this.flags = flags
  }
}

/** A Ruby range of integers. */
export class RubyRange {
  readonly first: number
  readonly last: number
  constructor(first: number, last: number) {
    this.first = first
    this.last = last
  }
  toArray(): number[] {
    return Array.from({ length: Math.max(0, this.last - this.first + 1) }, (_, index) => this.first + index)
  }
}

/** A lambda or block that was not run: in a schema it holds an SQL expression. */
export class RubyLambda {
  readonly result: RubyValue
  constructor(result: RubyValue) {
    this.result = result
  }
}

/** A constant that names a class or module which the file at hand doesn't define. */
export class RubyConstant {
  readonly name: string
  constructor(name: string) {
    this.name = name
  }
}

/** A path of the application, from its root; where the application lies is not known. */
export class RubyPath {
  readonly path: string
  constructor(path: string) {
    this.path = path
  }
}

/** A Ruby hash: pairs in order, found by the text of their key. */
export class RubyHash {
  readonly pairs: readonly (readonly [RubyValue, RubyValue])[]
  constructor(pairs: readonly (readonly [RubyValue, RubyValue])[]) {
    this.pairs = pairs
  }
  get(key: string): RubyValue | undefined {
    return this.pairs.findLast(([name]) => textOf(name) === key)?.[1]
  }
  has(key: string): boolean {
    return this.get(key) !== undefined
  }
  keys(): string[] {
    return this.pairs.map(([name]) => textOf(name) ?? String(name))
  }
}

/** A hash whose keys are asked like methods: `OpenStruct`, `Config::Options`, what `config_for` gives. */
export class RubyStruct extends RubyHash {}

/** The same value, with each hash in it as a struct with symbols for keys. */
export function asStruct(value: RubyValue): RubyValue {
  if (Array.isArray(value)) return value.map(asStruct)
  if (!(value instanceof RubyHash)) return value
  return new RubyStruct(value.pairs.map(([key, item]) => [typeof key === 'string' ? new RubySymbol(key) : key, asStruct(item)]))
}

/** Two hashes as one; where both hold a hash, those as one. */
export function deepMerged(left: RubyHash, right: RubyHash): RubyHash {
  const merged = right.pairs.map(([key, value]) => {
    const before = left.get(textOf(key) ?? '')
    return [key, before instanceof RubyHash && value instanceof RubyHash ? deepMerged(before, value) : value] as const
  })
  return new RubyHash([...left.pairs.filter(([key]) => !right.pairs.some(([other]) => textOf(other) === textOf(key))), ...merged])
}

/** What a constant Ruby expression evaluates to. */
export type RubyValue =
  | string
  | number
  | bigint
  | boolean
  | null
  | RubySymbol
  | RubyRegexp
  | RubyRange
  | RubyLambda
  | RubyConstant
  | RubyPath
  | RubyHash
  | RubyValue[]

/** The text of a string or symbol; undefined for any other value. */
export function textOf(value: RubyValue | undefined): string | undefined {
  if (typeof value === 'string') return value
  return value instanceof RubySymbol ? value.name : undefined
}

/** The texts of a string, a symbol, or an array of them. */
export function textsOf(value: RubyValue | undefined): string[] {
  if (Array.isArray(value)) return value.flatMap(textsOf)
  const text = textOf(value)
  return text === undefined ? [] : [text]
}

/** A value as plain JSON, symbols as strings. */
export function toPlain(value: RubyValue): unknown {
  if (Array.isArray(value)) return value.map(toPlain)
  if (value instanceof RubyHash)
    return Object.fromEntries(value.pairs.map(([key, item]) => [textOf(key) ?? String(toPlain(key)), toPlain(item)]))
  if (value instanceof RubyRange) return value.toArray()
  return textOf(value) ?? value
}

/** Whether Ruby takes the value for true: everything but `nil` and `false`. */
export function isTruthy(value: RubyValue): boolean {
  return value !== null && value !== false
}
