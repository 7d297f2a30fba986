import { didYouMean } from '../../src/naming/index.ts'
import { columnTypeNames } from './column_types.ts'
import type { Provider } from './prisma.ts'

/** A column of a new model, as `rails generate` writes it: `title:string!{40}:uniq`, `author:references`. */
export interface NewColumn {
  readonly name: string
  readonly type: string
  /** What stands in braces: a limit, or precision and scale. */
  readonly sizes: readonly number[]
  readonly index: 'index' | 'uniq' | undefined
  /** `!`: the column must have a value. */
  readonly required: boolean
  /** `references{polymorphic}`. */
  readonly polymorphic: boolean
}

/** What no column is, and why. */
export interface NoColumn {
  readonly word: string
  /** As a sentence ends: `'price:decimal8' has the unknown type decimal8`. */
  readonly reason: string
}

/** Reads the columns of the command line.
 *
 * @returns the columns, or the first word that is none
 */
export function newColumns(words: readonly string[], provider: Provider): NewColumn[] | NoColumn {
  const taken = new Set(['id', 'created_at', 'updated_at'])
  const columns: NewColumn[] = []
  for (const word of words) {
    const column = newColumn(word, provider)
    if (typeof column === 'string') return { word, reason: column }
    const twice = fieldsOf(column).find((field) => taken.has(field))
    if (twice !== undefined) return { word, reason: `makes ${twice} a second time; put words with braces in quotes` }
    for (const field of fieldsOf(column)) taken.add(field)
    columns.push(column)
  }
  return columns
}

export function isReference({ type }: Pick<NewColumn, 'type'>): boolean {
  return type === 'references' || type === 'belongs_to'
}

/** The name of a column as the table has it: passwords are kept as digests, references as keys. */
export function columnName(column: NewColumn): string {
  if (isReference(column)) return `${column.name}_id`
  return column.type === 'digest' ? `${column.name}_digest` : column.name
}

const grammar = /^([a-z]\w*)(?::([a-z]\w*)(!?)(?:\{([\w,.-]+)\})?(!?))?(?::([a-z]+))?$/

function newColumn(text: string, provider: Provider): NewColumn | string {
  const [, name, second, before, braces = '', after, third] = grammar.exec(text) ?? []
  if (name === undefined) return 'is no column'
  const isShort = third === undefined && (second === 'index' || second === 'uniq')
  const [type = 'string', index] = isShort ? [undefined, second] : [second, third]
  const known = [...columnTypeNames(provider), ...beyondColumns]
  if (!known.includes(type)) return unknown('type', type, known)
  if (index !== undefined && index !== 'index' && index !== 'uniq') return unknown('index', index, ['index', 'uniq'])
  const polymorphic = braces === 'polymorphic' && isReference({ type })
  if (braces !== '' && !polymorphic && !/^\d+(?:[,.-]\d+)?$/.test(braces)) return `has ${braces} in its braces, where a size is expected`
  const sizes = polymorphic ? [] : braces.split(/[,.-]/).filter(Boolean).map(Number)
  return { name, type, sizes, index, required: Boolean(before || after), polymorphic }
}

/** What Rails' generators take for a type beside those of columns. */
const beyondColumns = ['references', 'belongs_to', 'digest', 'token']

function unknown(what: string, given: string, known: readonly string[]): string {
  const suggestion = didYouMean(given, known)
  return `has the unknown ${what} ${given}${suggestion === undefined ? '' : ` where ${suggestion} may be meant`}`
}

/** The names that a column takes in its model: a reference has its relation's as well. */
function fieldsOf(column: NewColumn): string[] {
  const { name, type, polymorphic } = column
  if (type === 'digest') return [name, columnName(column)]
  return isReference(column) ? [name, columnName(column), ...(polymorphic ? [`${name}_type`] : [])] : [name]
}
