import { existsSync, readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import type { SchemaMetadata } from '../../../src/model/index.ts'

/** A class of the application and the model of the schema that it stands for. */
export interface ModelClass {
  readonly model: string
  readonly className: string
  readonly isDefault: boolean
  readonly file: string
}

/** The TypeScript files under `app/models`, in order. */
export function modelFiles(root: string): string[] {
  const folder = path.join(root, 'app', 'models')
  if (!existsSync(folder)) return []
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts') && !name.endsWith('.d.ts'))
    .sort()
    .map((name) => path.join(folder, name))
}

/** The classes of those files that stand for a model of the schema: by the name in `Model('Article')`, else by their own. */
export function modelClasses(files: readonly string[], metadata: SchemaMetadata): ModelClass[] {
  const models = new Set(metadata.models.map((model) => model.name))
  const found = new Map<string, ModelClass>()
  for (const file of files) {
    for (const declared of classesIn(readFileSync(file, 'utf8'), file)) {
      if (models.has(declared.model) && !found.has(declared.model)) found.set(declared.model, declared)
    }
  }
  return [...found.values()]
}

/** The module that tells the types of the schema, and the application's classes, to `Model`. */
export function registerModule(classes: readonly ModelClass[], folder: string): string {
  const imports = classes.map(({ className, isDefault, file }) => {
    const from = path.relative(folder, file).split(path.sep).join('/')
    return `import type ${isDefault ? className : `{ ${className} }`} from '${from}'\n`
  })
  const members = classes.map(({ model, className }) => `      ${model}: typeof ${className}\n`)
  return `// Written from db/schema.prisma and app/models. Changes made here are lost.
import type { Prisma } from './client/client.ts'
${imports.join('')}
declare module 'regauge' {
  interface Register {
    types: Prisma.TypeMap
    models: {
${members.join('')}    }
  }
}
`
}

function* classesIn(source: string, file: string): Generator<ModelClass> {
  const declaration = /^export\s+(default\s+)?(?:abstract\s+)?class\s+(\w+)\s+extends\s+(?:Model\(\s*['"](\w+)['"])?/gm
  for (const [, isDefault, className, model] of source.matchAll(declaration)) {
    yield { model: model ?? className!, className: className!, isDefault: isDefault !== undefined, file }
  }
}
