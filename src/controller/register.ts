/** The renderers that an application has added, and what each takes. Declare yours, so that `render` knows them.
 * @example
 * declare module 'regauge' { interface Renderers { csv: readonly (readonly unknown[])[] } }
 */
export interface Renderers {}

/** Formats that an application registers with `registerMediaType`. Declare yours, so that `respondTo` knows them.
 * @example
 * declare module 'regauge' { interface CustomFormats { hal: true } }
 */
export interface CustomFormats {}

/** Names of variants that `request.variant` may have, beside `phone`, `tablet` and `desktop`. Declare yours, so that `respondTo` knows them.
 * @example
 * declare module 'regauge' { interface CustomVariants { watch: true } }
 */
export interface CustomVariants {}
