/** The whole number a text begins with, as Ruby's `to_i` reads it: 0 when there is none, also for null and undefined.
 *
 * @example toInteger('12abc') // 12
 * @example toInteger('abc')   // 0
 */
export function toInteger(value: string | number | null | undefined): number {
  if (typeof value === 'number') return Number.isFinite(value) ? Math.trunc(value) : 0
  const digits = /^\s*([+-]?\d+(?:_\d+)*)/.exec(value ?? '')?.[1]
  return digits === undefined ? 0 : Number(digits.replaceAll('_', ''))
}
