import { camelize, pluralize, singularize, underscore } from '../../src/naming/index.ts'
import { isTruthy, RubyHash, RubyRange, RubyStruct, RubySymbol, type RubyValue, textOf } from './values.ts'

type Block = ((...values: (RubyValue | undefined)[]) => RubyValue | undefined) | undefined
type Method = (self: RubyValue, args: readonly RubyValue[], block: Block) => RubyValue | undefined

const identity: Method = (self) => self

/** Pure methods of strings, symbols, numbers, arrays and hashes, by name. */
const methods: Record<string, Method> = {
  freeze: identity,
  dup: identity,
  itself: identity,
  to_s: (self) => textOf(self) ?? (typeof self === 'number' ? String(self) : self === null ? '' : undefined),
  to_sym: (self) => (textOf(self) === undefined ? undefined : new RubySymbol(textOf(self)!)),
  to_i: (self) =>
    typeof self === 'number' ? Math.trunc(self) : typeof self === 'string' ? Number.parseInt(self, 10) || 0 : self === null ? 0 : undefined,
  to_a: (self) => elementsOf(self),
  upcase: (self) => textOf(self)?.toUpperCase(),
  downcase: (self) => textOf(self)?.toLowerCase(),
  strip: (self) => textOf(self)?.trim(),
  presence: (self) => (isPresent(self) ? self : null),
  'present?': (self) => isPresent(self),
  'blank?': (self) => !isPresent(self),
  'nil?': (self) => self === null,
  '!': (self) => !isTruthy(self),
  '==': (self, [other]) => same(self, other),
  '!=': (self, [other]) => !same(self, other),
  '+': (self, [other]) => add(self, other),
  '-': (self, [other]) =>
    Array.isArray(self) && Array.isArray(other) ? self.filter((item) => !other.some((excluded) => same(item, excluded))) : undefined,
  '-@': (self) => (typeof self === 'number' ? -self : undefined),
  'include?': (self, [item]) => elementsOf(self)?.some((element) => same(element, item)),
  concat: (self, args) => (Array.isArray(self) ? [...self, ...args.flatMap((item) => elementsOf(item) ?? [item])] : undefined),
  compact: (self) => (Array.isArray(self) ? self.filter((item) => item !== null) : undefined),
  uniq: (self) => (Array.isArray(self) ? self.filter((item, index) => self.findIndex((other) => same(other, item)) === index) : undefined),
  '|': (self, [other]) =>
    Array.isArray(self) && Array.isArray(other) ? [...self, ...other.filter((item) => !self.some((one) => same(one, item)))] : undefined,
  '&': (self, [other]) =>
    Array.isArray(self) && Array.isArray(other) ? self.filter((item) => other.some((one) => same(one, item))) : undefined,
  sort: (self) => (Array.isArray(self) && self.every((item) => typeof item === 'string') ? [...self].sort() : undefined),
  except: (self, args) =>
    self instanceof RubyHash ? new RubyHash(self.pairs.filter(([key]) => !args.some((name) => same(name, key)))) : undefined,
  slice: (self, args) =>
    self instanceof RubyHash ? new RubyHash(self.pairs.filter(([key]) => args.some((name) => same(name, key)))) : undefined,
  join: (self, [separator]) =>
    elementsOf(self)
      ?.map((item) => textOf(item) ?? String(item))
      .join(textOf(separator) ?? ''),
  split: (self, [separator]) => (typeof self === 'string' ? self.split(textOf(separator) ?? /\s+/) : undefined),
  first: (self) => elementsOf(self)?.[0],
  last: (self) => elementsOf(self)?.at(-1),
  keys: (self) => (self instanceof RubyHash ? self.pairs.map(([key]) => key) : undefined),
  values: (self) => (self instanceof RubyHash ? self.pairs.map(([, value]) => value) : undefined),
  '[]': (self, [key]) =>
    self instanceof RubyHash
      ? (self.get(textOf(key) ?? String(key)) ?? null)
      : Array.isArray(self)
        ? (self[Number(key)] ?? null)
        : undefined,
  merge: (self, [other]) => (self instanceof RubyHash && other instanceof RubyHash ? mergeHashes(self, other) : undefined),
  dig,
  // Of the gem more_core_extensions.
  fetch_path: dig,
  try: tried,
  fetch: (self, [key, fallback]) => {
    if (!(self instanceof RubyHash)) return undefined
    return self.pairs.some(([name]) => same(name, key)) ? self.get(textOf(key) ?? String(key)) : fallback
  },
  'key?': (self, [key]) => (self instanceof RubyHash ? self.pairs.some(([name]) => same(name, key)) : undefined),
  'empty?': (self) => (typeof self === 'string' ? self === '' : elementsOf(self) && elementsOf(self)!.length === 0),
  'any?': (self, args, block) =>
    args.length > 0 ? undefined : elementsOf(self)?.some((item) => isTruthy((block ? block(...argumentsFor(self, item)) : item) ?? null)),
  to_h: (self) => (self instanceof RubyHash ? new RubyHash(self.pairs) : undefined),
  with_indifferent_access: identity,
  html_safe: identity,
  symbolize_keys: (self) => withKeys(self, symbol, false),
  deep_symbolize_keys: (self) => withKeys(self, symbol, true),
  stringify_keys: (self) => withKeys(self, text, false),
  deep_stringify_keys: (self) => withKeys(self, text, true),
  pluralize: (self) => (typeof self === 'string' ? pluralize(self) : undefined),
  singularize: (self) => (typeof self === 'string' ? singularize(self) : undefined),
  underscore: (self) => (typeof self === 'string' ? underscore(self) : undefined),
  camelize: (self) => (typeof self === 'string' ? camelize(self) : undefined),
  dasherize: (self) => (typeof self === 'string' ? self.replaceAll('_', '-') : undefined),
  map: (self, _args, block) => mapped(self, block),
  flat_map: (self, _args, block) => mapped(self, block)?.flat(),
  select: (self, _args, block) => filtered(self, block, true),
  filter: (self, _args, block) => filtered(self, block, true),
  reject: (self, _args, block) => filtered(self, block, false),
}

/** What a pure method answers; undefined when the method is unknown, or unknown for such a receiver. A struct answers with its keys first. */
export function evaluateMethod(self: RubyValue, name: string, args: readonly RubyValue[], block?: Block): RubyValue | undefined {
  const isReader = self instanceof RubyStruct && args.length === 0 && !block
  if (isReader && hasKey(self, name)) return self.get(name)
  const value = Object.hasOwn(methods, name) ? methods[name]!(self, args, block) : undefined
  return value === undefined && isReader && /^[a-z_]\w*$/.test(name) && !Object.hasOwn(methods, name) ? null : value
}

function hasKey(hash: RubyHash, name: string): boolean {
  return hash.pairs.some(([key]) => textOf(key) === name)
}

/** `try` asks only what the receiver knows. */
function tried(self: RubyValue, [name, ...args]: readonly RubyValue[], block: Block): RubyValue | undefined {
  const method = textOf(name)
  if (self === null) return null
  return method === undefined ? undefined : evaluateMethod(self, method, args, block)
}

function dig(self: RubyValue, keys: readonly RubyValue[]): RubyValue | undefined {
  return keys.reduce<RubyValue | undefined>((value, key) => (value == null ? value : evaluateMethod(value, '[]', [key])), self)
}

function withKeys(self: RubyValue, key: (name: string) => RubyValue, isDeep: boolean): RubyValue | undefined {
  if (isDeep && Array.isArray(self)) return self.map((item) => withKeys(item, key, true) ?? item)
  if (!(self instanceof RubyHash)) return undefined
  return new RubyHash(
    self.pairs.map(([name, value]) => [
      textOf(name) === undefined ? name : key(textOf(name)!),
      isDeep ? (withKeys(value, key, true) ?? value) : value,
    ]),
  )
}

const symbol = (name: string) => new RubySymbol(name)
const text = (name: string) => name

/** The elements of what can be looped over; a hash gives its pairs. */
export function elementsOf(value: RubyValue): RubyValue[] | undefined {
  if (Array.isArray(value)) return value
  if (value instanceof RubyRange) return value.toArray()
  return value instanceof RubyHash ? value.pairs.map((pair) => [...pair]) : undefined
}

function mapped(self: RubyValue, block: Block): RubyValue[] | undefined {
  const results = elementsOf(self)?.map((item) => block?.(...argumentsFor(self, item)))
  return results?.every((result) => result !== undefined) ? (results as RubyValue[]) : undefined
}

function filtered(self: RubyValue, block: Block, wanted: boolean): RubyValue | undefined {
  const kept = elementsOf(self)?.filter((item) => isTruthy(block?.(...argumentsFor(self, item)) ?? null) === wanted)
  return self instanceof RubyHash && kept ? new RubyHash(kept as [RubyValue, RubyValue][]) : kept
}

/** What a block is given of one element: a hash gives key and value. */
function argumentsFor(self: RubyValue, item: RubyValue): RubyValue[] {
  return self instanceof RubyHash && Array.isArray(item) ? item : [item]
}

function isPresent(value: RubyValue): boolean {
  if (typeof value === 'string') return value.trim() !== ''
  if (Array.isArray(value)) return value.length > 0
  return value instanceof RubyHash ? value.pairs.length > 0 : isTruthy(value)
}

/** Whether `==` holds. */
export function same(left: RubyValue | undefined, right: RubyValue | undefined): boolean {
  if (left instanceof RubySymbol || right instanceof RubySymbol) {
    return left instanceof RubySymbol && right instanceof RubySymbol && left.name === right.name
  }
  return left === right
}

function add(left: RubyValue, right: RubyValue | undefined): RubyValue | undefined {
  if (Array.isArray(left) && Array.isArray(right)) return [...left, ...right]
  if (typeof left === 'string' && typeof right === 'string') return left + right
  return typeof left === 'number' && typeof right === 'number' ? left + right : undefined
}

function mergeHashes(left: RubyHash, right: RubyHash): RubyHash {
  return new RubyHash([...left.pairs.filter(([key]) => !right.has(textOf(key) ?? '')), ...right.pairs])
}
