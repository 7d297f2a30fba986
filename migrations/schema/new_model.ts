import { camelize, pluralize, tableize, underscore } from '../../src/naming/index.ts'
import { RubySource } from '../ruby/index.ts'
import { portStructure } from './port_schema.ts'
import type { Provider } from './prisma.ts'
import { readStructure } from './read_structure.ts'

/** A column of a new model, as `rails generate` writes it: `title:string{40}:uniq`, `author:references`. */
export interface NewColumn {
  readonly name: string
  readonly type: string
  /** What stands in braces: a limit, or precision and scale. */
  readonly sizes: readonly number[]
  readonly index: 'index' | 'uniq' | undefined
}

/** Reads a column of the command line; undefined when it isn't one. */
export function newColumn(text: string): NewColumn | undefined {
  const [, name, type = 'string', sizes = '', index] =
    /^([a-z]\w*)(?::([a-z]\w*)(?:\{(\d+(?:[,.-]\d+)?)\})?)?(?::(index|uniq))?$/.exec(text) ?? []
  if (name === undefined) return undefined
  return { name, type, sizes: sizes.split(/[,.-]/).filter(Boolean).map(Number), index: index as NewColumn['index'] }
}

/** Adds a model to a schema, by the rules by which Rails' tables are ported: its columns, times of creation and change, indexes, relations with
 * both ends.
 *
 * @param schema the text of `db/schema.prisma`
 * @param name the class: `Article`
 * @returns the new text; undefined with the name of a model that a reference misses
 */
export function addModel(schema: string, name: string, columns: readonly NewColumn[]): { text: string } | { missing: string } {
  const parents = columns.filter(isReference).map((column) => ({ column, model: camelize(column.name) }))
  const missing = parents.find(({ model }) => blockOf(schema, model) === undefined)
  if (missing) return { missing: missing.model }
  const ruby = tableInRuby(name, columns, (model) => keyOf(blockOf(schema, model)!))
  const provider = (/^\s*provider\s*=\s*"(sqlite|postgresql|mysql)"/m.exec(schema)?.[1] ?? 'sqlite') as Provider
  const made = portStructure(readStructure(new RubySource('the command', ruby)), provider, []).files[0]!.text
  let text = `${schema.trimEnd()}\n\n${blockOf(made, name)}\n`
  for (const { model } of parents) {
    const back = new RegExp(`^  \\w+ +${name}(?:\\[\\]|\\?).*$`, 'm').exec(blockOf(made, model) ?? '')?.[0]
    if (back !== undefined) text = withField(text, model, back.replace(/ +/g, ' ').trim())
  }
  return { text }
}

export function isReference({ type }: NewColumn): boolean {
  return type === 'references' || type === 'belongs_to'
}

function blockOf(schema: string, model: string): string | undefined {
  return new RegExp(`^model ${model} \\{\\n[\\s\\S]*?\\n\\}`, 'm').exec(schema)?.[0]
}

/** How Rails would declare the key of a model. */
function keyOf(block: string): string {
  const type = /^\s+\w+\s+(\w+)\s+.*@id\b(.*)$/m.exec(block)
  if (type?.[1] === 'Int') return 'integer'
  return type?.[1] === 'String' ? (type[2]!.includes('Uuid') ? 'uuid' : 'string') : 'bigint'
}

function tableInRuby(name: string, columns: readonly NewColumn[], keyTypeOf: (model: string) => string): string {
  const table = tableize(name)
  const parents = [...new Set(columns.filter(isReference).map((column) => column.name))]
  const others = parents
    .filter((parent) => pluralize(parent) !== table)
    .map((parent) => `create_table "${pluralize(parent)}", id: :${keyTypeOf(camelize(parent))} do |t|\nend`)
  const lines = columns.map((column) =>
    isReference(column)
      ? `t.references "${column.name}", type: :${keyTypeOf(camelize(column.name))}, null: false, foreign_key: true`
      : `t.${column.type} "${column.name}"${sizesOf(column)}`,
  )
  const indexes = columns
    .filter(({ index }) => index !== undefined)
    .map(
      ({ name: column, index }) => `t.index ["${column}"], name: "index_${table}_on_${column}"${index === 'uniq' ? ', unique: true' : ''}`,
    )
  const body = [...lines, 't.timestamps', ...indexes].map((line) => `  ${line}`).join('\n')
  return `ActiveRecord::Schema.define(version: 1) do\n${[...others, `create_table "${table}" do |t|\n${body}\nend`].join('\n')}\nend\n`
}

function sizesOf({ type, sizes: [first, second] }: NewColumn): string {
  if (first === undefined) return ''
  return type === 'decimal' ? `, precision: ${first}${second === undefined ? '' : `, scale: ${second}`}` : `, limit: ${first}`
}

/** Adds a field behind the last one of a model. */
function withField(schema: string, model: string, field: string): string {
  const block = blockOf(schema, model)!
  const lines = block.split('\n')
  const end = lines.findIndex((line, index) => index > 0 && (/^\s*@@/.test(line) || line === '}'))
  const at = lines[end - 1]!.trim() === '' ? end - 1 : end
  return schema.replace(block, () => [...lines.slice(0, at), `  ${field}`, ...lines.slice(at)].join('\n'))
}

/** The class of a model, as a file of `app/models`. */
export function modelFile(name: string, columns: readonly NewColumn[]): { path: string; text: string } {
  const associations = columns.filter(isReference).map(({ name: association }) => `    this.belongsTo('${association}')\n`)
  const body = associations.length > 0 ? ` {\n  static {\n${associations.join('')}  }\n}` : ' {}'
  return {
    path: `app/models/${underscore(name)}.ts`,
    text: `import { Model } from 'regauge'\n\nexport class ${name} extends Model('${name}')${body}\n`,
  }
}
