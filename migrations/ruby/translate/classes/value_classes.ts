import { argumentsOf, blockOf, type CallNode, childrenOf, constantPath, is, literalText, type NodeOf, type RubyNode } from '../../nodes.ts'
import { isOpenedAgain, structFields } from './struct_fields.ts'
import { endOf, RubySource } from '../../source.ts'

/** A class that Ruby makes of names, as its Ruby would be written out. */
export interface ValueClass {
  readonly node: NodeOf<'ClassNode'>
  /** Its own text; the lines are those of the file that it stands in. */
  readonly source: RubySource
  /** The line on which all stands that Ruby makes by itself. */
  readonly line: number
}

const known = new WeakMap<RubyNode, ValueClass | undefined>()

/** `Point = Struct.new(:x, :y)` and `Point = Data.define(:x, :y)`, with the methods of their block; undefined for other constants, and where some
 * are made by places and others by names. */
export function valueClass(node: RubyNode, source: RubySource): ValueClass | undefined {
  if (!is(node, 'ConstantWriteNode')) return undefined
  if (!known.has(node)) known.set(node, madeOf(node, source))
  return known.get(node)
}

/** Whether a constant gives its fields to a class that the file opens again: that is where they are written. */
export function isMadeBelow(node: RubyNode, source: RubySource): boolean {
  return is(node, 'ConstantWriteNode') && structFields(node.value as RubyNode) !== undefined && isOpenedAgain(node.name, source)
}

function madeOf(node: NodeOf<'ConstantWriteNode'>, source: RubySource): ValueClass | undefined {
  const call = node.value as RubyNode
  if (isOpenedAgain(node.name, source)) return undefined
  if (!is(call, 'CallNode')) return undefined
  const maker = `${constantPath(call.receiver as RubyNode | null)?.replace(/^::/, '')}.${call.name}`
  if (maker !== 'Struct.new' && maker !== 'Data.define') return undefined
  const { positional, pairs } = argumentsOf(call)
  const names = positional.map((each) => (is(each, 'SymbolNode') ? literalText(each) : undefined))
  if (names.length === 0 || names.some((name) => name === undefined || !/^[a-z_]\w*$/.test(name))) return undefined
  const isStruct = maker === 'Struct.new'
  const isNamed = howMade(node.name, isStruct, pairs, source)
  if (isNamed === undefined) return undefined
  const line = source.lineOf(node)
  const head = [`class ${node.name}`, ...membersOf(names as string[], isStruct, isNamed)].join('; ')
  const text = `${'\n'.repeat(line - 1)}${head}${bodyOf(call, source, line)}\nend\n`
  const written = new RubySource(source.file, text)
  return { node: written.statements[0] as NodeOf<'ClassNode'> & RubyNode, source: written, line }
}

/** Whether its instances are made by names; undefined where not all are made alike. */
function howMade(name: string, isStruct: boolean, options: readonly RubyNode[], source: RubySource): boolean | undefined {
  const isSaid = options.some((pair) => is(pair, 'AssocNode') && is(pair.value as RubyNode, 'TrueNode'))
  const made = callsOf(name, source.tree).map((call) => argumentsOf(call).positional.length === 0)
  if (isStruct) return isSaid ? (made.every(Boolean) ? true : undefined) : made.some((byName) => byName) ? undefined : false
  return made.every(Boolean) ? true : made.every((byName) => !byName) ? false : undefined
}

function callsOf(name: string, node: RubyNode): CallNode[] {
  const isMaking =
    is(node, 'CallNode') &&
    ['new', '[]'].includes(node.name) &&
    constantPath(node.receiver as RubyNode | null)
      ?.split('::')
      .at(-1) === name
  return [...(isMaking ? [node as CallNode] : []), ...childrenOf(node).flatMap((child) => callsOf(name, child))]
}

function membersOf(names: readonly string[], isStruct: boolean, isNamed: boolean): string[] {
  const parameters = names.map((name) => `${name}${isNamed ? ':' : ''}${isStruct ? `${isNamed ? '' : ' ='} nil` : ''}`)
  return [
    `${isStruct ? 'attr_accessor' : 'attr_reader'} ${names.map((name) => `:${name}`).join(', ')}`,
    `def initialize(${parameters.join(', ')})`,
    ...names.map((name) => `@${name} = ${name}`),
    'end',
    `def to_h = { ${names.map((name) => `${name}: @${name}`).join(', ')} }`,
  ]
}

/** The text of its block, on its own lines. */
function bodyOf(call: CallNode, source: RubySource, line: number): string {
  const body = blockOf(call)?.body as RubyNode | null | undefined
  if (!body) return ''
  return '\n'.repeat(source.lineOf(body) - line) + source.text(body.location.startOffset, endOf(body))
}
