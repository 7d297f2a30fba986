import { is, literalText, type RubyNode } from '../../nodes.ts'
import type { Frame } from '../frame.ts'
import { isOfPassword } from './members.ts'

/** What takes trees of associations. */
export const trees: ReadonlySet<string> = new Set('includes preload eager_load joins left_joins left_outer_joins'.split(' '))
/** What takes attributes of a new record. */
export const isMaker: ReadonlySet<string> = new Set('new build create create!'.split(' '))

/** Whether a tree names an association that nothing here declares, such as one that a gem makes. */
export function unknownAssociation(node: RubyNode, model: string | undefined, frame: Frame): boolean {
  if (model === undefined || !frame.application.columnsOf(model)) return false
  if (is(node, 'ArrayNode')) return (node.elements as RubyNode[]).some((each) => unknownAssociation(each, model, frame))
  if (is(node, 'HashNode')) return (node.elements as RubyNode[]).some((each) => unknownAssociation(each, model, frame))
  if (is(node, 'AssocNode')) {
    const name = literalText(node.key as RubyNode)
    if (name === undefined) return false
    const association = frame.application.associationOf(model, name)
    if (association?.polymorphic) return !isEmptyHash(node.value as RubyNode)
    return !association ? noted(name, frame) : unknownAssociation(node.value as RubyNode, association.model, frame)
  }
  const name = is(node, 'SymbolNode') ? literalText(node) : undefined
  return name !== undefined && !frame.application.associationOf(model, name) && noted(name, frame)
}

/** Whether a pair names an attribute that neither the schema nor the class has. */
export function isUnknownAttribute(pair: RubyNode, model: string | undefined, frame: Frame): boolean {
  const name = is(pair, 'AssocNode') ? literalText(pair.key as RubyNode) : undefined
  const { application } = frame
  if (name === undefined || model === undefined || !application.isModel(model)) return false
  const columns = application.columnsOf(model)
  if (!columns || columns.has(name) || application.associationOf(model, name) || isOfPassword(model, name, application)) return false
  if (/_attributes$/.test(name)) return false
  const isOwn = application.lineage(model).some(({ properties, methods }) => properties.has(name) || methods.has(`${name}=`))
  return isOwn || noted(name, frame)
}

function isEmptyHash(node: RubyNode): boolean {
  return is(node, 'HashNode') && node.elements.length === 0
}

function noted(name: string, frame: Frame): true {
  frame.unknownNames.add(name)
  return true
}
