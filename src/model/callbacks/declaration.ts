import type { ModelRecord } from '../record/model_record.ts'

/** The events of a record's life that callbacks attach to. */
export type CallbackEvent =
  | 'validation'
  | 'save'
  | 'create'
  | 'update'
  | 'destroy'
  | 'commit'
  | 'rollback'
  | 'initialize'
  | 'find'
  | 'touch'
/** What can be skipped: callbacks, and under `validate` what `validate` declared. */
export type SkippedEvent = CallbackEvent | 'validate'
export type CallbackPosition = 'before' | 'after' | 'around'

/** A method by name, or a function of the record. */
export type Condition = string | ((record: never) => unknown)

/** When a callback or a validation runs. */
export interface ConditionOptions {
  readonly if?: Condition | readonly Condition[]
  readonly unless?: Condition | readonly Condition[]
  /** For validations: the context. For commit callbacks: what was done. */
  readonly on?: string | readonly string[]
}

/** The name of a method, or a function of the record; around callbacks get `proceed` too. */
export type CallbackBody = string | ((record: never, proceed: never) => unknown)

/** What a macro declared. */
export interface CallbackDeclaration {
  readonly event: CallbackEvent
  readonly position: CallbackPosition
  readonly body: CallbackBody
  readonly options: ConditionOptions
  readonly prepend: boolean
  /** Grows with each declaration. */
  readonly sequence: number
  /** Saves associated records: nothing to do for a record that has none in memory. */
  readonly isAutosave?: boolean
  /** Follows from the options of an association. */
  readonly isOfAssociation?: boolean
  /** The object or class whose method it is. */
  readonly subject?: object | undefined
  /** What listings call it, when it has no name of its own. */
  readonly label?: string
}

/** What `skipCallback` and `resetCallbacks` said. */
export interface CallbackSkip {
  readonly isSkip: true
  readonly event: SkippedEvent
  /** Undefined for all. */
  readonly position: CallbackPosition | undefined
  /** The method's name, the function, or the object that has the method; undefined for all. */
  readonly body: CallbackBody | object | undefined
  /** Only where these hold. */
  readonly options: ConditionOptions
  readonly sequence: number
}

/** Whether the conditions of a callback or validation hold for a record. */
export type Guard = (record: ModelRecord) => boolean | Promise<boolean>
