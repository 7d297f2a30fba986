import { dirname, join } from 'node:path/posix'
import { type UsesOfNames, usesOfNames } from '../typescript/index.ts'

interface Module {
  readonly path: string
  readonly text: string
  readonly uses: UsesOfNames
  /** By the path of the file that is imported. */
  readonly imports: Map<string, Import>
}

interface Import {
  readonly statement: string
  readonly specifier: string
  readonly names: readonly string[]
  readonly isNamespace: boolean
  /** Whether the file needs what it imports while it is loaded itself: to extend it, to mix it in, or for a constant. */
  readonly isNeededFirst: boolean
  isLate: boolean
}

/** Lets files import in circles, as Ruby's do. A file that another one needs while that is loaded, as its superclass, its concern or for a
 * constant, must not wait for that file in its turn: what it imports of the circle, and uses only later, is filled in once it is there.
 *
 * @param files what was printed, before it is laid out
 */
export function bindLate<T extends { readonly path: string; readonly text: string }>(files: readonly T[]): T[] {
  const modules = new Map<string, Module>()
  for (const { path, text } of files) {
    const uses = usesOfNames(text)
    if (uses !== undefined) modules.set(path, { path, text, uses, imports: new Map() })
  }
  for (const module of modules.values()) readImports(module, modules)
  for (const module of modules.values()) {
    for (const [needed, { isNeededFirst }] of module.imports) if (isNeededFirst) breakCircles(modules.get(needed)!, module.path, modules)
  }
  return files.map((file) => {
    const module = modules.get(file.path)
    return module === undefined ? file : { ...file, text: textOf(module) }
  })
}

function readImports(module: Module, modules: ReadonlyMap<string, Module>): void {
  for (const [statement, namespace, list, specifier] of module.text.matchAll(/^import (?:\* as (\w+)|\{ ([^}]+) \}) from '(\.[^']+)'$/gm)) {
    const path = join(dirname(module.path), specifier!)
    if (!modules.has(path) || path === module.path) continue
    const names = namespace === undefined ? list!.split(', ') : [namespace]
    const isNeededFirst = names.some((name) => module.uses.whileLoading.has(name))
    module.imports.set(path, {
      statement,
      specifier: specifier!,
      names,
      isNamespace: namespace !== undefined,
      isNeededFirst,
      isLate: false,
    })
  }
}

/** Makes the imports late by which a file leads back to one that needs it first. */
function breakCircles(module: Module, back: string, modules: ReadonlyMap<string, Module>): void {
  for (const [path, imported] of module.imports)
    if (!imported.isNeededFirst && !imported.isLate) imported.isLate = leadsTo(path, back, module.path, modules)
}

function leadsTo(from: string, to: string, past: string, modules: ReadonlyMap<string, Module>): boolean {
  const seen = new Set([past])
  const waiting = [from]
  for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
    if (path === to) return true
    if (seen.has(path)) continue
    seen.add(path)
    for (const [next, { isLate }] of modules.get(path)!.imports) if (!isLate) waiting.push(next)
  }
  return false
}

function textOf({ text, uses, imports }: Module): string {
  const late = [...imports.values()].filter(({ isLate }) => isLate)
  if (late.length === 0) return text
  const types: string[] = []
  const values: string[] = []
  for (const { names, specifier, isNamespace } of late) {
    const used = names.filter((name) => uses.later.has(name))
    const typesAlone = names.filter((name) => uses.asType.has(name) && !used.includes(name))
    if (typesAlone.length > 0) types.push(`import type { ${typesAlone.join(', ')} } from '${specifier}'`)
    const module = `import('${specifier}')`
    for (const name of used) {
      values.push(`let ${name}: typeof ${module}${isNamespace ? '' : `.${name}`}`)
      if (uses.asType.has(name)) values.push(`type ${name} = ${module}.${name}`)
    }
    if (used.length > 0)
      values.push(
        `whenLoaded(${module}, (module) => {\n${used.map((name) => `${name} = module${isNamespace ? '' : `.${name}`}`).join('\n')}\n})`,
      )
  }
  const rest = late.reduce((left, { statement }) => left.replace(`${statement}\n`, ''), text)
  const end = endOfImports(rest)
  const head = [rest.slice(0, end), ...types].filter((part) => part !== '')
  const body = rest.slice(end).replace(/^\n*/, '\n\n')
  if (values.length === 0) return head.join('\n') + body
  return `${withFramework(head.join('\n'))}\n\n// Loaded after this file, which they need first.\n${values.join('\n')}${body}`
}

/** The place after the last import. */
function endOfImports(text: string): number {
  const last = [...text.matchAll(/^import [^\n]+$/gm)].at(-1)
  return last === undefined ? 0 : last.index + last[0].length
}

function withFramework(imports: string): string {
  const known = /^import \{ ([^}]+) \} from 'regauge'$/m
  if (!known.test(imports)) return `import { whenLoaded } from 'regauge'\n${imports}`.trimEnd()
  return imports.replace(known, (_line, names: string) => {
    const sorted = [...names.split(', '), 'whenLoaded'].sort((left, right) => (left.toLowerCase() < right.toLowerCase() ? -1 : 1))
    return `import { ${sorted.join(', ')} } from 'regauge'`
  })
}
