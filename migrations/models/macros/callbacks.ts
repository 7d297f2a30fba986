import { quote } from '../../typescript/index.ts'
import { camelize } from '../../../src/naming/index.ts'
import { blockOf, literalText, type RubyNode } from '../../ruby/index.ts'
import { Untranslated } from '../../ruby/translate/index.ts'
import type { ClassContext } from '../class_context.ts'
import type { Macro } from './macro.ts'
import { macroParts, memberName, objectOf, options, recordClosure, staticValue, closureOf } from './options.ts'

/** Names of the callbacks of a record's life. */
export const callbackNames: readonly string[] = [
  ...['validation', 'save', 'create', 'update', 'destroy'].flatMap((event) => [`before_${event}`, `after_${event}`]),
  ...['save', 'create', 'update', 'destroy'].map((event) => `around_${event}`),
  ...'before_commit after_commit after_rollback after_initialize after_find after_touch after_create_commit after_update_commit after_destroy_commit after_save_commit'.split(
    ' ',
  ),
]

/** `before_save :method`, with a lambda, or with a block. */
export function callback(name: string): Macro {
  return (call, context, findings) => {
    const { positional, pairs } = macroParts(call)
    const isAround = name.startsWith('around_')
    const bodies = positional.map((node) => {
      const method = literalText(node)
      if (method !== undefined) {
        refuseUnknown(node, method, context)
        return methodOrRead(method, context)
      }
      return closureOf(node) ? recordClosure(node, context, findings).code : staticValue(node, context, findings)
    })
    const block = blockOf(call)
    if (block) bodies.push(recordClosure(block as unknown as RubyNode, context, findings).code)
    if (isAround && block) findings.notes.push('an around callback with a block')
    return [`this.${camelize(name, 'lower')}(${[...bodies, ...objectOf(options(pairs, context, findings))].join(', ')})`]
  }
}

/** A method by its name; one that stands in for a column or an association is an accessor here, so that it is read. */
function methodOrRead(name: string, context: ClassContext): string {
  const { application, info } = context
  const isRead = Boolean(application.columnsOf(info.name)?.has(name)) || application.associationOf(info.name, name) !== undefined
  if (!isRead) return quote(memberName(name, context))
  const { name: record } = context.ofGivenRecord()
  return `(${record}${info.kind === 'module' ? ': Untyped' : ''}) => ${record}.${name}`
}

/** A callback that a gem would define is none: boot refuses what has no method.
 * @throws Untranslated
 */
function refuseUnknown(node: RubyNode, method: string, { info, application }: ClassContext): void {
  if (application.knowsMethod(method)) return
  if (/^((touch|save|reload|destroy|delete|validate)|.*!|(build|create|regenerate|reset)_.*)$/.test(method)) return
  if ((info.kind === 'class' && !application.isModel(info.name)) || application.columnsOf(info.name)?.has(method)) return
  throw new Untranslated(node, `nothing in the application defines ${method}`)
}
