type Class = abstract new (...args: never[]) => unknown

const declarations = new WeakMap<object, Map<string, unknown[]>>()

/** Remembers what a class macro declared, so that subclasses inherit it and siblings don't see it.
 * @example declare(this, 'beforeSubscribe', { callback: 'findRoom' })
 */
export function declare(owner: Class, macro: string, ...entries: readonly unknown[]): void {
  let own = declarations.get(owner)
  if (own === undefined) declarations.set(owner, (own = new Map()))
  own.set(macro, [...(own.get(macro) ?? []), ...entries])
}

/** What `owner` and its ancestors declared, ancestors first, each in the order of declaration. */
export function declared<T>(owner: Class, macro: string): T[] {
  const lineage: object[] = []
  for (let current: object | null = owner; typeof current === 'function'; current = Object.getPrototypeOf(current)) lineage.unshift(current)
  return lineage.flatMap((ancestor) => (declarations.get(ancestor)?.get(macro) ?? []) as T[])
}
