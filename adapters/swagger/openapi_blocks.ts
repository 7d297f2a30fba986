import { readFileSync } from 'node:fs'
import swaggerJsdoc from 'swagger-jsdoc'
import type { BlockReader, OpenApiDocument, Warning } from '../../src/openapi/index.ts'

/** What swagger-jsdoc starts from; only what blocks add to it is used. */
const definition = { openapi: '3.1.0', info: { title: '', version: '' } }

/** Reads the `@openapi` (and `@swagger`) blocks in comments. A block with broken YAML is a warning; the others of its file are left out with it.
 *
 * @example buildDocument({ …, readBlocks: readOpenapiBlocks })
 */
export const readOpenapiBlocks: BlockReader = (files) => {
  const warnings: Warning[] = []
  const withBlocks = files.filter((file) => firstBlockLine(file) !== undefined)
  const readable = withBlocks.filter((file) => {
    try {
      read([file])
      return true
    } catch (error) {
      warnings.push({ file, line: firstBlockLine(file) ?? 1, message: `@openapi: ${oneLine(error)}` })
      return false
    }
  })
  const { paths, components, tags } = readable.length > 0 ? read(readable) : ({} as Partial<OpenApiDocument>)
  return { document: { ...(paths ? { paths } : {}), ...(components ? { components } : {}), ...(tags ? { tags } : {}) }, warnings }
}

function read(files: readonly string[]): Partial<OpenApiDocument> {
  return swaggerJsdoc({ definition, failOnErrors: true, apis: files.map(withoutPattern) }) as Partial<OpenApiDocument>
}

/** Files are given as patterns: what means something in a pattern must not. */
function withoutPattern(file: string): string {
  return file.replace(/[[\]*?{}()!@+]/g, (sign) => (sign === '[' ? '[[]' : sign === ']' ? ']' : `[${sign}]`))
}

function firstBlockLine(file: string): number | undefined {
  try {
    const lines = readFileSync(file, 'utf8').split('\n')
    const index = lines.findIndex((line) => /@(?:openapi|swagger)\b/.test(line))
    return index < 0 ? undefined : index + 1
  } catch {
    return undefined // whoever reads the sources warns of it
  }
}

function oneLine(error: unknown): string {
  return error instanceof Error ? error.message.replace(/\s+/g, ' ').slice(0, 300) : String(error)
}
