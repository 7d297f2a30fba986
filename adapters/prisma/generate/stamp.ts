import { createHash } from 'node:crypto'
import { existsSync, readFileSync, statSync } from 'node:fs'
import { createRequire } from 'node:module'
import path from 'node:path'
import type { DatabaseLayout } from '../layout.ts'

/** What the generated files were made from: two digests, compared before anything is loaded. */
export interface Stamp {
  schema: string
  models: string
}

/** Raise it when what we write changes. */
const FORMAT = 4

/** The stamp that the files on disk call for. Model files are told apart by size and time, so that none of them is read. */
export function stampFor(layout: DatabaseLayout, schemaText: string, modelFiles: readonly string[]): Stamp {
  const models = modelFiles.map((file) => {
    const { size, mtimeMs } = statSync(file)
    return `${path.relative(layout.root, file)} ${size} ${mtimeMs}`
  })
  return { schema: schemaStamp(schemaText), models: digest([FORMAT, ...models].join('\n')) }
}

/** The digest of a schema and of what makes files from it. */
export function schemaStamp(schemaText: string): string {
  const { version } = createRequire(import.meta.url)('@prisma/client/package.json') as { version: string }
  return digest(`${FORMAT} ${version}\n${schemaText}`)
}

/** The stamp of what was generated; empty when nothing was. */
export function readStamp(layout: DatabaseLayout): Partial<Stamp> {
  try {
    return JSON.parse(readFileSync(stampFile(layout), 'utf8')) as Partial<Stamp>
  } catch {
    return {}
  }
}

/** Whether everything that is generated is there. */
export function isComplete(layout: DatabaseLayout): boolean {
  return [layout.metadata, layout.register, path.join(layout.client, 'client.ts')].every((file) => existsSync(file))
}

/** Where the stamp is kept. */
export function stampFile(layout: DatabaseLayout): string {
  return path.join(layout.generated, '.stamp.json')
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}
