/** What a record has loaded or was given for one association, and for those that it has more of. Such a list is never changed: records that
 * have nothing but the same owner, as those of a collection do, share one.
 */
export interface LoadedAssociations {
  readonly name: string
  /** A record, null, or a collection. */
  readonly value: unknown
  readonly others: LoadedAssociations | null
}

/** The entry of an association; undefined when there is none. */
export function loadedAs(list: LoadedAssociations | null, name: string): LoadedAssociations | undefined {
  for (let entry = list; entry !== null; entry = entry.others) if (entry.name === name) return entry
  return undefined
}

/** A list with an entry more, at its end, or with another value in an entry. */
export function withLoaded(list: LoadedAssociations | null, name: string, value: unknown): LoadedAssociations {
  if (list === null) return { name, value, others: null }
  if (list.name === name) return { name, value, others: list.others }
  return { name: list.name, value: list.value, others: withLoaded(list.others, name, value) }
}

/** A list without an entry. */
export function withoutLoaded(list: LoadedAssociations | null, name: string): LoadedAssociations | null {
  if (list === null || list.name === name) return list === null ? null : list.others
  return { name: list.name, value: list.value, others: withoutLoaded(list.others, name) }
}

/** The names, in the order in which they came. */
export function namesOfLoaded(list: LoadedAssociations | null): string[] {
  return list === null ? [] : [list.name, ...namesOfLoaded(list.others)]
}
