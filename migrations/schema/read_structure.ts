import { pluralize, singularize } from '../../src/naming/index.ts'
import { UnexpectedRuby } from '../errors.ts'
import { shorten } from '../report/rows.ts'
import {
  argumentsOf,
  blockOf,
  type CallNode,
  constantPath,
  emptyScope,
  evaluate,
  evaluateHash,
  is,
  NotConstant,
  RubyHash,
  type RubyNode,
  type RubySource,
  type RubyValue,
  statementsOf,
  textOf,
  textsOf,
} from '../ruby/index.ts'
import { type DatabaseStructure, emptyStructure, type ForeignKey, type Table } from './structure.ts'
import { readTable } from './read_table.ts'

type StatementReader = (call: CallNode, args: SchemaArguments, structure: DatabaseStructure, source: RubySource) => void

/** The evaluated arguments of a statement of the schema. */
export interface SchemaArguments {
  readonly values: readonly RubyValue[]
  readonly options: RubyHash
  readonly line: number
}

/** One reader for each statement of a schema file. */
const readers: Record<string, StatementReader> = {
  create_table: (call, args, structure, source) => {
    const table = readTable(call, args, source)
    structure.tables.push(table)
    structure.foreignKeys.push(...referenceKeys(table))
  },
  add_index: (_call, { values, options, line }, structure) => {
    const table = tableNamed(values[0], structure)
    const columns = textsOf(values[1])
    const index = isExpression(values[1]) ? { columns: [], expression: columns[0]!, options, line } : { columns, options, line }
    if (table) table.indexes.push(index)
    else structure.viewIndexes.push({ view: textOf(values[0]) ?? '', index })
  },
  add_foreign_key: (_call, args, structure) => {
    structure.foreignKeys.push(readForeignKey(args))
  },
  add_check_constraint: (_call, { values, options, line }, structure) => {
    tableNamed(values[0], structure)?.constraints.push({ kind: 'check', sql: textOf(values[1]) ?? '', options, line })
  },
  add_exclusion_constraint: (_call, { values, options, line }, structure) => {
    tableNamed(values[0], structure)?.constraints.push({ kind: 'exclude', sql: textOf(values[1]) ?? '', options, line })
  },
  add_unique_constraint: (_call, { values, options, line }, structure) => {
    tableNamed(values[0], structure)?.constraints.push({ kind: 'unique', sql: textsOf(values[1]).join(', '), options, line })
  },
  create_enum: (_call, { values, line }, structure) => {
    structure.enums.push({ name: textOf(values[0]) ?? '', values: textsOf(values[1]), line })
  },
  enable_extension: (call, { values, line }, structure, source) => {
    const name = (textOf(values[0]) ?? '').replace(/^pg_catalog\./, '')
    const sql = name === 'plpgsql' ? '' : `CREATE EXTENSION IF NOT EXISTS "${name}";`
    structure.extras.push({ construct: `enable_extension ${name}`, sql, before: true, ruby: source.slice(call), line })
  },
  create_schema: (call, { values, line }, structure, source) => {
    const sql = `CREATE SCHEMA IF NOT EXISTS "${textOf(values[0])}";`
    structure.extras.push({ construct: `create_schema ${textOf(values[0])}`, sql, before: true, ruby: source.slice(call), line })
  },
  create_view: (call, { values, options, line }, structure, source) => {
    const name = textOf(values[0]) ?? ''
    const definition = textOf(options.get('sql_definition'))
    const kind = options.get('materialized') ? 'MATERIALIZED VIEW' : 'VIEW'
    const sql = definition === undefined ? undefined : `CREATE ${kind} "${name}" AS\n${definition.trim().replace(/;$/, '')};`
    structure.extras.push({ construct: `create_view ${name}`, sql, before: false, ruby: source.slice(call), line })
  },
  create_virtual_table: (call, { values, line }, structure, source) => {
    const [name, module] = [textOf(values[0]) ?? '', textOf(values[1]) ?? '']
    const sql = `CREATE VIRTUAL TABLE IF NOT EXISTS "${name}" USING ${module} (${textsOf(values[2]).join(', ')});`
    structure.extras.push({ construct: `create_virtual_table ${name}`, sql, before: false, ruby: source.slice(call), line })
  },
  create_function: sqlDefinition,
  create_trigger: sqlDefinition,
}

/** Reads `db/schema.rb`.
 *
 * @throws UnexpectedRuby (REGAUGE_UNEXPECTED_RUBY) when the file holds no `ActiveRecord::Schema.define`
 */
export function readStructure(source: RubySource): DatabaseStructure {
  const define = source.statements.find(isDefine)
  if (!define) throw noDefinition(source)
  const { pairs } = argumentsOf(define)
  const options = evaluateHash(pairs, emptyScope())
  const version = options.get('version')
  const structure: DatabaseStructure = {
    ...emptyStructure(source.file),
    version: version === undefined || version === null ? undefined : String(textOf(version) ?? version),
  }
  for (const statement of statementsOf(blockOf(define)!.body as RubyNode | null)) readStatement(statement, structure, source)
  readFailedDumps(source, structure)
  return structure
}

function readStatement(node: RubyNode, structure: DatabaseStructure, source: RubySource): void {
  const line = source.lineOf(node)
  const leave = (reason: string) => structure.unknown.push({ ruby: source.slice(node), line, reason })
  if (!is(node, 'CallNode') || node.receiver) return void leave('not a statement of a schema')
  if (!Object.hasOwn(readers, node.name)) return void leave(`${node.name} is not known to the porter`)
  try {
    readers[node.name]!(node, schemaArguments(node, source), structure, source)
  } catch (error) {
    if (!(error instanceof NotConstant)) throw error
    const reason = `${error.message}; a schema file holds literals only`
    throw new UnexpectedRuby({
      file: source.file,
      line: source.lineOf(error.node),
      expected: `literals in ${node.name}`,
      found: `\`${shorten(source.slice(error.node), 40)}\` (${reason})`,
    })
  }
}

/** Evaluates the arguments of a call. */
export function schemaArguments(call: CallNode, source: RubySource): SchemaArguments {
  const { positional, pairs } = argumentsOf(call)
  const values = positional.map((argument) => evaluate(argument, emptyScope()))
  const last = values.at(-1)
  const options = pairs.length > 0 ? evaluateHash(pairs, emptyScope()) : last instanceof RubyHash ? last : new RubyHash([])
  return { values: last instanceof RubyHash && pairs.length === 0 ? values.slice(0, -1) : values, options, line: source.lineOf(call) }
}

/** Whether an index is over an SQL expression, which Rails writes as one string with brackets or spaces in it. */
export function isExpression(columns: RubyValue | undefined): boolean {
  return typeof columns === 'string' && /\W/.test(columns)
}

function readForeignKey({ values, options, line }: SchemaArguments): ForeignKey {
  const [from, to] = [textOf(values[0]) ?? '', textOf(values[1]) ?? '']
  const columns = textsOf(options.get('column'))
  const primaryKey = textsOf(options.get('primary_key'))
  const standard = `${singularize(to.split('.').at(-1)!)}_id`
  return { from, to, columns: columns.length > 0 ? columns : [standard], primaryKey, options, line }
}

/** The foreign keys that `t.references …, foreign_key: true` stands for. */
function referenceKeys(table: Table): ForeignKey[] {
  return table.columns.flatMap(({ name, options, line }) => {
    const key = options.get('foreign_key')
    if (!key || !name.endsWith('_id')) return []
    const details = key instanceof RubyHash ? key : new RubyHash([])
    const to = textOf(details.get('to_table')) ?? pluralize(name.replace(/_id$/, ''))
    return [{ from: table.name, to, columns: [name], primaryKey: textsOf(details.get('primary_key')), options: details, line }]
  })
}

function tableNamed(value: RubyValue | undefined, structure: DatabaseStructure) {
  return structure.tables.find(({ name }) => name === textOf(value))
}

function sqlDefinition(call: CallNode, { values, options, line }: SchemaArguments, structure: DatabaseStructure, source: RubySource): void {
  const definition = textOf(options.get('sql_definition'))?.trim()
  structure.extras.push({
    construct: `${call.name} ${textOf(values[0])}`,
    sql: definition && `${definition.replace(/;$/, '')};`,
    before: false,
    ruby: source.slice(call),
    line,
  })
}

/** Rails writes a comment where it couldn't dump a table. */
function readFailedDumps(source: RubySource, structure: DatabaseStructure): void {
  for (const comment of source.comments) {
    const table = /Could not dump table "([^"]+)"/.exec(comment.text)
    if (table)
      structure.unknown.push({ ruby: `#${comment.text}`, line: source.lineAt(comment.start), reason: 'Rails could not dump this table' })
  }
}

function isDefine(node: RubyNode): node is CallNode {
  if (!is(node, 'CallNode') || node.name !== 'define' || !blockOf(node)) return false
  const receiver = node.receiver as RubyNode | null
  const schema = is(receiver, 'CallNode') ? (receiver.receiver as RubyNode | null) : receiver
  return constantPath(schema)?.replace(/^::/, '') === 'ActiveRecord::Schema'
}

function noDefinition(source: RubySource): UnexpectedRuby {
  const first = source.statements[0]
  return new UnexpectedRuby({
    file: source.file,
    line: first ? source.lineOf(first) : 1,
    expected: '`ActiveRecord::Schema[…].define(version: …) do … end`',
    found: first ? `\`${shorten(source.slice(first), 40)}\`` : 'an empty file',
  })
}
