import { isHash } from '../generation/query.ts'

/** Options that `withOptions` puts under those of every call inside. */
export type CommonOptions = Readonly<Record<string, unknown>>

/** A call's options over common ones; hashes in both, such as `constraints`, are merged name by name.
 * @see https://api.rubyonrails.org/classes/Object.html#method-i-with_options
 */
export function withCommonOptions<T extends object>(own: T, common: CommonOptions): T {
  if (isEmpty(common)) return own
  const options: Record<string, unknown> = { ...common }
  for (const [key, value] of Object.entries(own)) {
    const under = options[key]
    options[key] = isHash(under) && isHash(value) ? withCommonOptions(value, under) : value
  }
  return options as T
}

/** Whether there are none. */
export function isEmpty(options: CommonOptions): boolean {
  for (const _ in options) return false
  return true
}

/** What most routes and scopes have of nearly everything. */
export const none: Readonly<Record<string, never>> = Object.freeze({})

/** The second options over the first. Mostly one of them is empty, and nothing is copied. */
export function under<T>(common: Readonly<Record<string, T>>, own: Readonly<Record<string, T>>): Readonly<Record<string, T>> {
  if (isEmpty(own)) return common
  return isEmpty(common) ? own : { ...common, ...own }
}
