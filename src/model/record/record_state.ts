import type { Errors } from '../validations/errors.ts'

/** Attribute values by column position: as read (raw) until first used, cast afterwards. */
export const VALUES: unique symbol = Symbol('values')
/** The values before the first unsaved change; null while nothing changed. */
export const ORIGINAL: unique symbol = Symbol('original')
/** The bits of {@link Flag}. */
export const FLAGS: unique symbol = Symbol('flags')
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
} as const

/** State that is made when first needed. */
export interface Extra {
  errors: Errors | undefined
  /** Loaded or assigned associations, by name: a record, null, or a collection. */
  associations: Map<string, unknown> | undefined
  /** Virtual attributes and selected expressions. */
  attributes: Map<string, unknown> | undefined
  /** What the last save changed: name → [before, after]. */
  savedChanges: Map<string, [unknown, unknown]> | undefined
  /** What the user assigned, before casting. */
  beforeCast: Map<string, unknown> | undefined
  /** Passwords that were assigned, and whether they still have to be digested. */
  passwords: Map<string, { plain: string | null; isPending: boolean }> | undefined
  /** Attributes that were marked as changed. */
  forcedChanges: Set<string> | undefined
  validationContext: string | undefined
  /** The association of an owner that is being destroyed, and this record with it. */
  destroyedBy: string | undefined
}

/** An empty {@link Extra}. */
export function newExtra(): Extra {
  return {
    errors: undefined,
    associations: undefined,
    attributes: undefined,
    savedChanges: undefined,
    beforeCast: undefined,
    passwords: undefined,
    forcedChanges: undefined,
    validationContext: undefined,
    destroyedBy: undefined,
  }
}
