import { readFileSync } from 'node:fs'
import path from 'node:path'
import type { SchemaFile } from './schema_file.ts'

/** The file beside a generated client that holds what Prisma's runtime needs of it. */
export const CLIENT_CONFIG = 'client.json'

/** What `getPrismaClient` of Prisma's runtime takes, as far as it is data. */
export interface ClientConfig {
  previewFeatures: string[]
  clientVersion: string
  engineVersion: string
  activeProvider: string
  inlineSchema: string
  runtimeDataModel: unknown
  parameterizationSchema: { strings: unknown; graph: string }
}

/** Reads the data out of a generated client, which is TypeScript and can't be loaded everywhere (Node.js 20, a built application).
 *
 * @throws Error when the generator writes another form than the one we know
 */
export function clientConfig(folder: string, schema: SchemaFile, version: string): ClientConfig {
  const source = readFileSync(path.join(folder, 'internal/class.ts'), 'utf8')
  return {
    previewFeatures: [],
    clientVersion: version,
    engineVersion: version,
    activeProvider: schema.provider,
    inlineSchema: schema.text,
    runtimeDataModel: JSON.parse(literal(source, /^config\.runtimeDataModel = JSON\.parse\((".*")\)$/m)),
    parameterizationSchema: {
      strings: JSON.parse(literal(source, /^ {2}strings: JSON\.parse\((".*")\),$/m)),
      graph: literal(source, /^ {2}graph: (".*")$/m),
    },
  }
}

function literal(source: string, pattern: RegExp): string {
  const found = pattern.exec(source)?.[1]
  if (found === undefined) throw new Error(`The generated Prisma client has an unknown form: no match for ${pattern}.`)
  return JSON.parse(found) as string
}
