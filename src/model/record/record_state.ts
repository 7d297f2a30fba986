import type { Errors } from '../validations/errors.ts'

/** Attribute values by column position: as read (raw) until first used, cast afterwards. */
export const VALUES: unique symbol = Symbol('values')
/** The values before the first unsaved change; null while nothing changed. */
export const ORIGINAL: unique symbol = Symbol('original')
/** The bits of {@link Flag}. */
export const FLAGS: unique symbol = Symbol('flags')
/** Loaded or assigned associations; null while there are none. */
export const ASSOCIATIONS: unique symbol = Symbol('associations')
/** What few records need: see {@link Extra}. */
export const EXTRA: unique symbol = Symbol('extra')

/** The states of a record, as bits. */
export const Flag = {
  isNew: 1,
  destroyed: 2,
  readonly: 4,
  wasNew: 8,
  saving: 16,
  previouslyNew: 32,
  destroying: 64,
  strictLoading: 128,
  strictLoadingOfMany: 256,
  markedForDestruction: 512,
} as const

/** Attributes of one associated record, as a form sends them. */
export type NestedAttributes = Readonly<Record<string, unknown>>

/** State that is made when first needed. */
export interface Extra {
  errors: Errors | undefined
  /** Virtual attributes and selected expressions. */
  attributes: Map<string, unknown> | undefined
  /** What the last save changed: name → [before, after]. */
  savedChanges: Map<string, [unknown, unknown]> | undefined
  /** What virtual attributes were before their first unsaved change. */
  virtualBefore: Map<string, unknown> | undefined
  /** What the user assigned, before casting. */
  beforeCast: Map<string, unknown> | undefined
  /** Passwords that were assigned, and whether they still have to be digested. */
  passwords: Map<string, { plain: string | null; isPending: boolean }> | undefined
  /** Attributes that were marked as changed. */
  forcedChanges: Set<string> | undefined
  validationContext: string | readonly string[] | undefined
  /** The association of an owner that is being destroyed, and this record with it. */
  destroyedBy: string | undefined
  /** Attributes of associated records that wait until those records are loaded: association → what was assigned. */
  nested: Map<string, NestedAttributes[]> | undefined
  /** Associations to one that were given another record, or none: what was there before goes when this record is saved. */
  replaced: Set<string> | undefined
  /** Associations to one through another that were assigned: the record between is written when this one is saved. */
  throughs: Set<string> | undefined
  /** The columns that get the time at the end of the transaction. */
  deferredTouch: { readonly columns: Set<string>; time: Date } | undefined
}

/** An empty {@link Extra}. */
export function newExtra(): Extra {
  return {
    errors: undefined,
    attributes: undefined,
    savedChanges: undefined,
    virtualBefore: undefined,
    beforeCast: undefined,
    passwords: undefined,
    forcedChanges: undefined,
    validationContext: undefined,
    destroyedBy: undefined,
    nested: undefined,
    replaced: undefined,
    throughs: undefined,
    deferredTouch: undefined,
  }
}
