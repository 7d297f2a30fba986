import type { PortedFile } from '../ported_file.ts'

/** A declaration of the files that models import and nobody has written yet, so that what is there can be checked.
 *
 * @param imported what the ported files import, each as it is written there
 * @returns undefined when all are there
 */
export function unportedDeclarations(imported: readonly string[]): PortedFile | undefined {
  const patterns = [...new Set(imported.map((specifier) => `*/${specifier.replace(/^(?:\.\.?\/)+/, '')}`))].sort()
  if (patterns.length === 0) return undefined
  const lines = [
    '// PORT: files that models import, and that nothing has written yet. Where one is there, it counts; its line here can go.',
    ...patterns.map((pattern) => `declare module '${pattern}'`),
  ]
  return { path: 'app/unported.d.ts', text: `${lines.join('\n')}\n` }
}
