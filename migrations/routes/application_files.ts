import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { underscore } from '../../src/naming/index.ts'
import { childrenOf, type FoundMethod, is, KnownApplication, type NodeOf, type RubyNode, RubySource } from '../ruby/index.ts'

/** How a translation reaches the other files of the Rails application. Files are read when they are asked for. */
export class ApplicationFiles {
  readonly root: string
  /** What its constants, files of data and methods of modules tell without being run. */
  readonly known: KnownApplication
  readonly #sources = new Map<string, RubySource | undefined>()

  /** @param environment what `Rails.env` is for its constants; `production` unless given */
  constructor(root: string, environment?: string) {
    this.root = root
    this.known = new KnownApplication(root, this, environment)
  }

  /** A Ruby file by its path from the root; undefined when there is none. */
  read(file: string): RubySource | undefined {
    if (!this.#sources.has(file)) {
      const path = join(this.root, file)
      this.#sources.set(file, existsSync(path) ? new RubySource(file, readFileSync(path, 'utf8')) : undefined)
    }
    return this.#sources.get(file)
  }

  /** The Ruby files below a folder, by their paths from the root. */
  filesBelow(folder: string): string[] {
    if (!existsSync(join(this.root, folder))) return []
    const names = readdirSync(join(this.root, folder), { recursive: true, encoding: 'utf8' }).sort()
    return names.filter((name) => name.endsWith('.rb')).map((name) => `${folder}/${name}`)
  }

  /** A required file of the application's own routes; undefined for a library. */
  findRequired(name: string, method: string, from: string): RubySource | undefined {
    const path = join(this.root, method === 'require_relative' ? join(from, '..') : '', name.endsWith('.rb') ? name : `${name}.rb`)
    const file = relative(this.root, path)
    return file.startsWith('config/routes') ? this.read(file) : undefined
  }

  /** The routes file of an engine that lies in the application itself; undefined for one of a gem. */
  engineRoutes(constant: string): { source: RubySource; isolated: string | undefined } | undefined {
    const draws = new RegExp(`^\\s*(::)?${constant.replace(/^::/, '')}\\.routes\\.draw\\b`, 'm')
    for (const folder of ['engines', 'components', 'packs', 'packages', 'modules', 'gems', 'lib', 'vendor/engines']) {
      const file = this.filesBelow(folder).find((path) => path.endsWith('config/routes.rb') && draws.test(this.#text(path)))
      if (file === undefined) continue
      return { source: this.read(file)!, isolated: this.isolatedNamespace(file.replace(/config\/routes\.rb$/, 'lib')) }
    }
    return undefined
  }

  /** The module that an engine, defined below this folder, keeps its controllers in; undefined when it has none of its own. */
  isolatedNamespace(folder: string): string | undefined {
    const definition = this.filesBelow(folder).find((path) => path.endsWith('engine.rb'))
    return /isolate_namespace[ (]+(?:::)?(\w+(::\w+)*)/.exec(definition === undefined ? '' : this.#text(definition))?.[1]
  }

  #text(file: string): string {
    return readFileSync(join(this.root, file), 'utf8')
  }

  /** The version of a gem that `Gemfile.lock` names; undefined when it names none. */
  gemVersion(name: string): string | undefined {
    const path = join(this.root, 'Gemfile.lock')
    if (!existsSync(path)) return undefined
    return readFileSync(path, 'utf8')
      .split('\n')
      .map((line) => /^ {4}([\w.-]+) \(([^)]+)\)$/.exec(line))
      .find((match) => match?.[1] === name)?.[2]
  }

  /** Whether a gem that defines this constant is in `Gemfile.lock`: `Sidekiq::Web` is of `sidekiq`, `Sidekiq::Pro` of `sidekiq-pro`. */
  hasGemOf(constant: string): boolean {
    const [first = '', second = 'Engine'] = constant.replace(/^::/, '').split('::').map(underscore)
    const names = ['engine', 'web', 'ui', 'app', 'rails', 'railtie', 'server', 'api', 'version'].includes(second)
      ? [first, first.replaceAll('_', '-')]
      : []
    return [...names, `${first}-${second}`, `${first}_${second}`].some((name) => this.gemVersion(name) !== undefined)
  }

  /** A method of a module or class that one file under `lib`, `app` or `config` defines. */
  findMethod(owner: string, name: string): FoundMethod | undefined {
    const source = this.sourceOf(owner)
    const node = source && methodNamed(source.tree, name)
    return source && node ? { source, node } : undefined
  }

  /** The file that by Rails' rules defines a module or class. */
  sourceOf(constant: string): RubySource | undefined {
    const path = underscore(constant.replace(/^::/, ''))
    const folders = ['lib', ...this.#appFolders(), 'config/initializers', 'config', 'config/routes']
    return folders.map((folder) => this.read(`${folder}/${path}.rb`)).find((source) => source !== undefined)
  }

  #appFolders(): string[] {
    const app = join(this.root, 'app')
    if (!existsSync(app)) return []
    return readdirSync(app, { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map((entry) => `app/${entry.name}`)
  }
}

function methodNamed(node: RubyNode, name: string): NodeOf<'DefNode'> | undefined {
  if (is(node, 'DefNode')) return node.name === name ? node : undefined
  for (const child of childrenOf(node)) {
    const found = methodNamed(child, name)
    if (found) return found
  }
  return undefined
}
