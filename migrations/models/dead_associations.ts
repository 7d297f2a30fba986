import { demodulize, foreignKey } from '../../src/naming/index.ts'
import { type CallNode, literalText } from '../ruby/index.ts'
import { optionNode, typeScriptName, Untranslated } from '../ruby/translate/index.ts'
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
    const left = names.find((each) => application.leftAssociations.has(`${info.name}.${each}`))
    if (left !== undefined) throw new Untranslated(node, `${left} is left as Ruby`)
    return
  }
  if (name === undefined || schema.size === 0 || !application.isModel(info.name)) return
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
  if (given !== undefined && found?.model === undefined && !schema.has(typeScriptName(given)))
    throw new Untranslated(node, `nothing in the application defines ${given}`)
  if (through !== undefined || optionNode(pairs, 'foreign_key') || optionNode(pairs, 'query_constraints') || found === undefined) return
  if (schema.get(typeScriptName(info.name))?.has(name)) return
  const holder = node.name === 'belongs_to' ? info.name : found.model
  const columns = holder === undefined ? undefined : application.columnsOf(holder)
  if (columns === undefined || found.polymorphic || optionNode(pairs, 'as') || optionNode(pairs, 'inverse_of')) return
  const keys = node.name === 'belongs_to' ? [`${name}_id`] : application.lineage(info.name).map((each) => foreignKey(demodulize(each.name)))
  if (!keys.some((key) => columns.has(key))) throw new Untranslated(node, `${holder} has no column ${keys[0]}`)
}

/** A model over a view, or over a table of another database. */
function isWithoutTable(name: string, application: ClassContext['application']): boolean {
  const info = application.classes.get(name)
  return info?.kind === 'class' && !info.isAbstract && application.isModel(name) && application.columnsOf(name) === undefined
}
