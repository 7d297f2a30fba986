import { parseSync } from 'oxc-parser'

/** Whether a text is TypeScript. */
export function parses(text: string): boolean {
  return parseSync('ported.ts', text, { lang: 'ts', sourceType: 'module', showSemanticErrors: true }).errors.length === 0
}
