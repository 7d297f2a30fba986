import { readFileSync } from 'node:fs'
import { parse } from 'yaml'
import type { Components } from './document.ts'
import type { Warning } from './inputs.ts'

/** Reads the shared components of an application (`config/openapi_components.yml`, or `.yaml`, `.json`): what is below the key `components`.
 * A broken file is a warning, and gives no components. */
export function readComponentsFile(file: string, warnings: Warning[] = []): Components {
  try {
    const content: unknown = parse(readFileSync(file, 'utf8')) // JSON is YAML
    const components = typeof content === 'object' && content !== null ? (content as { components?: unknown }).components : undefined
    if (typeof components === 'object' && components !== null) return components as Components
    warnings.push({ file, line: 1, message: 'The file has no key `components`' })
  } catch (error) {
    const line = (error as { linePos?: { line: number }[] }).linePos?.[0]?.line ?? 1
    warnings.push({ file, line, message: `The file could not be read: ${(error as Error).message.split('\n')[0]}` })
  }
  return {}
}
