import type { CallbackBody, ConditionOptions } from '../callbacks/declaration.ts'

/** Options that every validation takes. */
export interface ValidationOptions extends ConditionOptions {
  readonly message?: string | ((record: never, data: { model: string; attribute: string; value: unknown }) => string)
  /** Contexts in which it doesn't run. */
  readonly exceptOn?: string | readonly string[]
  readonly allowNil?: boolean
  readonly allowBlank?: boolean
  /** Throws rather than adds an error. */
  readonly strict?: boolean
}

/** What `validates` or `validate` declared. */
export interface ValidationDeclaration {
  readonly attributes: readonly string[]
  /** The name of a built-in validator, or a method or function of the record. */
  readonly rule: string | { readonly body: CallbackBody }
  readonly options: Readonly<Record<string, unknown>>
  readonly sequence: number
}
