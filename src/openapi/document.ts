/** A JSON Schema, as OpenAPI 3.1 uses it. */
export interface Schema {
  $ref?: string
  type?: string | string[]
  format?: string
  description?: string
  properties?: Record<string, Schema>
  required?: string[]
  items?: Schema
  enum?: unknown[]
  const?: unknown
  oneOf?: Schema[]
  anyOf?: Schema[]
  allOf?: Schema[]
  additionalProperties?: Schema | boolean
  pattern?: string
  readOnly?: boolean
  default?: unknown
  contentEncoding?: string
  deprecated?: boolean
}

/** A parameter of an operation. */
export interface Parameter {
  name: string
  in: 'path' | 'query' | 'header' | 'cookie'
  required?: boolean
  description?: string
  schema: Schema
}

/** A reference to a shared component. */
export interface Reference {
  $ref: string
}

export interface MediaContent {
  [mediaType: string]: { schema: Schema }
}

export interface RequestBody {
  required?: boolean
  description?: string
  content: MediaContent
}

export interface ResponseObject {
  description: string
  content?: MediaContent
}

/** One route's documentation. */
export interface Operation {
  operationId?: string
  summary?: string
  description?: string
  tags?: string[]
  deprecated?: boolean
  parameters?: (Parameter | Reference)[]
  requestBody?: RequestBody | Reference
  responses: Record<string, ResponseObject | Reference>
  security?: Record<string, string[]>[]
}

export type Method = 'get' | 'post' | 'put' | 'patch' | 'delete' | 'head' | 'options'
export type PathItem = { [M in Method]?: Operation }

/** Shared parts, by kind and name. */
export interface Components {
  schemas?: Record<string, Schema>
  responses?: Record<string, ResponseObject>
  parameters?: Record<string, Parameter>
  requestBodies?: Record<string, RequestBody>
  securitySchemes?: Record<string, Record<string, unknown>>
  [kind: string]: Record<string, unknown> | undefined
}

/** An OpenAPI 3.1 document. */
export interface OpenApiDocument {
  openapi: string
  info: { title: string; version: string; description?: string }
  servers?: { url: string; description?: string }[]
  tags?: { name: string; description?: string }[]
  paths: Record<string, PathItem>
  components?: Components
}
