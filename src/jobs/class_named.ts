/** The class that a name is for, in full or as Ruby has it: with modules around it a class may be called here by its full name, where it says so itself,
 * in one word, or by the last of its names.
 * @example classNamed(new Map([['AccountSweep', AccountSweep]]), 'Account::Sweep') // AccountSweep */
export function classNamed<C>(classes: ReadonlyMap<string, C>, name: string): C | undefined {
  const known = classes.get(name)
  if (known !== undefined || !name.includes('::')) return known
  const full = name.replace(/^::/, '')
  return classes.get(full) ?? classes.get(full.replaceAll('::', '')) ?? classes.get(full.replace(/^.*::/, ''))
}
