import { InvalidArgument } from '../errors.ts'
import type { ModelInfo } from '../model_info.ts'
import { shownValue } from '../sql/shown_value.ts'
import type { NameOf, ScalarsOf } from '../types/schema_types.ts'
import { Attribute } from './attribute.ts'

/** The columns of a table as expressions. */
export type ArelTable<S = Record<string, unknown>> = { readonly [K in keyof S]-?: Attribute<S[K]> }
export type ArelTableOf<G, N extends NameOf<G>> = ArelTable<ScalarsOf<G, N>>

interface Source {
  readonly info: ModelInfo
  readonly name: string
}

const sources = new WeakMap<object, Source>()
const tables = new WeakMap<ModelInfo, ArelTable>()

/** The table of a model: its columns by name, and no other.
 * @throws UnknownColumn for a name that is none, with a suggestion
 */
export function arelTable(info: ModelInfo): ArelTable {
  let table = tables.get(info)
  if (table === undefined) {
    table = tableNamed({ info, name: info.schema.table })
    tables.set(info, table)
  }
  return table
}

/** What a table is, and what it is called in the query.
 * @throws InvalidArgument for what is no table
 */
export function sourceOf(table: object): Source {
  const source = sources.get(table)
  if (source === undefined) throw new InvalidArgument({ reason: 'A table is `arelTable` of a model, or what Arel.alias() made of one.' })
  return source
}

/** A table under another name, so that a query can read it twice. */
export function aliased<T extends object>(table: T, name: string): T {
  if (typeof name !== 'string' || !/^[A-Za-z_]\w*$/.test(name))
    throw new InvalidArgument({ reason: `${shownValue(name)} is no name of a table.` })
  return tableNamed({ info: sourceOf(table).info, name }) as T
}

function tableNamed(source: Source): ArelTable {
  const attributes = new Map<string, Attribute>()
  const table = new Proxy(Object.create(null) as ArelTable, {
    get(_, name) {
      if (typeof name === 'symbol' || (isOfEveryObject.has(name) && !source.info.schema.byName.has(name))) return undefined
      let attribute = attributes.get(name)
      if (attribute === undefined) {
        attribute = new Attribute(source.info, source.name, name)
        attributes.set(name, attribute)
      }
      return attribute
    },
    has: (_, name) => typeof name === 'string' && source.info.schema.byName.has(name),
  })
  sources.set(table, source)
  return table
}

/** What JavaScript asks of objects by itself: of what is awaited, printed or written as JSON. */
const isOfEveryObject: ReadonlySet<string> = new Set(['then', 'toJSON', 'constructor', 'inspect'])
