import type { UrlOptions } from '../types.ts'
import type { UrlHelpers } from './url_helpers.ts'

/** What `direct` and `resolve` call: the helper's arguments, its options, and the helpers of the routes.
 * @returns a URL, options for `urlFor`, or a record whose URL it is
 */
export type CustomUrlBlock = (...args: [...args: never[], options: UrlOptions, helpers: UrlHelpers]) => unknown
