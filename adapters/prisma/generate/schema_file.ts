import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { SchemaInvalid, SchemaMissing } from '../errors.ts'

/** A Prisma schema as it is on disk. */
export interface SchemaFile {
  readonly path: string
  readonly text: string
  readonly provider: 'sqlite' | 'postgresql' | 'mysql'
}

/** Reads a schema, and from it the kind of database it is written for.
 *
 * @throws SchemaMissing, or SchemaInvalid when no datasource names a provider that we know
 */
export function readSchema(file: string): SchemaFile {
  if (!existsSync(file)) throw new SchemaMissing({ path: shown(file) })
  const text = readFileSync(file, 'utf8')
  const block = /^\s*datasource\s+\w+\s*\{([^}]*)\}/m.exec(text.replace(/\/\/.*$/gm, ''))
  const provider = block === null ? undefined : /^\s*provider\s*=\s*"(\w+)"/m.exec(block[1]!)?.[1]
  if (provider === 'sqlite' || provider === 'mysql') return { path: file, text, provider }
  if (provider === 'postgresql' || provider === 'postgres') return { path: file, text, provider: 'postgresql' }
  const reason =
    provider === undefined
      ? 'It has no datasource block with a provider.'
      : `The provider ${provider} isn't supported; use sqlite, postgresql or mysql.`
  throw new SchemaInvalid({ path: shown(file), reason })
}

/** The path as a person would write it, from where the process runs. */
export function shown(file: string): string {
  const relative = path.relative(process.cwd(), file)
  return relative.startsWith('..') ? file : relative
}
