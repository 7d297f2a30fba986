/** What kind of value an expression has, as far as it can be told without running it. */
export type ValueKind =
  | 'unknown'
  | 'null'
  | 'text'
  | 'number'
  | 'boolean'
  | 'time'
  | 'date'
  | 'duration'
  | 'regexp'
  | 'hash'
  | 'array'
  | 'set'
  | 'map'
  | 'record'
  | 'class'
  | 'relation'
  | 'collection'
  | 'errors'
  | 'error'
  | 'exception'
  | 'rows'
  | 'url'
  | 'range'
  | 'bytes'

/** The type of a value: of a record, class or relation the Ruby class is known as well. */
export interface ValueType {
  readonly kind: ValueKind
  /** The Ruby class of a record, class, relation or collection. */
  readonly model?: string
  /** What an array holds. */
  readonly element?: ValueType
  /** TypeScript knows it as `any`: what is made of it has to be annotated. */
  readonly isLoose?: boolean
  /** Its name tells its class: `user` holds a `User`. */
  readonly isNamed?: boolean
  /** Nothing but its class writes it: what that assigns is what it holds. */
  readonly isOwn?: boolean
  /** An integer: dividing it by another leaves out the rest. */
  readonly isWhole?: boolean
  /** A whole number of 64 bits, which is a `bigint`. */
  readonly isBig?: boolean
  /** A decimal of any length, which is an object with methods for what numbers have operators for. */
  readonly isDecimal?: boolean
  /** The attribute whose members it is one of: `Post.state`. */
  readonly members?: string
  /** One of the members of a type of the database. */
  readonly isEnum?: boolean
  /** It may be null, as the schema says. */
  readonly isNullable?: boolean
  /** A piece of SQL. */
  readonly isSql?: boolean
  /** The class whose table it is, of which columns are asked for. */
  readonly arelTable?: string
  /** The class and the association whose block gives a collection methods. */
  readonly extended?: readonly [model: string, association: string]
  /** A query whose rows are put together. */
  readonly isGrouped?: boolean
  /** Whatever it is, it is there. */
  readonly isSure?: boolean
  /** It may be undefined where it is null in Ruby. */
  readonly isOptional?: boolean
  /** Of any shape, as JSON has it. */
  readonly isJson?: boolean
  /** Behind a column of another type. */
  readonly isSerialized?: boolean
  /** The Ruby classes of a record that is of one of several. */
  readonly oneOf?: readonly string[]
  /** Another name of the attribute named. */
  readonly aliasOf?: string
}

/** A translated expression. */
export interface Expression {
  readonly code: string
  readonly type: ValueType
  /** A promise: to be awaited before its value is used. */
  readonly pending?: boolean
}

export const unknown: ValueType = { kind: 'unknown' }
export const text: ValueType = { kind: 'text' }
export const number: ValueType = { kind: 'number' }
export const wholeNumber: ValueType = { kind: 'number', isWhole: true }
export const bigNumber: ValueType = { kind: 'number', isBig: true }
export const decimal: ValueType = { kind: 'number', isDecimal: true }
export const boolean: ValueType = { kind: 'boolean' }
export const nothing: ValueType = { kind: 'null' }
export const time: ValueType = { kind: 'time' }
export const date: ValueType = { kind: 'date' }
export const bytes: ValueType = { kind: 'bytes' }
export const hash: ValueType = { kind: 'hash' }

export function arrayOf(element: ValueType = unknown): ValueType {
  return { kind: 'array', element }
}

export function recordOf(model: string | undefined): ValueType {
  return model === undefined ? unknown : { kind: 'record', model }
}

export function relationOf(model: string | undefined): ValueType {
  return model === undefined ? { kind: 'relation' } : { kind: 'relation', model }
}

/** What an array holds; of a loose one, loosely. */
export function elementType({ element = unknown, isLoose }: ValueType): ValueType {
  return isLoose ? { ...element, isLoose } : element
}

/** Whether the compiler knows what a list holds, so that a function over its items needs no types of its own. */
export function isInferred({ kind, element, isLoose }: ValueType): boolean {
  return kind === 'array' && !isLoose && element !== undefined && element.kind !== 'unknown' && !element.isLoose
}

/** A list without what is null in it. */
export function withoutNull(type: ValueType): ValueType {
  if (!type.element?.isNullable) return type
  const { isNullable: _, ...element } = type.element
  return { ...type, element }
}

/** Whether a value is a query that runs when it is awaited. */
export function isLazy({ kind }: ValueType): boolean {
  return kind === 'relation' || kind === 'collection'
}

/** The type that two branches have in common. */
export function commonType(left: ValueType, right: ValueType): ValueType {
  if (left.kind === 'null') return right.kind === 'null' ? right : { ...right, isNullable: true }
  if (right.kind === 'null') return { ...left, isNullable: true }
  if (left.isNullable !== right.isNullable) {
    const common = commonType({ ...left, isNullable: true }, { ...right, isNullable: true })
    return { ...common, isNullable: true }
  }
  const classes = [...classesOf(left), ...classesOf(right)]
  if (classes.length > 1 && classesOf(left).length > 0 && classesOf(right).length > 0 && new Set(classes).size > 1)
    return { ...unknown, oneOf: [...new Set(classes)], ...(left.isNullable ? { isNullable: true } : {}) }
  if (isLazy(left) && isLazy(right) && left.model === right.model)
    return { kind: 'relation', ...(left.model === undefined ? {} : { model: left.model }) }
  if (left.kind !== right.kind || left.model !== right.model)
    return left.isNullable || right.isNullable ? { ...unknown, isNullable: true } : unknown
  if (left.isBig !== right.isBig || left.isDecimal !== right.isDecimal) return { kind: 'unknown' }
  if (left.members !== right.members)
    return commonType({ ...left, members: undefined } as ValueType, { ...right, members: undefined } as ValueType)
  if (left.isLoose !== right.isLoose) return commonType({ ...left, isLoose: true }, { ...right, isLoose: true })
  return /^(array|set|map)$/.test(left.kind) ? { ...left, element: commonType(left.element ?? unknown, right.element ?? unknown) } : left
}

/** The classes that a record may be of. */
function classesOf({ kind, model, oneOf }: ValueType): readonly string[] {
  return oneOf ?? (kind === 'record' && model !== undefined ? [model] : [])
}

/** A value whose members are asked for: one that may be null isn't, or Ruby too would raise. */
export function present({ code, type, ...rest }: Expression): Expression {
  if (!type.isNullable) return { code, type, ...rest }
  const { isNullable: _, ...known } = type
  return {
    code: /^[\w$.()[\]]+$/.test(code) || (code.startsWith('(') && code.endsWith(')')) ? `${code}!` : `(${code})!`,
    type: known,
    ...rest,
  }
}

/** What is made of a value, where it is there: a value that has no name is asked for once. */
export function safely({ code, type }: Expression, write: (there: Expression) => Expression | undefined): Expression | undefined {
  const { isNullable: _null, isOptional: _missing, ...known } = type
  const made = write({ code: 'there', type: known })
  if (!made) return undefined
  const isNamed = /^[\w$.!]+$/.test(code) || (!made.pending && made.code.includes('await '))
  const result = isNamed ? write(present({ code, type }))! : made
  const answer = { ...result.type, isNullable: true }
  if (isNamed) return { ...result, code: `(${code} == null ? null : ${result.code})`, type: answer }
  const wait = result.pending ? 'async ' : ''
  return { ...result, code: `(${wait}(there) => (there == null ? null : ${result.code}))(${code})`, type: answer }
}

/** Null where JavaScript would have it undefined: what a list hasn't, what `?.` hasn't asked. */
export function orNull({ code, type }: Expression): string {
  return type.isNullable &&
    !/\?\? null\)?$/.test(code) &&
    !type.isLoose &&
    type.kind !== 'unknown' &&
    (type.isOptional || /\]$|\?\.|\.at\([^()]*\)$|\._\w+$/.test(code))
    ? `${code} ?? null`
    : code
}

/** The class of decimals, as the generated client calls it. */
export const decimalClass = 'Prisma.Decimal'

/** What stands in TypeScript for a type; `Untyped` where it isn't known. */
export function typeText(type: ValueType, className: (model: string) => string | undefined): string {
  const simple = {
    text: 'string',
    number: 'number',
    boolean: 'boolean',
    time: 'Date',
    date: 'Date',
    regexp: 'RegExp',
    url: 'URL',
    bytes: 'Uint8Array<ArrayBuffer>',
    hash: 'Record<string, Untyped>',
  }
  if (type.isBig) return 'bigint'
  if (type.isDecimal) return className(decimalClass) ?? 'Untyped'
  if (type.kind in simple) return simple[type.kind as keyof typeof simple]
  if (type.kind === 'array') return `${wrapped(typeText(type.element ?? unknown, className))}[]`
  if (type.kind === 'set') return `Set<${typeText(type.element ?? unknown, className)}>`
  if (type.kind === 'record' && type.model !== undefined) return className(type.model) ?? 'Untyped'
  return 'Untyped'
}

function wrapped(text: string): string {
  return text.includes(' ') ? `(${text})` : text
}
