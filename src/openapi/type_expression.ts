import { parseSync } from 'oxc-parser'
import type { Schema } from './document.ts'
import { child, children, nameOf, type SyntaxNode } from './syntax.ts'

/** What names in types stand for. */
export interface TypeNames {
  /** The schema of a name that is no built-in type; undefined when there is none. */
  resolve(name: string): Schema | undefined
}

/** TypeScript's names, and Ruby's as comments of Rails applications spell them. */
const builtIn: Record<string, Schema> = {
  string: { type: 'string' },
  String: { type: 'string' },
  number: { type: 'number' },
  Numeric: { type: 'number' },
  Number: { type: 'number' },
  Float: { type: 'number', format: 'double' },
  float: { type: 'number', format: 'double' },
  integer: { type: 'integer' },
  Integer: { type: 'integer' },
  bigint: { type: 'integer', format: 'int64' },
  boolean: { type: 'boolean' },
  Boolean: { type: 'boolean' },
  object: { type: 'object' },
  Object: { type: 'object' },
  Hash: { type: 'object' },
  null: { type: 'null' },
  undefined: { type: 'null' },
  any: {},
  unknown: {},
  Date: { type: 'string', format: 'date' },
  DateTime: { type: 'string', format: 'date-time' },
  Time: { type: 'string', format: 'date-time' },
  UUID: { type: 'string', format: 'uuid' },
  Decimal: { type: 'string', format: 'decimal' },
  File: { type: 'string', contentEncoding: 'binary' },
}

/** Whether a word is a type without asking anyone. */
export function isBuiltInType(name: string): boolean {
  return Object.hasOwn(builtIn, name)
}

/** Reads a type as TypeScript writes it: `{ id: integer, tags?: string[] }`, `Order[]`, `'a' | 'b' | null`, `Array<Order>`, `[Order]`.
 *
 * @returns the schema, or a sentence that says what is wrong
 */
export function typeSchema(text: string, names: TypeNames): { schema: Schema } | { error: string } {
  const reference = /^#\/components\/\S+$/.exec(text)
  if (reference) return { schema: { $ref: text } }
  if (text.length > 10_000) return { error: 'the type is longer than 10,000 characters' }
  const { program, errors } = parseSync('type.ts', `type T = ${text}`)
  const declaration = (program.body as unknown as SyntaxNode[])[0]
  const type = child(declaration, 'typeAnnotation')
  if (errors.length > 0 || !type || program.body.length !== 1) return { error: `'${text}' is not a type` }
  try {
    return { schema: schemaOf(type, names) }
  } catch (error) {
    if (error instanceof UnknownType) return { error: error.message }
    throw error
  }
}

class UnknownType extends Error {}

function schemaOf(type: SyntaxNode, names: TypeNames): Schema {
  switch (type.type) {
    case 'TSTypeLiteral':
      return objectSchema(type, names)
    case 'TSArrayType':
      return { type: 'array', items: schemaOf(child(type, 'elementType') as SyntaxNode, names) }
    case 'TSTupleType':
      return tupleSchema(children(type, 'elementTypes'), names)
    case 'TSUnionType':
      return unionSchema(children(type, 'types'), names)
    case 'TSIntersectionType':
      return { allOf: children(type, 'types').map((part) => schemaOf(part, names)) }
    case 'TSLiteralType':
      return literalSchema(child(type, 'literal'))
    case 'TSTypeReference':
      return referenceSchema(type, names)
    case 'TSParenthesizedType':
      return schemaOf(child(type, 'typeAnnotation') as SyntaxNode, names)
    case 'TSTypeOperator':
      return schemaOf(child(type, 'typeAnnotation') as SyntaxNode, names)
    default: {
      const keyword = /^TS(\w+)Keyword$/.exec(type.type)?.[1]?.replace('BigInt', 'bigint').toLowerCase()
      if (keyword !== undefined && Object.hasOwn(builtIn, keyword)) return { ...builtIn[keyword] }
      throw new UnknownType(`types of the kind ${type.type.replace(/^TS/, '')} have no form in a document`)
    }
  }
}

function objectSchema(type: SyntaxNode, names: TypeNames): Schema {
  const schema: Schema = { type: 'object', properties: {}, required: [] }
  for (const member of children(type, 'members')) {
    const annotation = child(child(member, 'typeAnnotation'), 'typeAnnotation')
    if (member.type === 'TSIndexSignature' && annotation) schema.additionalProperties = schemaOf(annotation, names)
    const name = nameOf(child(member, 'key'))
    if (member.type !== 'TSPropertySignature' || name === undefined) continue
    Object.assign(schema.properties as object, { [name]: annotation ? schemaOf(annotation, names) : {} })
    if (!member['optional']) schema.required?.push(name)
  }
  if (schema.required?.length === 0) delete schema.required
  return schema
}

/** `[Order]` is a list of orders; several literals are the values of an enumeration. */
function tupleSchema(elements: readonly SyntaxNode[], names: TypeNames): Schema {
  const [only] = elements
  if (elements.length === 1 && only) return { type: 'array', items: schemaOf(only, names) }
  return unionSchema(elements, names)
}

function unionSchema(types: readonly SyntaxNode[], names: TypeNames): Schema {
  const schemas = types.map((part) => schemaOf(part, names))
  const isNullable = schemas.some(({ type }) => type === 'null')
  const others = schemas.filter(({ type }) => type !== 'null')
  if (others.length > 0 && others.every((schema) => 'const' in schema)) {
    const values = others.map((schema) => schema.const)
    return { enum: isNullable ? [...values, null] : values }
  }
  const [single] = others
  if (others.length === 1 && single && typeof single.type === 'string') return { ...single, type: [single.type, 'null'] }
  return { anyOf: schemas }
}

function literalSchema(literal: SyntaxNode | undefined): Schema {
  const value = literal?.['value']
  if (['string', 'number', 'boolean'].includes(typeof value)) return { const: value }
  throw new UnknownType('only texts, numbers and booleans can be literals')
}

function referenceSchema(type: SyntaxNode, names: TypeNames): Schema {
  const name = nameOf(child(type, 'typeName')) ?? ''
  const args = children(child(type, 'typeArguments'), 'params')
  if (name === 'Array' && args[0]) return { type: 'array', items: schemaOf(args[0], names) }
  if (name === 'Record' && args[1]) return { type: 'object', additionalProperties: schemaOf(args[1], names) }
  const known = Object.hasOwn(builtIn, name) ? { ...builtIn[name] } : names.resolve(name)
  if (known === undefined) throw new UnknownType(`nothing is named '${name}'`)
  return known
}
