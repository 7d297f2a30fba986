import { demodulize, foreignKey } from '../../src/naming/index.ts'
import { blockOf, type CallNode, childrenOf, is, literalText, type RubyNode } from '../ruby/index.ts'
import { isOfPassword, optionNode, typeScriptName, Untranslated } from '../ruby/translate/index.ts'
import type { ClassContext } from './class_context.ts'
import { macroParts } from './macros/options.ts'

/** Refuses an association that leads nowhere: Rails says so where it is used, and here nothing would boot.
 *
 * @throws Untranslated for one that goes through an association of a gem, to a class of a gem, or by a column that isn't there
 */
export function refuseDeadAssociation(node: CallNode, { info, application, schema }: ClassContext): void {
  const { names, pairs } = macroParts(node)
  const [name] = names
  if (node.name === 'accepts_nested_attributes_for') {
    const left = names.find((each) => application.leftMembers.has(`${info.name}.${each}`))
    if (left !== undefined) throw new Untranslated(node, `${left} is left as Ruby`)
    return
  }
  if (name === undefined || (schema.size === 0 && !knowsTables(application)) || !application.isModel(info.name)) return
  const option = (key: string): string | undefined => literalText(optionNode(pairs, key))
  if (info.kind === 'class' && isWithoutTable(info.name, application))
    throw new Untranslated(node, `the ported schema has no table of ${info.name}`)
  const through = option('through')
  if (through !== undefined && application.associationOf(info.name, through) === undefined)
    throw new Untranslated(node, `nothing in the application declares ${through}, which it goes through`)
  const found = application.associationOf(info.name, name)
  if (found?.model !== undefined && isWithoutTable(found.model, application))
    throw new Untranslated(node, `the ported schema has no table of ${found.model}`)
  const given = option('class_name')
  if (schema.size > 0 && given !== undefined && found?.model === undefined && !schema.has(typeScriptName(given)))
    throw new Untranslated(node, `nothing in the application defines ${given}`)
  if (node.name === 'has_and_belongs_to_many') return
  if (through !== undefined || optionNode(pairs, 'foreign_key') || optionNode(pairs, 'query_constraints') || found === undefined) return
  if (schema.get(typeScriptName(info.name))?.has(name)) return
  const holder = node.name === 'belongs_to' ? info.name : found.model
  const columns = holder === undefined ? undefined : application.columnsOf(holder)
  if (columns === undefined || found.polymorphic || optionNode(pairs, 'as') || optionNode(pairs, 'inverse_of')) return
  const keys = node.name === 'belongs_to' ? [`${name}_id`] : application.lineage(info.name).map((each) => foreignKey(demodulize(each.name)))
  if (!keys.some((key) => columns.has(key))) throw new Untranslated(node, `${holder} has no column ${keys[0]}`)
}

/** Notes the names that a macro which is left would have defined. */
export function noteLeft(node: CallNode, { application, info }: ClassContext): void {
  if (/^validate/.test(node.name)) return
  const block = blockOf(node)
  for (const name of [...macroParts(node).names, ...(block ? namesIn(block) : [])]) application.leftMembers.add(`${info.name}.${name}`)
}

function namesIn(node: RubyNode): string[] {
  const own = is(node, 'SymbolNode') ? literalText(node) : undefined
  return [...(own === undefined ? [] : [own]), ...childrenOf(node).flatMap(namesIn)]
}

/** Refuses to validate what nothing but a macro that was left defines: boot would not find it.
 * @throws Untranslated
 */
export function refuseLeftAttribute(node: CallNode, { application, info }: ClassContext): void {
  const lineage = application.lineage(info.name)
  const left = macroParts(node).names.find(
    (name) =>
      lineage.some((each) => application.leftMembers.has(`${each.name}.${name}`)) &&
      !application.columnsOf(info.name)?.has(name) &&
      application.associationOf(info.name, name) === undefined &&
      application.methodOf(info.name, name, false) === undefined &&
      !lineage.some(({ properties }) => properties.has(name)) &&
      !isOfPassword(info.name, name, application),
  )
  if (left !== undefined) throw new Untranslated(node, `${left} is left as Ruby`)
}

/** Whether a dump says which tables there are. */
function knowsTables(application: ClassContext['application']): boolean {
  return [...application.classes.keys()].some((name) => application.columnsOf(name) !== undefined)
}

/** Whether `db/structure.sql`, which tells tables and their columns but no relations, lacks the table of a class. */
export function isMissingInDump(name: string, { application, schema }: ClassContext): boolean {
  return schema.size === 0 && knowsTables(application) && isWithoutTable(name, application)
}

/** A model over a view, or over a table of another database. */
function isWithoutTable(name: string, application: ClassContext['application']): boolean {
  const info = application.classes.get(name)
  return info?.kind === 'class' && !info.isAbstract && application.isModel(name) && application.columnsOf(name) === undefined
}
