import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type ApplicationScope, emptyScope, NotConstant, type Scope, tryEvaluate } from './evaluate.ts'
import { childrenOf, constantPath, is, type RubyNode } from './nodes.ts'
import { RubySource } from './source.ts'
import { RubyConstant, type RubyValue } from './values.ts'

/** A constant found in another file of the application. */
export interface FoundConstant {
  readonly value: RubyValue
  readonly file: string
}

const folders = ['config', 'lib', 'app']

/** Looks for constants in the Ruby files of an application. Files are read when the first constant is asked for. */
export class ConstantFinder {
  readonly #root: string
  #texts: { file: string; text: string }[] | undefined
  readonly #found = new Map<string, FoundConstant | undefined>()

  readonly #application: ApplicationScope | undefined
  readonly #environment: string | undefined

  /**
   * @param application what the constants may be made of, beside each other
   * @param environment what `Rails.env` is; `production` unless given
   */
  constructor(root: string, application?: ApplicationScope, environment?: string) {
    this.#root = root
    this.#application = application
    this.#environment = environment
  }

  /** The value of a constant such as `Patterns::SLUG`, when one file defines it and its value is constant. */
  find(path: string): FoundConstant | undefined {
    if (!this.#found.has(path)) {
      // A constant that is made of itself has no value.
      this.#found.set(path, undefined)
      this.#found.set(path, this.#search(path.replace(/^::/, '')))
    }
    return this.#found.get(path)
  }

  /** What is assigned to a constant, as it stands, when one file does so. */
  findDefinition(constant: string): { source: RubySource; node: RubyNode } | undefined {
    const path = constant.replace(/^::/, '')
    const found = this.#assigning(path).flatMap((source) => assignments(source.tree, path).map((node) => ({ source, node })))
    return found.length === 1 ? found[0] : undefined
  }

  #search(path: string): FoundConstant | undefined {
    const found = this.#assigning(path).flatMap((source) => this.#definitions(source, path).map((value) => ({ value, file: source.file })))
    return found.length === 1 ? found[0] : undefined
  }

  /** The files that seem to assign a constant; those that can't be read are left out. */
  #assigning(path: string): RubySource[] {
    const assignment = new RegExp(`\\b${path.split('::').at(-1)!}\\s*\\|?\\|?=[^=>~]`)
    return this.#files().flatMap(({ file, text }) => {
      try {
        return assignment.test(text) ? [new RubySource(file, text)] : []
      } catch {
        return []
      }
    })
  }

  #files(): { file: string; text: string }[] {
    this.#texts ??= folders.flatMap((folder) => {
      if (!existsSync(join(this.#root, folder))) return []
      const names = readdirSync(join(this.#root, folder), { recursive: true, encoding: 'utf8' }).sort()
      const files = names.filter((name) => name.endsWith('.rb')).map((name) => `${folder}/${name}`)
      return files.map((file) => ({ file, text: readFileSync(join(this.#root, file), 'utf8') }))
    })
    return this.#texts
  }

  /** The values that a file gives to the constant of this path. Constants before it in the file may go into it. */
  #definitions({ file, tree }: RubySource, path: string): RubyValue[] {
    const scope: Scope = { ...emptyScope(this.#environment), note: refuse, file, application: this.#application }
    const found: RubyValue[] = []
    const visit = (node: RubyNode, namespace: readonly string[]): void => {
      if (is(node, 'ConstantWriteNode', 'ConstantOrWriteNode')) {
        const value = tryEvaluate(node.value as RubyNode, scope)
        if (value === undefined || value instanceof RubyConstant) return
        const full = [...namespace, node.name].join('::')
        scope.constants.set(node.name, value).set(full, value)
        if (full === path || full.endsWith(`::${path}`)) found.push(value)
        return
      }
      const name = is(node, 'ClassNode', 'ModuleNode') ? constantPath(node.constantPath as RubyNode) : undefined
      for (const child of childrenOf(node)) visit(child, name === undefined ? namespace : [...namespace, name])
    }
    visit(tree, [])
    return found
  }
}

/** What a file assigns to the constant of this path. */
function assignments(node: RubyNode, path: string, namespace: readonly string[] = []): RubyNode[] {
  if (is(node, 'ConstantWriteNode', 'ConstantOrWriteNode')) {
    const full = [...namespace, node.name].join('::')
    return full === path || full.endsWith(`::${path}`) ? [node.value as RubyNode] : []
  }
  const name = is(node, 'ClassNode', 'ModuleNode') ? constantPath(node.constantPath as RubyNode) : undefined
  return childrenOf(node).flatMap((child) => assignments(child, path, name === undefined ? namespace : [...namespace, name]))
}

/** What depends on where the port runs is no constant of the application. */
function refuse(node: RubyNode, reason: string): never {
  throw new NotConstant(node, reason)
}
