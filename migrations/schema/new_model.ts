import { camelize, classify, pluralize, tableize, underscore } from '../../src/naming/index.ts'
import { RubySource } from '../ruby/index.ts'
import { columnName, isReference, type NewColumn } from './new_column.ts'
import { portStructure } from './port_schema.ts'
import type { Provider } from './prisma.ts'
import { readStructure } from './read_structure.ts'

/** Adds a model to a schema, by the rules by which Rails' tables are ported: its columns, times of creation and change, indexes, relations with
 * both ends.
 *
 * @param schema the text of `db/schema.prisma`
 * @param name the class: `Article`
 * @returns the new text; undefined with the name of a model that a reference misses
 */
export function addModel(schema: string, name: string, columns: readonly NewColumn[]): { text: string } | { missing: string } {
  const parents = parentsOf(columns).map((parent) => ({ model: camelize(parent) }))
  const missing = parents.find(({ model }) => blockOf(schema, model) === undefined)
  if (missing) return { missing: missing.model }
  const provider = providerOf(schema)
  const usual = provider === 'sqlite' ? 'integer' : 'bigint'
  const ruby = tableInRuby(name, columns, (model) => (model === undefined ? usual : keyOf(blockOf(schema, model)!)))
  const ported = portStructure(readStructure(new RubySource('the command', ruby)), provider, []).files[0]!.text
  // The port names a model after its table: APIKey would be ApiKey.
  const made = ported.replace(new RegExp(`\\b${classify(tableize(name))}\\b`, 'g'), name)
  let text = `${schema.trimEnd()}\n\n${blockOf(made, name)}\n`
  for (const { model } of parents) {
    const back = new RegExp(`^  \\w+ +${name}(?:\\[\\]|\\?).*$`, 'm').exec(blockOf(made, model) ?? '')?.[0]
    if (back !== undefined) text = withField(text, model, back.replace(/ +/g, ' ').trim())
  }
  return { text }
}

/** The database that a schema is written for. */
export function providerOf(schema: string): Provider {
  return (/^\s*provider\s*=\s*"(sqlite|postgresql|mysql)"/m.exec(schema)?.[1] ?? 'sqlite') as Provider
}

/** What the references of a model refer to; a polymorphic one refers to anything. */
function parentsOf(columns: readonly NewColumn[]): string[] {
  return columns.filter((column) => isReference(column) && !column.polymorphic).map(({ name }) => name)
}

function blockOf(schema: string, model: string): string | undefined {
  return new RegExp(`^model ${model} \\{\\n[\\s\\S]*?\\n\\}`, 'm').exec(schema)?.[0]
}

/** How Rails declares the key of a model, or of any, when none is named. */
type KeyTypeOf = (model: string | undefined) => string

/** How Rails would declare the key of a model. */
function keyOf(block: string): string {
  const type = /^\s+\w+\s+(\w+)\s+.*@id\b(.*)$/m.exec(block)
  if (type?.[1] === 'Int') return 'integer'
  return type?.[1] === 'String' ? (type[2]!.includes('Uuid') ? 'uuid' : 'string') : 'bigint'
}

function tableInRuby(name: string, columns: readonly NewColumn[], keyTypeOf: KeyTypeOf): string {
  const table = tableize(name)
  const others = parentsOf(columns)
    .filter((parent) => pluralize(parent) !== table)
    .map((parent) => `create_table "${pluralize(parent)}", id: :${keyTypeOf(camelize(parent))} do |t|\nend`)
  const lines = columns.map((column) => columnInRuby(column, keyTypeOf))
  const indexes = columns
    .filter((column) => !column.polymorphic && (isReference(column) ? isUnique(column) : column.index !== undefined || isUnique(column)))
    .map((column) => {
      const name = columnName(column)
      return `t.index ["${name}"], name: "index_${table}_on_${name}"${isUnique(column) ? ', unique: true' : ''}`
    })
  const body = [...lines, 't.timestamps', ...indexes].map((line) => `  ${line}`).join('\n')
  return `ActiveRecord::Schema.define(version: 1) do\n${[...others, `create_table "${table}" do |t|\n${body}\nend`].join('\n')}\nend\n`
}

/** The types that only Rails' generators know, as columns. */
const kept: Readonly<Record<string, string>> = { digest: 'string', token: 'string' }

function columnInRuby(column: NewColumn, keyTypeOf: KeyTypeOf): string {
  const { name, type, polymorphic, required } = column
  if (!isReference(column)) return `t.${kept[type] ?? type} "${columnName(column)}"${sizesOf(column)}${required ? ', null: false' : ''}`
  if (polymorphic) return `t.references "${name}", polymorphic: true, type: :${keyTypeOf(undefined)}, null: false`
  return `t.references "${name}", type: :${keyTypeOf(camelize(name))}, null: false, foreign_key: true${isUnique(column) ? ', index: false' : ''}`
}

function isUnique({ type, index }: NewColumn): boolean {
  return index === 'uniq' || type === 'token'
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
  const macros = columns.flatMap(macroOf).map((macro) => `    this.${macro}\n`)
  const body = macros.length > 0 ? ` {\n  static {\n${macros.join('')}  }\n}` : ' {}'
  return {
    path: `app/models/${underscore(name)}.ts`,
    text: `import { Model } from 'regauge'\n\nexport class ${name} extends Model('${name}')${body}\n`,
  }
}

function macroOf(column: NewColumn): string[] {
  const { name, type, polymorphic } = column
  if (isReference(column)) return [`belongsTo('${name}'${polymorphic ? ', { polymorphic: true }' : ''})`]
  if (type === 'digest') return [`hasSecurePassword(${name === 'password' ? '' : `'${name}'`})`]
  return type === 'token' ? [`hasSecureToken(${name === 'token' ? '' : `'${name}'`})`] : []
}
