import { quote } from '../../../typescript/index.ts'
import { argumentsOf, type CallNode, constantPath, is, literalText, type NodeOf, type RubyNode } from '../../nodes.ts'
import { arelExpression, methodOfExpression } from './arel_expressions.ts'
import { expression } from '../expressions/expressions.ts'
import type { Frame } from '../frame.ts'
import { Untranslated } from '../untranslated.ts'
import { type Expression, isLazy, unknown } from '../value_types.ts'

/** SQL with `?` for values, and the TypeScript of the values. */
interface Sql {
  readonly text: string
  readonly values: readonly string[]
}

/** What Arel puts together: expressions of the table's columns where the table is known, else SQL by hand with its values apart; undefined for any
 * other call.
 */
export function arelCall(call: CallNode, frame: Frame): Expression | undefined {
  const known = arelExpression(call, frame)
  if (known) return known
  if (!isArel(call)) return undefined
  const sql = sqlOf(call, frame)
  if (!sql) throw new Untranslated(call, 'Arel')
  return { code: `${frame.imports.framework('sql')}(${[quote(sql.text), ...sql.values].join(', ')})`, type: { ...unknown, isSql: true } }
}

/** What is made of a piece of SQL that a variable holds or a method answers; undefined for what isn't one. */
export function fragmentCall(call: CallNode, { code, type }: Expression, frame: Frame): Expression | undefined {
  return type.isSql ? { code: methodOfExpression(call, code, frame), type } : undefined
}

/** Whether a chain of calls begins with Arel and is an expression of SQL, not a table or a query. */
function isArel(node: RubyNode | null): boolean {
  if (!is(node, 'CallNode')) return false
  const receiver = node.receiver as RubyNode | null
  if (is(receiver, 'CallNode') && receiver.name === 'arel') return node.name === 'exists'
  if (node.name === '[]' && isTable(receiver)) return true
  const path = constantPath(receiver)
  if (path === 'Arel') return node.name === 'star'
  if (path === 'Arel::Nodes::NamedFunction') return node.name === 'new'
  if (path === 'Arel::Nodes') return node.name === 'build_quoted'
  if (is(receiver, 'ParenthesesNode')) return Object.hasOwn(operations, node.name) && isArel(onlyStatement(receiver))
  return Object.hasOwn(operations, node.name) && isArel(receiver)
}

function isTable(node: RubyNode | null): boolean {
  return is(node, 'CallNode') && node.name === 'arel_table' && (!node.receiver || constantPath(node.receiver as RubyNode) !== undefined)
}

function onlyStatement(node: NodeOf<'ParenthesesNode'>): RubyNode | null {
  const body = node.body as RubyNode | null
  return is(body, 'StatementsNode') && body.body.length === 1 ? (body.body[0] as RubyNode) : null
}

function sqlOf(node: RubyNode, frame: Frame): Sql | undefined {
  if (is(node, 'ParenthesesNode')) {
    const inner = onlyStatement(node)
    const sql = inner ? sqlOf(inner, frame) : undefined
    return sql && { ...sql, text: `(${sql.text})` }
  }
  if (!is(node, 'CallNode') || !isArel(node)) return undefined
  const receiver = node.receiver as RubyNode
  const { positional } = argumentsOf(node)
  if (is(receiver, 'CallNode') && receiver.name === 'arel') return exists(receiver, frame)
  if (node.name === '[]') return column(node, frame)
  const path = constantPath(receiver)
  if (path === 'Arel') return { text: '*', values: [] }
  if (path === 'Arel::Nodes') return operand(positional[0]!, frame)
  if (path === 'Arel::Nodes::NamedFunction') return namedFunction(node, frame)
  const left = sqlOf(receiver, frame)
  return left && operations[node.name]!(left, positional, frame)
}

function column(call: CallNode, frame: Frame): Sql | undefined {
  const name = literalText(argumentsOf(call).positional[0])
  const given = (call.receiver as CallNode).receiver as RubyNode | null
  const owner = given ? frame.application.resolve(constantPath(given), frame.owner) : (frame.self.type.model ?? frame.owner)
  const table = owner === undefined ? undefined : frame.application.tableOf(owner)
  if (name === undefined || !/^\w+$/.test(name) || owner === undefined) return undefined
  if (table === undefined) return given ? undefined : { text: name, values: [] }
  return { text: `${table}.${name}`, values: [] }
}

function exists(call: CallNode, frame: Frame): Sql | undefined {
  const query = call.receiver ? expression(call.receiver as RubyNode, frame) : frame.self
  return isLazy(query.type) || query.type.kind === 'class' ? { text: 'EXISTS ?', values: [query.code] } : undefined
}

function namedFunction(call: CallNode, frame: Frame): Sql | undefined {
  const [name, list] = argumentsOf(call).positional
  const known = literalText(name)
  if (known === undefined || !/^\w+$/.test(known) || !is(list, 'ArrayNode')) return undefined
  const args = (list.elements as RubyNode[]).map((each) => operand(each, frame))
  return { text: `${known}(${args.map(({ text }) => text).join(', ')})`, values: args.flatMap(({ values }) => values) }
}

/** Another expression of SQL, or a value that is bound. */
function operand(node: RubyNode, frame: Frame): Sql {
  const sql = sqlOf(node, frame)
  if (sql) return sql
  if (is(node, 'CallNode') && constantPath(node.receiver as RubyNode | null) === 'Arel' && node.name === 'sql') {
    const text = literalText(argumentsOf(node).positional[0])
    if (text !== undefined && !text.includes('?')) return { text, values: [] }
  }
  const isQuery = is(node, 'CallNode') && node.name === 'arel' && node.receiver
  const given = expression(isQuery ? ((node as CallNode).receiver as RubyNode) : node, frame)
  return { text: '?', values: [isLazy(given.type) ? given.code : frame.value(given).code] }
}

type Operation = (left: Sql, args: readonly RubyNode[], frame: Frame) => Sql

const compared =
  (operator: string, whenNull?: string): Operation =>
  (left, [right], frame) => {
    if (is(right, 'NilNode') && whenNull !== undefined) return { text: `${left.text} ${whenNull}`, values: left.values }
    const other = operand(right!, frame)
    return { text: `${left.text} ${operator} ${other.text}`, values: [...left.values, ...other.values] }
  }

const listed =
  (operator: string): Operation =>
  (left, [right], frame) => {
    const other = operand(right!, frame)
    const isQuery = other.text === '?' && is(right, 'CallNode') && (right.name === 'arel' || isLazy(expression(right, frame).type))
    return { text: `${left.text} ${operator} ${isQuery ? other.text : `(${other.text})`}`, values: [...left.values, ...other.values] }
  }

/** Arel compares without regard to case, unless its third argument says otherwise. */
const alike =
  (operator: string): Operation =>
  (left, [right, , isSensitive], frame) => {
    const other = operand(right!, frame)
    const values = [...left.values, ...other.values]
    if (is(isSensitive, 'TrueNode')) return { text: `${left.text} ${operator} ${other.text}`, values }
    return { text: `LOWER(${left.text}) ${operator} LOWER(${other.text})`, values }
  }

const wrapped =
  (before: string, after: string): Operation =>
  ({ text, values }) => ({ text: `${before}${text}${after}`, values })

const joined =
  (word: string): Operation =>
  (left, [right], frame) => {
    const other = operand(right!, frame)
    return { text: `(${left.text} ${word} ${other.text})`, values: [...left.values, ...other.values] }
  }

const operations: Readonly<Record<string, Operation>> = {
  eq: compared('=', 'IS NULL'),
  not_eq: compared('<>', 'IS NOT NULL'),
  gt: compared('>'),
  gteq: compared('>='),
  lt: compared('<'),
  lteq: compared('<='),
  '+': joined('+'),
  '-': joined('-'),
  '*': joined('*'),
  '/': joined('/'),
  in: listed('IN'),
  not_in: listed('NOT IN'),
  matches: alike('LIKE'),
  does_not_match: alike('NOT LIKE'),
  and: joined('AND'),
  or: joined('OR'),
  not: wrapped('NOT (', ')'),
  lower: wrapped('LOWER(', ')'),
  upper: wrapped('UPPER(', ')'),
  count: wrapped('COUNT(', ')'),
  sum: wrapped('SUM(', ')'),
  average: wrapped('AVG(', ')'),
  minimum: wrapped('MIN(', ')'),
  maximum: wrapped('MAX(', ')'),
  asc: wrapped('', ' ASC'),
  desc: wrapped('', ' DESC'),
  nulls_first: wrapped('', ' NULLS FIRST'),
  nulls_last: wrapped('', ' NULLS LAST'),
  as: (left, [name]) => {
    const text = literalText(name)
    if (text === undefined || !/^\w+$/.test(text)) throw new Untranslated(name!, 'Arel')
    return { text: `${left.text} AS ${text}`, values: left.values }
  },
}
