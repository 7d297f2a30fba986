import { dirname, relative } from 'node:path/posix'
import type { Application } from './classes/application.ts'
import { typeScriptName } from './classes/application.ts'

/** Where the types lie that stand for what Ruby says none of. */
export const untypedFile = 'app/untyped.ts'

/** What a file of the output imports: names of the framework, and classes of the application. */
export class Imports {
  readonly #framework = new Set<string>()
  readonly #classes = new Map<string, { file: string; name: string; isModule: boolean }>()
  readonly #packages = new Map<string, string>()
  readonly #unknown = new Set<string>()
  readonly #unknownClasses = new Map<string, string>()
  readonly #own: string

  /** @param own the Ruby file that is translated */
  constructor(own: string) {
    this.#own = own
  }

  /** Imports a name of the framework, and answers it. */
  framework(name: string): string {
    this.#framework.add(name)
    return name
  }

  /** Whether a name is imported of the framework. */
  hasFramework(name: string): boolean {
    return this.#framework.has(name)
  }

  /** Imports a module of Node or of a package as a namespace or default, and answers its name. */
  module(name: string, from: string): string {
    this.#packages.set(name, from)
    return name.replace(/^\* as |^\{ | \}$/g, '')
  }

  /** Imports the class of decimals, and answers its name. */
  decimal(): string {
    return `${this.module('{ Prisma }', this.#path('db/generated/client/client.ts'))}.Decimal`
  }

  /** The Ruby file of a class that is imported by a name. */
  fileOf(name: string): string | undefined {
    return this.#classes.get(name)?.file
  }

  /** Declares a constant of Ruby or of a gem, which nothing here defines. */
  unknownConstant(path: string): void {
    this.#unknown.add(path.split('::', 1)[0]!)
  }

  /** Whether it is a constant that nothing here defines. */
  isUnknown(name: string): boolean {
    return this.#unknown.has(name)
  }

  /** Declares a class of Ruby or of a gem, which nothing here defines, so that it can be extended, and answers its name. */
  unknownClass(path: string): string {
    const name = path.replaceAll('::', '')
    this.#unknownClasses.set(name, path)
    return name
  }

  /** The files of the application that are imported: as Ruby calls them, and as the import does. */
  files(): { file: string; specifier: string }[] {
    return [...this.#classes.values()].filter(({ file }) => file !== this.#own).map(({ file }) => ({ file, specifier: this.#path(file) }))
  }

  /** Imports a class of the application where it lies in another file, and answers its name. */
  classOf(name: string, application: Application): string {
    const info = application.classes.get(name)!
    const local = typeScriptName(name)
    if (info.file !== this.#own || info.isNamespace) this.#classes.set(local, { file: info.file, name: local, isModule: info.isNamespace })
    return local
  }

  /** The import statements, the framework's first.
   *
   * @param body the text below them
   */
  lines(body: string): string[] {
    const packages = [...this.#packages].sort().map(([name, from]) => `import ${name} from '${from}'`)
    const code = body.replace(/^\s*\/\/.*$/gm, '')
    const isUsed = (name: string): boolean => new RegExp(`\\b${name.replace(/^type /, '')}\\b`).test(code)
    const names = [...this.#framework].filter(isUsed).sort((left, right) => (left.toLowerCase() < right.toLowerCase() ? -1 : 1))
    const framework = names.length === 0 ? [] : [`import { ${names.join(', ')} } from 'regauge'`]
    const asked = [...this.#classes.values()].filter(({ file, name }) => file !== this.#own || isUsed(name))
    const byFile = asked.sort((left, right) => (left.file + left.name < right.file + right.name ? -1 : 1))
    const classes = byFile.map(
      ({ file, name, isModule }) => `import ${isModule ? `* as ${name}` : `{ ${name} }`} from '${this.#path(file)}'`,
    )
    const unknown = [...this.#unknown]
      .filter((name) => isUsed(name) && !this.#unknownClasses.has(name))
      .sort()
      .flatMap((name) => [`// PORT: nothing here defines ${name}`, `declare const ${name}: Untyped`])
    for (const [name, path] of this.#unknownClasses)
      unknown.push(
        `// PORT: nothing here defines ${path}`,
        `const ${name}: Untyped = class {`,
        'constructor() {',
        `throw new Error('nothing here defines ${path}')`,
        '}',
        '}',
      )
    const types = ['Mixable', 'Untyped'].filter((name) => new RegExp(`\\b${name}\\b`).test([body, ...unknown].join('\n')))
    const untyped = types.length === 0 ? [] : [`import type { ${types.join(', ')} } from '${this.#path(untypedFile)}'`]
    return [...packages, ...framework, ...classes, ...untyped, ...(unknown.length > 0 ? ['', ...unknown] : [])]
  }

  #path(file: string): string {
    const path = relative(dirname(this.#own), file.replace(/\.rb$/, '.ts'))
    return path.startsWith('.') ? path : `./${path}`
  }
}
