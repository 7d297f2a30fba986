import { camelize } from '../../src/naming/index.ts'
import { argumentsOf, type CallNode, is, literalText, type NodeOf, type RubyNode } from '../ruby/index.ts'
import { blockLines, Untranslated } from '../ruby/translate/index.ts'
import type { ClassContext } from './class_context.ts'
import type { Findings } from './macros/options.ts'
import { hasSetting } from './runtime.ts'

/** What a class says of itself with `self.name = …`. */
export const selfSettings = new Set(
  'table_name= abstract_class= inheritance_column= primary_key= ignored_columns= implicit_order_column= record_timestamps= locking_column= table_name_prefix= store_full_sti_class= sequence_name= include_root_in_json='.split(
    ' ',
  ),
)
const ofSchema = new Set(['table_name=', 'abstract_class=', 'primary_key=', 'table_name_prefix=', 'sequence_name='])

/** `self.table_name = …`: the schema says it, or it is a setting of the class. */
export function setting(node: CallNode | NodeOf<'CallOperatorWriteNode'>, context: ClassContext, construct: string): void {
  const written = is(node, 'CallNode') ? node.name : `${node.readName}=`
  const otherKey = written === 'primary_key=' ? keyBeside(node, context) : undefined
  if (otherKey !== undefined) {
    context.leave(node, construct, otherKey)
    return
  }
  if (ofSchema.has(written) || (written === 'ignored_columns=' && areGone(node, context))) {
    context.report(node, construct, 'ported')
    return
  }
  context.attempt(node, construct, () => {
    const findings: Findings = { frames: [], notes: [] }
    const frame = context.ofClass()
    findings.frames.push(frame)
    const given = is(node, 'CallNode') ? argumentsOf(node).positional[0]! : (node.value as RubyNode)
    const lines = blockLines(given, frame, 'return').join('\n')
    const name = camelize(written.replace('=', ''), 'lower')
    if (!hasSetting(name)) throw new Untranslated(node, `the model layer has no ${name}`)
    context.fields.push(`static ${name} = ${lines.replace(/^return /, '')}`)
    context.reportFrame(node, construct, frame)
  })
}

/** Why a key that a class names can't be its own; undefined where the table has the same. */
function keyBeside(node: CallNode | NodeOf<'CallOperatorWriteNode'>, { application, info }: ClassContext): string | undefined {
  const given = is(node, 'CallNode') ? argumentsOf(node).positional[0] : undefined
  const named = is(given, 'ArrayNode') ? (given.elements as RubyNode[]).map((each) => literalText(each)) : [literalText(given)]
  const key = application.keyOf(info.name)
  if (key === undefined || key.length === 0 || named.join() === key.join()) return undefined
  return `the key of the table is ${key.join(', ')}, by which the model layer finds and writes rows`
}

/** Whether columns that are ignored are gone from the schema, which alone says what columns there are. */
function areGone(node: CallNode | NodeOf<'CallOperatorWriteNode'>, { application, info }: ClassContext): boolean {
  const given = is(node, 'CallNode') ? argumentsOf(node).positional[0] : (node.value as RubyNode)
  const columns = application.columnsOf(info.name)
  const names = is(given, 'ArrayNode') ? (given.elements as RubyNode[]).map((each) => literalText(each)) : [undefined]
  return columns !== undefined && names.every((name) => name !== undefined && !columns.has(name))
}

/** `self.ignored_columns += …`: the setting is empty before. */
export function isAddedSetting(node: RubyNode): node is NodeOf<'CallOperatorWriteNode'> & RubyNode {
  return (
    is(node, 'CallOperatorWriteNode') &&
    is(node.receiver as RubyNode | null, 'SelfNode') &&
    node.binaryOperator === '+' &&
    node.readName === 'ignored_columns'
  )
}
