/** The method that answers an action: the one of its name, else of its name in camel case, since ported routes keep Rails' names.
 * @example methodOfAction('verify_credentials', ['show', 'verifyCredentials']) // 'verifyCredentials'
 */
export function methodOfAction(action: string, methods: Iterable<string>): string | undefined {
  const names = new Set(methods)
  const camelCase = inCamelCase(action)
  return names.has(action) ? action : names.has(camelCase) ? camelCase : undefined
}

/** Whether a list, such as that of `only`, names an action in either spelling. */
export function namesAction(list: Iterable<string>, action: string): boolean {
  const wanted = inCamelCase(action)
  for (const name of list) if (inCamelCase(name) === wanted) return true
  return false
}

function inCamelCase(action: string): string {
  return action.replace(/(?<=[^_])_+([^_])/g, (_, letter: string) => letter.toUpperCase())
}
