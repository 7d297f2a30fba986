/** One list for all paths that have the same names in the same order, which most paths share with others: fewer lists are made, and they stay near.
 *
 * @param names a list that this function made, or {@link noNames}
 */
export function withName(names: readonly string[], name: string): readonly string[] {
  let longer = longerLists.get(names)
  if (longer === undefined) longerLists.set(names, (longer = new Map()))
  let list = longer.get(name)
  if (list === undefined) longer.set(name, (list = [...names, name]))
  return list
}

/** The list that all others begin with. */
export const noNames: readonly string[] = []

const longerLists = new WeakMap<readonly string[], Map<string, readonly string[]>>()
