/** What Ruby takes for true: an empty text is, and so is 0. */
export function isTrue(value: unknown): boolean {
  return value !== undefined && value !== null && value !== false
}
