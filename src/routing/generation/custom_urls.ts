/** What `direct` and `resolve` call: the helper's arguments, then its options (`UrlOptions`), then the helpers (`UrlHelpers`) of the place it is used at.
 * @returns a URL, options for `urlFor`, a record whose URL it is, or a list as for `polymorphicUrl`
 */
export type CustomUrlBlock = (...args: never[]) => unknown
