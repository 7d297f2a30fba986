import type { Components, OpenApiDocument } from './document.ts'

/** The part of a route that is documented; routing's `Route` fits. */
export interface RouteInfo {
  /** `GET`, `GET|POST`, or empty for any. */
  readonly verb: string
  /** `/articles/:slug(.:format)` */
  readonly path: string
  readonly kind?: string
  /** `api/articles` */
  readonly controller?: string
  readonly action?: string
  readonly requirements?: Readonly<Record<string, RegExp | string>>
}

/** The file of a controller: for `app/controllers/api/articles_controller.ts` the name is `api/articles`. */
export interface ControllerFile {
  readonly name: string
  readonly file: string
}

/** The part of a model that becomes a schema; model's `ModelMetadata` fits. */
export interface ModelInfo {
  readonly name: string
  readonly primaryKey: readonly string[]
  readonly documentation?: string
  readonly fields: readonly {
    readonly name: string
    readonly kind: string
    readonly type: string
    readonly list: boolean
    readonly required: boolean
    readonly updatedAt?: boolean
    readonly default?: unknown
    readonly nativeType?: readonly [string, readonly string[]]
    readonly documentation?: string
  }[]
}

/** What models' metadata says as a whole; model's `SchemaMetadata` fits. */
export interface ModelsInfo {
  readonly models: readonly ModelInfo[]
  readonly enums: readonly { readonly name: string; readonly values: readonly { readonly name: string; readonly value: string }[] }[]
}

/** Something in a comment or file that could not be understood; the document is built without it. */
export interface Warning {
  readonly file: string
  readonly line: number
  readonly message: string
}

/** Reads documentation that is written as OpenAPI itself; it wins over what is derived. `adapters/swagger` implements it. */
export type BlockReader = (files: readonly string[]) => { document: Partial<OpenApiDocument>; warnings: Warning[] }

/** Everything a document is built from. */
export interface DocumentInput {
  readonly title: string
  readonly version: string
  readonly description?: string
  readonly servers?: readonly { readonly url: string; readonly description?: string }[]
  readonly routes: readonly RouteInfo[]
  readonly controllers: readonly ControllerFile[]
  readonly models?: ModelsInfo
  /** Shared components that comments may refer to as `#/components/…`. */
  readonly components?: Components
  readonly readBlocks?: BlockReader
  /** Groups operations: the tag of a controller, `Articles` for `articles` and `v1/Users` for `api/v1/users` unless given. */
  readonly tagOf?: (controller: string) => string
  /** Reads a file; of the disk unless given. */
  readonly readFile?: (file: string) => string
}
