import { ourWord } from '../../../../src/naming/words.ts'
import { quote } from '../../../typescript/index.ts'
import { argumentsOf, type CallNode, constantPath, is, literalText, type NodeOf, type RubyNode } from '../../nodes.ts'
import { expression, value } from '../expressions/expressions.ts'
import type { Frame } from '../frame.ts'
import { hinted } from './query_arguments.ts'
import { Untranslated } from '../untranslated.ts'
import { isLazy, type ValueType } from '../value_types.ts'

/** A piece of Arel: a table, a column of one, or what is made of them. */
interface Piece {
  readonly code: string
  readonly kind: 'table' | 'expression' | 'join'
  /** The class whose table or column it is. */
  readonly model?: string | undefined
  readonly column?: string | undefined
}

/** Arel as expressions of `arelTable`, which the compiler checks; undefined for what isn't Arel, or needs a table that nobody knows. */
export function arelExpression(node: RubyNode, frame: Frame): { code: string; type: ValueType } | undefined {
  const piece = isCall(node) && startsWithArel(node, frame) ? pieceOf(node, frame) : undefined
  if (piece === undefined) return undefined
  if (piece.kind === 'table') return { code: piece.code, type: { kind: 'unknown', arelTable: piece.model! } }
  return { code: piece.code, type: { kind: 'unknown', isSql: true } }
}

function isCall(node: RubyNode | null): node is CallNode {
  return is(node, 'CallNode')
}

/** Whether a chain of calls begins with a table or a word of Arel. */
function startsWithArel(node: CallNode, frame: Frame): boolean {
  if (node.name === 'arel_table') return true
  const receiver = node.receiver as RubyNode | null
  if (is(receiver, 'LocalVariableReadNode')) return tableInVariable(receiver, frame) !== undefined
  if (constantPath(receiver)?.startsWith('Arel') === true) return constantPath(receiver) !== 'Arel' || node.name !== 'sql'
  if (is(receiver, 'ParenthesesNode')) {
    const inner = onlyStatement(receiver)
    return isCall(inner) && startsWithArel(inner, frame)
  }
  if (isCall(receiver) && receiver.name === 'arel') return node.name === 'exists' || node.name === 'union'
  if (isCall(receiver) && receiver.name === 'sql' && constantPath(receiver.receiver as RubyNode | null) === 'Arel')
    return isKnown(node.name)
  return isCall(receiver) && startsWithArel(receiver, frame)
}

function tableInVariable(node: NodeOf<'LocalVariableReadNode'>, frame: Frame): Piece | undefined {
  const local = frame.local(node.name)
  const model = local?.type.arelTable
  return local === undefined || model === undefined ? undefined : { code: local.code, kind: 'table', model }
}

function onlyStatement(node: NodeOf<'ParenthesesNode'>): RubyNode | null {
  const body = node.body as RubyNode | null
  return is(body, 'StatementsNode') && body.body.length === 1 ? (body.body[0] as RubyNode) : null
}

function pieceOf(node: RubyNode | null, frame: Frame): Piece | undefined {
  if (is(node, 'LocalVariableReadNode')) return tableInVariable(node, frame)
  if (is(node, 'ParenthesesNode')) return pieceOf(onlyStatement(node), frame)
  if (!isCall(node)) return undefined
  const receiver = node.receiver as RubyNode | null
  const path = constantPath(receiver)
  if (node.name === 'arel_table') return table(node, frame)
  if (path?.startsWith('Arel') === true) return wordOfArel(node, path, frame)
  if (isCall(receiver) && receiver.name === 'arel' && node.name === 'exists') return exists(receiver, frame)
  const chained = caseOf(node, frame) ?? joinOf(node, frame)
  if (chained !== undefined) return chained
  const given = pieceOf(receiver, frame)
  if (given === undefined) return undefined
  return given.kind === 'table' ? ofTable(node, given, frame) : ofExpression(node, given, frame)
}

function table(node: CallNode, frame: Frame): Piece | undefined {
  const { application } = frame
  const given = node.receiver ? expression(node.receiver as RubyNode, frame) : frame.self
  const model = given.type.model ?? (node.receiver ? undefined : frame.owner)
  const isTable = given.type.kind === 'class' || isLazy(given.type)
  if (!isTable || model === undefined || application.columnsOf(model) === undefined) return undefined
  return { code: `${given.code}.arelTable`, kind: 'table', model }
}

/** `table[:name]`, `table.alias(:other)` and the functions that a table gives. */
function ofTable(node: CallNode, given: Piece, frame: Frame): Piece | undefined {
  const { positional } = argumentsOf(node)
  const name = literalText(positional[0])
  if (node.name === '[]') return column(positional[0], name, given, frame)
  if (node.name === 'alias' && name !== undefined && /^\w+$/.test(name))
    return { ...given, code: `${arel(frame)}.alias(${given.code}, ${quote(name)})` }
  if (node.name === 'coalesce') return expressionWith(`${arel(frame)}.coalesce`, positional, frame)
  if (node.name === 'lower' && positional.length === 1)
    return { code: `${arel(frame)}.namedFunction('lower', [${operand(positional[0]!, frame)}])`, kind: 'expression' }
  return undefined
}

function column(node: RubyNode | undefined, name: string | undefined, given: Piece, frame: Frame): Piece | undefined {
  if (isCall(node ?? null) && (node as CallNode).name === 'star' && constantPath((node as CallNode).receiver as RubyNode | null) === 'Arel')
    return { code: `${arel(frame)}.star(${given.code})`, kind: 'expression' }
  const columns = given.model === undefined ? undefined : frame.application.columnsOf(given.model)
  if (name === undefined || columns === undefined || !(columns.has(name) || name === 'id')) return undefined
  const code = /^[A-Za-z_]\w*$/.test(name) ? `${given.code}.${name}` : `${given.code}[${quote(name)}]`
  return { code, kind: 'expression', model: given.model, column: name }
}

const compared = new Set(['eq', 'not_eq', 'gt', 'gteq', 'lt', 'lteq'])
const listed = new Set(['in', 'not_in', 'between', 'not_between', 'matches_any', 'matches_all', 'does_not_match_any', 'does_not_match_all'])
const others = new Set(
  `matches does_not_match and or not lower upper count sum average minimum maximum asc desc nulls_first nulls_last as concat extract`.split(
    ' ',
  ),
)
const operators: Readonly<Record<string, string>> = { '+': 'add', '-': 'subtract', '*': 'multiply', '/': 'divide' }

function isKnown(name: string): boolean {
  return compared.has(name) || listed.has(name) || others.has(name) || Object.hasOwn(operators, name)
}

function ofExpression(node: CallNode, given: Piece, frame: Frame): Piece | undefined {
  if (!isKnown(node.name)) return undefined
  const { positional } = argumentsOf(node)
  const name = operators[node.name] ?? ourWord(node.name)
  const codes = positional.map((each) => (compared.has(node.name) ? comparedWith(each, given, frame) : operand(each, frame)))
  return { code: `${given.code}.${name}(${codes.join(', ')})`, kind: 'expression' }
}

/** A method of an expression that is translated already.
 * @throws Untranslated for one that expressions don't have
 */
export function methodOfExpression(node: CallNode, code: string, frame: Frame): string {
  const made = ofExpression(node, { code, kind: 'expression' }, frame)
  if (made === undefined) throw new Untranslated(node, `${node.name} of SQL`)
  return made.code
}

/** A value as the column beside it has it. */
function comparedWith(node: RubyNode, given: Piece, frame: Frame): string {
  if (is(node, 'NilNode')) return 'null'
  const inner = withoutArel(node)
  const piece = pieceIn(inner, frame)
  if (piece !== undefined) return piece
  if (given.column === undefined) return plain(inner, frame)
  return hinted(inner, given.column, given.model, frame, false)
}

function operand(node: RubyNode, frame: Frame): string {
  const inner = withoutArel(node)
  return unionOf(inner, frame) ?? pieceIn(inner, frame) ?? plain(inner, frame)
}

function pieceIn(node: RubyNode, frame: Frame): string | undefined {
  return (isCall(node) && startsWithArel(node, frame)) || is(node, 'LocalVariableReadNode', 'ParenthesesNode')
    ? pieceOf(node, frame)?.code
    : undefined
}

/** A query is given as it is: nothing has to wait for it. */
function plain(node: RubyNode, frame: Frame): string {
  const given = expression(node, frame)
  return isLazy(given.type) || given.type.isSql ? given.code : value(node, frame).code
}

/** `Post.where(…).arel` is the query itself here. */
function withoutArel(node: RubyNode): RubyNode {
  return isCall(node) && (node.name === 'arel' || node.name === 'ast') && node.receiver ? withoutArel(node.receiver as RubyNode) : node
}

function unionOf(node: RubyNode, frame: Frame): string | undefined {
  if (!isCall(node) || node.name !== 'union' || !isCall(node.receiver as RubyNode | null)) return undefined
  const { positional } = argumentsOf(node)
  const isAll = positional.length === 2 && literalText(positional[0]) === 'all'
  const [one, other] = [node.receiver as RubyNode, positional.at(-1)!].map((each) => expression(withoutArel(each), frame))
  if (one === undefined || other === undefined || !isLazy(one.type) || !isLazy(other.type)) return undefined
  return `${arel(frame)}.${isAll ? 'unionAll' : 'union'}(${one.code}, ${other.code})`
}

function exists(query: CallNode, frame: Frame): Piece | undefined {
  const given = query.receiver ? expression(query.receiver as RubyNode, frame) : frame.self
  if (!isLazy(given.type) && given.type.kind !== 'class') return undefined
  const code = given.type.kind === 'class' ? `${given.code}.all()` : given.code
  return { code: `${arel(frame)}.exists(${code})`, kind: 'expression' }
}

function wordOfArel(node: CallNode, path: string, frame: Frame): Piece | undefined {
  const { positional } = argumentsOf(node)
  if (path === 'Arel') return node.name === 'star' ? { code: `${arel(frame)}.star()`, kind: 'expression' } : sqlOf(node, frame)
  if (path === 'Arel::Nodes' && node.name === 'build_quoted') return expressionWith(`${arel(frame)}.quoted`, positional.slice(0, 1), frame)
  if (path !== 'Arel::Nodes::NamedFunction' || node.name !== 'new') return undefined
  const [given, list, alias] = positional
  const name = literalText(given)
  if (name === undefined || !/^\w+$/.test(name) || !is(list, 'ArrayNode')) return undefined
  const args = (list.elements as RubyNode[]).map((each) => operand(each, frame))
  const code = `${arel(frame)}.namedFunction(${quote(name)}, [${args.join(', ')}])`
  const under = literalText(alias)
  return { code: under === undefined ? code : `${code}.as(${quote(under)})`, kind: 'expression' }
}

function sqlOf(node: CallNode, frame: Frame): Piece | undefined {
  return node.name === 'sql' ? { code: expression(node, frame).code, kind: 'expression' } : undefined
}

function expressionWith(name: string, args: readonly RubyNode[], frame: Frame): Piece {
  return { code: `${name}(${args.map((each) => operand(each, frame)).join(', ')})`, kind: 'expression' }
}

/** `Arel::Nodes::Case.new(of).when(condition).then(value).else(other)`. */
function caseOf(node: CallNode, frame: Frame): Piece | undefined {
  if (!['when', 'then', 'else', 'new'].includes(node.name)) return undefined
  const receiver = node.receiver as RubyNode | null
  const { positional } = argumentsOf(node)
  if (node.name === 'when' && positional.length === 2) return branch(receiver, positional[0]!, positional[1]!, frame)
  if (node.name === 'then' && isCall(receiver) && receiver.name === 'when')
    return branch(receiver.receiver as RubyNode | null, argumentsOf(receiver).positional[0]!, positional[0]!, frame)
  if (node.name !== 'else') return undefined
  const start = isCall(receiver) ? caseOf(receiver, frame) : undefined
  return start && { code: `${start.code}.else(${operand(positional[0]!, frame)})`, kind: 'expression' }
}

function branch(before: RubyNode | null, condition: RubyNode, result: RubyNode, frame: Frame): Piece | undefined {
  const start = isCall(before) && before.name !== 'new' ? caseOf(before, frame)?.code : newCase(before, frame)
  return start === undefined
    ? undefined
    : { code: `${start}.when(${operand(condition, frame)}, ${operand(result, frame)})`, kind: 'expression' }
}

function newCase(node: RubyNode | null, frame: Frame): string | undefined {
  if (!isCall(node) || constantPath(node.receiver as RubyNode | null) !== 'Arel::Nodes::Case') return undefined
  const [of] = argumentsOf(node).positional
  return `${arel(frame)}.case(${of === undefined ? '' : operand(of, frame)})`
}

/** `table.join(other, Arel::Nodes::OuterJoin).on(condition).join_sources`: what `joins` takes. */
function joinOf(node: CallNode, frame: Frame): Piece | undefined {
  if (node.name !== 'join_sources' || !isCall(node.receiver as RubyNode | null)) return undefined
  const on = node.receiver as CallNode
  const join = on.receiver as RubyNode | null
  if (
    on.name !== 'on' ||
    !isCall(join) ||
    !/^(outer_)?join$/.test(join.name) ||
    pieceOf(join.receiver as RubyNode, frame)?.kind !== 'table'
  )
    return undefined
  const [other, kind] = argumentsOf(join).positional
  const joined = pieceOf(other ?? null, frame)
  const [condition, ...more] = argumentsOf(on).positional
  if (joined?.kind !== 'table' || condition === undefined || more.length > 0) return undefined
  const isOuter = join.name === 'outer_join' || constantPath(kind ?? null) === 'Arel::Nodes::OuterJoin'
  return { code: `${arel(frame)}.${isOuter ? 'outerJoin' : 'join'}(${joined.code}).on(${operand(condition, frame)})`, kind: 'join' }
}

function arel(frame: Frame): string {
  return frame.imports.framework('Arel')
}
