import { isPlainObject } from '../../../src/values/index.ts'

/** How Active Job marks a Hash with symbols as keys, which is what a plain object is here. */
const symbolKeys = '_aj_symbol_keys'
/** Its marks of what only Ruby tells from that: keyword arguments, and a Hash that doesn't tell texts from symbols. */
const keywords = '_aj_ruby2_keywords'
const indifferent = '_aj_hash_with_indifferent_access'

/** Serialised arguments with the marks that they came with, so that Ruby, when it performs the job next, gets keywords where it gave some.
 * @param before as Ruby wrote them
 * @param after as they were written here */
export function withMarksOf(before: unknown, after: unknown): unknown {
  if (Array.isArray(before) && Array.isArray(after)) return after.map((value, index) => withMarksOf(before[index], value))
  if (!isPlainObject(before) || !isPlainObject(after)) return after
  const fields = Object.entries(after).map(([key, value]): [string, unknown] => {
    if (key !== symbolKeys) return [key, withMarksOf(before[key], value)]
    if (Object.hasOwn(before, keywords)) return [keywords, value]
    return Object.hasOwn(before, indifferent) ? [indifferent, true] : [key, value]
  })
  return Object.fromEntries(fields)
}
