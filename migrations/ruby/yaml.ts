import { isAlias, isMap, isScalar, isSeq, parseDocument, type Document, type Node } from 'yaml'
import { RubyHash, RubySymbol, type RubyValue } from './values.ts'

/** Aliases that one file may follow: more is an attack, or no configuration. */
const mostAliases = 5_000

/** Reads YAML as Ruby's Psych does: `:name` is a symbol, `yes` and `off` are booleans, `<<` merges.
 *
 * @throws Error with the reason for what is no plain data: tags of Ruby objects, broken text
 * @example readYaml('- :get\n- post') // [RubySymbol get, 'post']
 */
export function readYaml(text: string): RubyValue {
  const document = parseDocument(text, { version: '1.1', schema: 'yaml-1.1', merge: true, customTags: [], logLevel: 'silent' })
  const [problem] = [...document.errors, ...document.warnings]
  if (problem) throw new Error(`it is no plain YAML: ${problem.message.split('\n', 1)[0]}`)
  return new Reader(document).value(document.contents)
}

class Reader {
  readonly #document: Document
  #aliases = 0

  constructor(document: Document) {
    this.#document = document
  }

  value(node: unknown): RubyValue {
    if (node === null || node === undefined) return null
    if (isAlias(node)) {
      if (++this.#aliases > mostAliases) throw new Error('it has too many aliases')
      return this.value(node.resolve(this.#document as Document<Node>))
    }
    if (isSeq(node)) return node.items.map((item) => this.value(item))
    if (isMap(node)) return new RubyHash(this.#pairs(node.items))
    if (!isScalar(node)) throw new Error('it holds more than plain data')
    return scalar(node.value, node.type === 'PLAIN')
  }

  /** What `<<` merges comes first, so that the keys of the map itself win. */
  #pairs(items: readonly { key: unknown; value: unknown }[]): [RubyValue, RubyValue][] {
    const isMerge = ({ key }: { key: unknown }) => isScalar(key) && (key.value === '<<' || typeof key.value === 'symbol')
    const own = items.filter((item) => !isMerge(item)).map(({ key, value }): [RubyValue, RubyValue] => [this.value(key), this.value(value)])
    const names = new Set(own.map(([key]) => String(key)))
    const merged = items.filter(isMerge).flatMap(({ value }) => [this.value(value)].flat())
    return [
      ...merged.flatMap((hash) => (hash instanceof RubyHash ? hash.pairs.filter(([key]) => !names.has(String(key))) : [])),
      ...own,
    ].map(([key, value]) => [key, value])
  }
}

function scalar(value: unknown, isPlain: boolean): RubyValue {
  if (typeof value === 'string') {
    const symbol = isPlain ? /^:("?)([^\s"]+)\1$/.exec(value)?.[2] : undefined
    return symbol === undefined ? value : new RubySymbol(symbol)
  }
  if (value === null || typeof value === 'boolean' || typeof value === 'number' || typeof value === 'bigint') return value
  throw new Error('it holds more than plain data')
}
