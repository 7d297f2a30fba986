import type { NodeOf, RubyNode } from '../ruby/index.ts'
import { blockLines, constantsIn, typeScriptName, Untranslated, type ValueClass, valueClass } from '../ruby/translate/index.ts'
import type { Nested } from './class_body.ts'
import type { ClassContext } from './class_context.ts'
import type { Findings } from './macros/options.ts'
import { extendsMixin } from './parents.ts'
import { unportedConstant, unportedOfNamespace } from './unported_members.ts'

/** `NAME = …`, and the constants that its value writes by the way; one that Ruby makes a class of is a class. */
export function portConstants(
  node: NodeOf<'ConstantWriteNode'> & RubyNode,
  context: ClassContext,
  nested: Nested,
  comments: readonly string[],
): void {
  const made = valueClass(node, context.source)
  if (made) reportValueClass(node, made, context, () => nested(made.node as unknown as RubyNode, made.source))
  else for (const each of constantsIn(node)) portConstant(each, context, (each as RubyNode) === node ? comments : [])
}

/** Ports what a struct was made into: its members are one row of the report, its methods have their own. */
export function reportValueClass<T>(
  node: NodeOf<'ConstantWriteNode'>,
  { line }: ValueClass,
  { rows, source }: Pick<ClassContext, 'rows' | 'source'>,
  port: () => T,
): T {
  const before = rows.length
  const ported = port()
  const own = rows.splice(before)
  const reason = 'two with the same values are not equal here'
  rows.push(
    { kind: 'models', file: source.file, line, construct: `${node.name} =`, status: 'note', reason },
    ...own.filter((row) => row.line !== line),
  )
  return ported
}

/** `NAME = …`: a static member; of a module that is mixed in, one of the module as well. */
function portConstant(node: NodeOf<'ConstantWriteNode'>, context: ClassContext, comments: readonly string[]): void {
  const construct = `${node.name} =`
  const target = context.fields
  const isPorted = context.attempt(
    node,
    construct,
    () => {
      const findings: Findings = { frames: [], notes: [] }
      const frame = context.ofClass()
      findings.frames.push(frame)
      const { result, isAsync } = frame.inFunction(() => blockLines(node.value as RubyNode, frame, 'return').join('\n'))
      const code = /^return ([\s\S]*)$/.exec(atLoading(result, context))?.[1]
      if (code === undefined || isAsync || frame.left.length > 0)
        throw new Untranslated(node, frame.left[0] ?? 'a constant that has to be waited for')
      const isMixed = !context.info.isNamespace && extendsMixin(context.info, context.application)
      // Ruby would raise where a list lacks it.
      const sure = /(\[\d+\]|\.at\(-?\d+\))$/.test(code) ? `${code}!` : code
      if (isMixed) context.constants.push({ name: node.name, code: sure.replaceAll('this.', `${typeScriptName(context.info.name)}.`) })
      const own = isMixed ? `${typeScriptName(context.info.name)}.${node.name}` : sure
      target.push(...comments, context.info.isNamespace ? `export const ${node.name} = ${sure}` : `static readonly ${node.name} = ${own}`)
      context.reportFrame(node, construct, frame)
    },
    target,
  )
  if (isPorted) return
  context.application.leftConstants.add(`${typeScriptName(context.info.name)}.${node.name}`)
  if (context.info.kind === 'class') target.push(unportedConstant(node, context))
  else if (context.info.isNamespace) target.push(unportedOfNamespace(node))
}

/** The environment is known before the application runs. */
function atLoading(code: string, { imports }: ClassContext): string {
  return code.replace(/\bapplication\(\)\.config\.env\b/g, () => `${imports.framework('environment')}()`)
}
