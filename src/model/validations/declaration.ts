import type { ModelClass } from '../record/model_record.ts'
import type { CallbackBody, ConditionOptions } from '../callbacks/declaration.ts'

/** Options that every validation takes. */
export interface ValidationOptions extends ConditionOptions {
  readonly message?: string | ((record: never, data: { model: string; attribute: string; value: unknown }) => string)
  /** Contexts in which it doesn't run. */
  readonly exceptOn?: string | readonly string[]
  readonly allowNil?: boolean
  readonly allowBlank?: boolean
  /** Throws rather than adds an error: an error of this class where one is given. */
  readonly strict?: boolean | StrictError
}

/** The class of an error that a validation throws with the full message. */
export type StrictError = new (message: string) => Error

/** What `validates` or `validate` declared. */
export interface ValidationDeclaration {
  readonly attributes: readonly string[]
  /** The name of a built-in validator, or a method or function of the record. */
  readonly rule: string | { readonly body: CallbackBody }
  readonly options: Readonly<Record<string, unknown>>
  readonly sequence: number
  /** The class that declared it, where that matters. */
  readonly declaredBy?: ModelClass
}
