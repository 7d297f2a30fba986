/** Whatever was thrown, as a text: the message of an error, and of what has no text (an object without a prototype, say) its type.
 * @example thrownText(new Error('no stock')) // no stock */
export function thrownText(thrown: unknown): string {
  try {
    return String(thrown instanceof Error ? thrown.message : thrown)
  } catch {
    return typeof thrown
  }
}
