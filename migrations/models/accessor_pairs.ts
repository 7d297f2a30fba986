import { associationAbove, typeText } from '../ruby/translate/index.ts'
import type { ClassContext } from './class_context.ts'

/** Adds the other half of accessors that override what stands above the class: an accessor with one half hides both of the other's.
 *
 * Ruby's `name` and `name=` are methods of their own, so that a class may override one of them.
 */
export function completeAccessors(context: ClassContext): void {
  const { info, application, members } = context
  const isAbove = (name: string) =>
    Boolean(application.columnsOf(info.name)?.has(name)) ||
    application.associationOf(info.name, name) !== undefined ||
    application.lineage(info.name).some((each) => each.properties.has(name) && !(each === info && info.accessors.has(name)))
  const heads = members.flatMap((member) => {
    const [, half, name] = /^(?:protected )?(get|set) ([A-Za-z_$][\w$]*)\(/m.exec(member) ?? []
    return half === undefined ? [] : [{ half, name: name! }]
  })
  for (const { half, name } of heads) {
    if (heads.some((other) => other.name === name && other.half !== half)) continue
    const association = application.associationOf(info.name, name)
    const isOverride = info.kind === 'module' ? half === 'set' || isAbove(name) : isAbove(name) && isModelOrForm(context)
    if (!isOverride || (half === 'get' && association?.many)) continue
    const written = association && info.kind === 'class' ? associationAbove(info.name, name, 'value') : `super.${name} = value`
    if (half === 'get') members.push(`set ${name}(value: Untyped) {\n${written}\n}`)
    else members.push(`get ${name}(): ${columnText(name, context)} {\nreturn super.${name}\n}`)
  }
}

/** What is read past a writer of the class is what the column holds, whatever that takes. */
function columnText(name: string, context: ClassContext): string {
  const column = context.application.columnsOf(context.info.name)?.get(name)
  if (!column || column.members || column.isEnum || column.isJson || context.info.kind === 'module') return 'Untyped'
  const written = typeText(column, context.ofRecord().typeName)
  return written === 'Untyped' || !column.isNullable ? written : `${written} | null`
}

function isModelOrForm({ application, info }: ClassContext): boolean {
  return application.isModel(info.name) || application.isForm(info.name)
}
