import { existsSync, readFileSync, realpathSync, statSync } from 'node:fs'
import { join, relative, sep } from 'node:path'
import { RubyHash, RubySymbol, type RubyValue } from './values.ts'
import { readYaml } from './yaml.ts'

/** Bytes of a file of data that is read. */
const longestFile = 2 * 1024 * 1024

/** The files of data of one application: YAML and JSON that its Ruby reads when it starts. Nothing outside of the application is read. */
export class DataFiles {
  readonly root: string
  /** The files that were read: each by its path from the root, with what a reader should know of it. */
  readonly read = new Map<string, string>()

  constructor(root: string) {
    this.root = root
  }

  /** The text of a file below the root; undefined when there is none, or it is too long or no YAML, JSON or text. */
  text(path: string): string | undefined {
    const full = join(this.root, join('/', path))
    if (!/\.(ya?ml|json|txt)$/.test(full) || !existsSync(full)) return undefined
    const [root, real] = [realpathSync(this.root), realpathSync(full)]
    if (!real.startsWith(root + sep)) return undefined
    const { size } = statSync(real)
    if (size > longestFile || !statSync(real).isFile()) return undefined
    const name = relative(root, real)
    if (!this.read.has(name)) this.read.set(name, 'its values of today stand in the output')
    return readFileSync(real, 'utf8')
  }

  /** The data of a YAML file; undefined when there is none, or it is more than plain data. */
  yaml(path: string, render: (erb: string) => string | undefined = plainOnly): RubyValue | undefined {
    const text = this.text(path)
    const rendered = text === undefined ? undefined : render(text)
    return rendered === undefined ? undefined : orUndefined(() => readYaml(rendered))
  }

  /** Adds a remark to a file that was read. */
  remark(path: string, reason: string): void {
    const name = relative('/', join('/', path))
    if (this.read.has(name)) this.read.set(name, reason)
  }
}

/** JSON as Ruby reads it; undefined when it is none. */
export function readJson(text: string, symbols = false): RubyValue | undefined {
  return orUndefined(() => fromJson(JSON.parse(text), symbols))
}

function plainOnly(text: string): string | undefined {
  return text.includes('<%') ? undefined : text
}

function orUndefined<T>(read: () => T): T | undefined {
  try {
    return read()
  } catch {
    return undefined
  }
}

function fromJson(value: unknown, symbols: boolean): RubyValue {
  if (Array.isArray(value)) return value.map((item) => fromJson(item, symbols))
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' || value === null) return value
  return new RubyHash(
    Object.entries(value ?? {}).map(([key, item]) => [symbols ? new RubySymbol(key) : key, fromJson(item, symbols)] as const),
  )
}
