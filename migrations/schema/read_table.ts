import {
  blockOf,
  type CallNode,
  is,
  RubyHash,
  type RubyNode,
  type RubySource,
  RubySymbol,
  type RubyValue,
  statementsOf,
  textOf,
  textsOf,
} from '../ruby/index.ts'
import { isExpression, type SchemaArguments, schemaArguments } from './read_structure.ts'
import type { Column, Table } from './structure.ts'

type TableReader = (table: Table, args: SchemaArguments) => void

const readers: Record<string, TableReader> = {
  index: (table, { values, options, line }) => {
    const columns = textsOf(values[0])
    table.indexes.push(isExpression(values[0]) ? { columns: [], expression: columns[0]!, options, line } : { columns, options, line })
  },
  check_constraint: constraint('check'),
  exclusion_constraint: constraint('exclude'),
  unique_constraint: constraint('unique'),
  timestamps: (table, { options, line }) => {
    const required = options.has('null') ? options : withOption(options, 'null', false)
    for (const name of ['created_at', 'updated_at']) table.columns.push({ name, type: 'datetime', options: required, line })
  },
  references: reference,
  belongs_to: reference,
  column: (table, { values, options, line }) => {
    table.columns.push({ name: textOf(values[0]) ?? '', type: textOf(values[1]) ?? 'string', options, line })
  },
}

/** Reads a `create_table` with its block. Every method of the block's table that isn't known here is a column type. */
export function readTable(call: CallNode, { values, options, line }: SchemaArguments, source: RubySource): Table {
  const table: Table = { name: textOf(values[0]) ?? '', options, columns: [], indexes: [], constraints: [], comments: [], line }
  const block = blockOf(call)
  for (const node of statementsOf(block?.body as RubyNode | null)) {
    if (!is(node, 'CallNode')) continue
    const args = schemaArguments(node, source)
    if (Object.hasOwn(readers, node.name)) readers[node.name]!(table, args)
    else
      table.columns.push(
        ...args.values.map((name): Column => ({ name: textOf(name) ?? '', type: node.name, options: args.options, line: args.line })),
      )
  }
  return table
}

function constraint(kind: 'check' | 'exclude' | 'unique'): TableReader {
  return (table, { values, options, line }) => {
    // In a new table every row is valid, whatever `validate` says.
    const kept = new RubyHash(options.pairs.filter(([name]) => textOf(name) !== 'validate'))
    table.constraints.push({ kind, sql: textsOf(values[0]).join(', '), options: kept, line })
  }
}

/** `t.references`: hand-written schemas have it; it stands for a column, an index and perhaps a foreign key. */
function reference(table: Table, { values, options, line }: SchemaArguments): void {
  for (const value of values) {
    const name = textOf(value) ?? ''
    const polymorphic = options.get('polymorphic')
    table.columns.push({ name: `${name}_id`, type: textOf(options.get('type')) ?? 'bigint', options, line })
    if (polymorphic) table.columns.push({ name: `${name}_type`, type: 'string', options, line })
    if (options.get('index') === false) continue
    const columns = polymorphic ? [`${name}_type`, `${name}_id`] : [`${name}_id`]
    table.indexes.push({
      columns,
      options: new RubyHash([[new RubySymbol('name'), `index_${table.name}_on_${columns.join('_and_')}`]]),
      line,
    })
  }
}

function withOption(options: RubyHash, name: string, value: RubyValue): RubyHash {
  return new RubyHash([...options.pairs, [new RubySymbol(name), value]])
}
