import { existsSync, readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import type { SchemaMetadata } from '../../../src/model/index.ts'
import type { DatabaseLayout } from '../layout.ts'

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

/** The classes of those files that stand for a model of the schema: by the name in `Model('Article')`, else by their own.
 * @param isMain whether it is the application's main schema: classes of `modelOf(…)('Dog')` are those of the others
 */
export function modelClasses(files: readonly string[], metadata: SchemaMetadata, isMain = true): ModelClass[] {
  const models = new Set(metadata.models.map((model) => model.name))
  const found = new Map<string, ModelClass>()
  for (const file of files) {
    for (const { isOfMain, ...declared } of classesIn(readFileSync(file, 'utf8'), file)) {
      if (isOfMain === isMain && models.has(declared.model) && !found.has(declared.model)) found.set(declared.model, declared)
    }
  }
  return [...found.values()]
}

/** The module that tells the types of the schema, and the application's classes, to `Model`; of another schema than the main one, to `modelOf`. */
export function registerModule(classes: readonly ModelClass[], layout: Pick<DatabaseLayout, 'generated' | 'interface'>): string {
  const imports = classes.map(({ className, isDefault, file }) => {
    const from = path.relative(layout.generated, file).split(path.sep).join('/')
    return `import type ${isDefault ? className : `{ ${className} }`} from '${from}'\n`
  })
  const members = classes.map(({ model, className }) => `      ${model}: typeof ${className}\n`)
  const body = `    types: Prisma.TypeMap
    models: {
${members.join('')}    }
`
  const text =
    layout.interface === undefined
      ? `declare module 'regauge' {\n  interface Register {\n${body}  }\n}\n`
      : `/** For \`AbstractModel<${layout.interface}>\` and \`modelOf<${layout.interface}>()\`. */\nexport interface ${layout.interface} {\n${body.replaceAll(/^ {2}/gm, '')}}\n`
  return `// Written from the schema and app/models. Changes made here are lost.
import type { Prisma } from './client/client.ts'
${imports.join('')}
${text}`
}

function* classesIn(source: string, file: string): Generator<ModelClass & { isOfMain: boolean }> {
  const declaration = /^export\s+(default\s+)?(?:abstract\s+)?class\s+(\w+)\s+extends\s+([^{]+)/gm
  for (const [, isDefault, className, parent] of source.matchAll(declaration)) {
    const model = /\(\s*['"](\w+)['"]/.exec(parent!)?.[1]
    const isOfMain = !/\bmodelOf\b|\b\w+Model\(\s*['"]/.test(parent!)
    yield { model: model ?? className!, className: className!, isDefault: isDefault !== undefined, file, isOfMain }
  }
}
