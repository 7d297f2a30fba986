/** The operators of conditions that compare, as SQL writes them. */
export const infix = { gt: '>', gte: '>=', lt: '<', lte: '<=', not: '!=', like: 'like', notLike: 'not like' } as const

/** The operators of conditions that make a pattern of a text. */
export const patterns: Readonly<Record<string, (text: string) => string>> = {
  contains: (text) => `%${escapeLike(text)}%`,
  startsWith: (text) => `${escapeLike(text)}%`,
  endsWith: (text) => `%${escapeLike(text)}`,
}

/** All of them, as errors list them. */
export const operatorNames: readonly string[] = [...Object.keys(infix), ...Object.keys(patterns), 'in', 'notIn']

const operatorKey = new RegExp(`"(?:${operatorNames.join('|')})"\\s*:|\\{\\s*\\}|\\\\u00[4-7]`)

/** Whether a JSON text may hold an object that could be taken for operators: one of them is a key, it is empty,
 * or there are letters written as escapes. */
export function mayHoldOperators(json: string): boolean {
  return operatorKey.test(json)
}

function escapeLike(text: string): string {
  return text.replace(/[!%_]/g, '!$&')
}
