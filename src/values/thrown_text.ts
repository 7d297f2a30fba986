/** Whatever was thrown, as a text: the message of an error, and of what has no text (an object without a prototype, say) its type.
 * @example thrownText(new Error('no stock')) // no stock */
export function thrownText(thrown: unknown): string {
  try {
    return String(thrown instanceof Error ? thrown.message : thrown)
  } catch {
    return typeof thrown
  }
}

/** What is read, if it is a text: of an error, say, into whose fields others have put what they like, getters that throw among it.
 * @example textOf(() => error.stack) */
export function textOf(read: () => unknown): string | undefined {
  try {
    const text = read()
    return typeof text === 'string' ? text : undefined
  } catch {
    return undefined
  }
}
