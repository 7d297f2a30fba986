import type { Schema } from './document.ts'
import type { ModelInfo, ModelsInfo } from './inputs.ts'

type Field = ModelInfo['fields'][number]

/** Fields that no client should see: what they hold is a secret or made from one. */
const secret = /password|digest|secret|token|encrypted/i

const scalars: Record<string, Schema> = {
  String: { type: 'string' },
  Boolean: { type: 'boolean' },
  Int: { type: 'integer', format: 'int32' },
  BigInt: { type: 'integer', format: 'int64' },
  Float: { type: 'number', format: 'double' },
  Decimal: { type: 'string', format: 'decimal' },
  DateTime: { type: 'string', format: 'date-time' },
  Bytes: { type: 'string', contentEncoding: 'base64' },
  Json: {},
}

/** The schemas of an application's models: their columns as JSON spells them. */
export class ModelSchemas {
  readonly #models: ReadonlyMap<string, ModelInfo>
  readonly #enums: ReadonlyMap<string, string[]>

  constructor(metadata: ModelsInfo | undefined) {
    this.#models = new Map((metadata?.models ?? []).map((model) => [model.name, model]))
    this.#enums = new Map((metadata?.enums ?? []).map(({ name, values }) => [name, values.map((value) => value.name)]))
  }

  has(model: string): boolean {
    return this.#models.has(model)
  }

  get names(): string[] {
    return [...this.#models.keys()]
  }

  /** An object with every column but secrets. What the database fills in is read-only. */
  schemaOf(model: string): Schema | undefined {
    const found = this.#models.get(model)
    if (found === undefined) return undefined
    const fields = found.fields.filter((field) => field.kind !== 'relation' && !secret.test(field.name))
    const properties = fields.map((field) => [
      field.name,
      isFilledIn(found, field) ? { ...this.#schema(field), readOnly: true } : this.#schema(field),
    ])
    return {
      type: 'object',
      ...(found.documentation ? { description: found.documentation } : {}),
      properties: Object.fromEntries(properties),
      required: fields.map(({ name }) => name),
    }
  }

  /** What may be written to an attribute; undefined when the model has no such column. */
  attributeSchema(model: string | undefined, attribute: string): Schema | undefined {
    const field = this.#field(model, attribute)
    return field && field.kind !== 'relation' ? this.#schema(field) : undefined
  }

  /** The type of a model's only key. */
  keySchema(model: string | undefined): Schema | undefined {
    const keys = (model === undefined ? undefined : this.#models.get(model)?.primaryKey) ?? []
    return keys.length === 1 ? this.attributeSchema(model, keys[0] as string) : undefined
  }

  #field(model: string | undefined, name: string): Field | undefined {
    return model === undefined ? undefined : this.#models.get(model)?.fields.find((field) => field.name === name)
  }

  #schema(field: Field): Schema {
    const single = this.#singleSchema(field)
    if (field.list) return describe({ type: 'array', items: single }, field)
    return describe(field.required ? single : nullable(single), field)
  }

  #singleSchema({ kind, type, nativeType }: Field): Schema {
    if (kind === 'enum') return { type: 'string', enum: this.#enums.get(type) ?? [] }
    if (type === 'DateTime' && nativeType?.[0] === 'Date') return { type: 'string', format: 'date' }
    if (type === 'String' && nativeType?.[0] === 'Uuid') return { type: 'string', format: 'uuid' }
    return { ...scalars[type] }
  }
}

function describe(schema: Schema, { documentation }: Field): Schema {
  return documentation ? { ...schema, description: documentation } : schema
}

function nullable(schema: Schema): Schema {
  if (schema.enum) return { ...schema, type: ['string', 'null'], enum: [...schema.enum, null] }
  return typeof schema.type === 'string' ? { ...schema, type: [schema.type, 'null'] } : schema
}

function isFilledIn(model: ModelInfo, field: Field): boolean {
  return model.primaryKey.includes(field.name) || field.updatedAt === true || field.name === 'created_at' || field.name === 'createdAt'
}
