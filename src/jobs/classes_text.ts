/** How many jobs there are of which class, for the log: by class, the most first.
 * @example classesText(['ImportRow', 'Welcome', 'ImportRow']) // 'ImportRow (2), Welcome (1)'
 */
export function classesText(names: Iterable<string>): string {
  const counts = new Map<string, number>()
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1)
  const most = [...counts].sort(([, a], [, b]) => b - a)
  return most.map(([name, count]) => `${name} (${count})`).join(', ')
}
