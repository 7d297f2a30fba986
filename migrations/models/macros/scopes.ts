import { ourWord } from '../../../src/naming/words.ts'
import { blockOf, is, literalText, type RubyNode, statementsOf } from '../../ruby/index.ts'
import { declareParameters, functionBody, keyOfScope, Untranslated, value } from '../../ruby/translate/index.ts'
import type { ClassContext } from '../class_context.ts'
import { scopeFunction } from './associations.ts'
import type { Macro } from './macro.ts'
import { closureOf, macroParts } from './options.ts'

/** `scope :recent, -> { … }`: a static method; where its body answers nothing, all records. */
export const scope: Macro = (call, context, findings) => {
  const { positional } = macroParts(call)
  const name = literalText(positional[0])
  if (name === undefined) throw new Untranslated(call, 'the name of the scope is computed')
  const body = positional[1] ?? (blockOf(call) as unknown as RubyNode | undefined)
  if (!body) throw new Untranslated(call, 'a scope without a body')
  const block = closureOf(body)
  const frame = context.ofClass()
  findings.frames.push(frame)
  if (!block) {
    const code = value(body, frame).code
    context.members.push(`static ${ourWord(name)}(...args: Untyped[]) {\nreturn (${code})(...args)\n}`)
    findings.notes.push('its body is no lambda')
    return []
  }
  const { result, isAsync } = frame.inFunction(() => {
    frame.fallback = 'this.all()'
    const called = { key: keyOfScope(name, context.source), body: block.body as RubyNode | null }
    const declared = declareParameters(block.parameters as RubyNode | null, frame, [], called)
    const lines = functionBody(block.body as RubyNode | null, block.locals as string[], frame)
    return { lines, parameters: declared.map((print) => print()).join(', ') }
  })
  const known = context.info.staticMethods.get(name)
  if (isAsync && known) known.isAsync = true
  if (isAsync && !answersValue(block.body as RubyNode | null, context))
    findings.notes.push('it has to wait, so it answers records and nothing can be chained to it')
  context.members.push(
    `static ${isAsync ? 'async ' : ''}${ourWord(name)}(${result.parameters}) {\n${result.lines || 'return this.all()'}\n}`,
  )
  if (is(call.block as RubyNode | null, 'BlockNode') && positional[1]) findings.notes.push('the methods of its extension are left')
  return []
}

const values = new Set(
  'count sum average minimum maximum last first take pluck pick ids to_a find find_by exists? size sort_by map group_by index_by to_h'.split(
    ' ',
  ),
)

/** A scope that in Rails too answers no relation: nothing was to be chained to it. */
function answersValue(body: RubyNode | null, { application, info }: ClassContext): boolean {
  const last = statementsOf(body).at(-1)
  if (!is(last, 'CallNode') || !values.has(last.name)) return false
  return last.receiver !== null || application.methodOf(info.name, last.name, true) === undefined
}

/** `default_scope { … }` */
export const defaultScope: Macro = (call, context, findings) => {
  const { positional } = macroParts(call)
  const body = positional[0] ?? (blockOf(call) as unknown as RubyNode | undefined)
  if (!body || !closureOf(body)) throw new Untranslated(call, 'a default scope that is no block')
  return [`this.defaultScope(${scopeFunction(body, context.info.name, context, findings)})`]
}
