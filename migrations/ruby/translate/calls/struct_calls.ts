import { quote } from '../../../typescript/index.ts'
import { argumentsOf, type CallNode, is, type NodeOf, type RubyNode } from '../../nodes.ts'
import { hashCode, value } from '../expressions/expressions.ts'
import type { Frame } from '../frame.ts'
import { Untranslated } from '../untranslated.ts'

/** Whether the constructor of a class is that of one that nothing here defines. */
export function isMadeElsewhere(model: string, { application }: Frame): boolean {
  const lineage = application.lineage(model)
  if (application.isModel(model) || application.isForm(model) || lineage.some(({ methods }) => methods.has('initialize'))) return false
  return lineage.some(({ name, parent }) => parent !== undefined && application.resolveAbove(parent, name) === undefined)
}

/** What a class with fields is made of, by their names; undefined where the class has a constructor of its own. */
export function structArguments(node: CallNode | NodeOf<'SuperNode'>, model: string, frame: Frame, isSuper = false): string | undefined {
  const definer = frame.application.lineage(model).find(({ fields, methods }) => fields || methods.has('initialize'))
  const fields = definer?.fields
  if (!fields || (definer.methods.has('initialize') && !isSuper)) return undefined
  const { positional, pairs } = argumentsOf(node)
  const [only] = positional
  if (positional.length === 1 && is(only, 'SplatNode') && only.expression && pairs.length === 0) {
    const names = fields.names.map((name) => quote(name)).join(', ')
    return `Object.fromEntries([${names}].map((name, index) => [name, ${value(only.expression as RubyNode, frame).code}[index]])) as Untyped`
  }
  if (positional.some((each) => is(each, 'SplatNode')) || positional.length > fields.names.length)
    throw new Untranslated(node as RubyNode, 'fields that are given otherwise than one by one')
  const own = positional.map((each, index) => `${fields.names[index]}: ${value(each, frame).code}`)
  const named = pairs.length > 0 ? hashCode(pairs, frame).slice(1, -1).trim() : ''
  return `{ ${[...own, ...(named === '' ? [] : [named])].join(', ')} }`
}
