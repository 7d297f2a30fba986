import { camelize } from '../../../src/naming/index.ts'
import { is, literalText, type RubyNode } from '../../ruby/index.ts'
import { methodName, optionNode, typeScriptName, Untranslated } from '../../ruby/translate/index.ts'
import type { Macro } from './macro.ts'
import { macroParts } from './options.ts'

/** `composed_of :balance, class_name: 'Money', mapping: { amount: :cents }`: an object made of columns when it is read, and taken apart when it is
 * written. */
export const composedOf: Macro = (call, context) => {
  const { names, pairs } = macroParts(call)
  const [name] = names
  if (name === undefined || names.length > 1) throw new Untranslated(call, 'the name of the value is computed')
  const other = ['constructor', 'converter', 'allow_nil'].find((key) => optionNode(pairs, key))
  if (other !== undefined) throw new Untranslated(call, `the option ${other}`)
  const { application, info, imports } = context
  const model = application.resolve(literalText(optionNode(pairs, 'class_name')) ?? camelize(name), info.name)
  if (model === undefined) throw new Untranslated(call, 'nothing in the application defines its class')
  const mapping = mappingOf(optionNode(pairs, 'mapping')) ?? [[name, name]]
  const className = imports.classOf(model, application) ?? typeScriptName(model)
  const columns = mapping.map(([column]) => `this.${column}`)
  const parts = mapping.map(
    ([column, part]) => `this.${column} = (value as Untyped).${isRead(model, part) ? part : `${methodName(part)}()`}`,
  )
  const type = (application.written?.has(application.classes.get(model)!.file) ?? true) ? className : 'Untyped'
  context.members.push(
    `get ${name}(): ${type} {\nreturn new ${className}(${columns.join(', ')})\n}`,
    `set ${name}(value: ${type}) {\n${parts.join('\n')}\n}`,
  )
  return []

  function isRead(owner: string, part: string): boolean {
    return !application.methodOf(owner, part, false) && application.lineage(owner).some(({ accessors }) => accessors.has(part))
  }
}

/** Which column holds which part: a hash, a pair, or a list of pairs; undefined without any. */
function mappingOf(node: RubyNode | undefined): [column: string, part: string][] | undefined {
  if (node === undefined) return undefined
  const pairs = is(node, 'HashNode')
    ? (node.elements as RubyNode[]).map((each) => (is(each, 'AssocNode') ? [each.key as RubyNode, each.value as RubyNode] : []))
    : is(node, 'ArrayNode')
      ? listed(node.elements as RubyNode[])
      : []
  const known = pairs.map((pair) => pair.map((each) => literalText(each)))
  if (known.length === 0 || known.some((pair) => pair.length !== 2 || pair.some((each) => each === undefined || !/^[a-z_]\w*$/.test(each))))
    throw new Untranslated(node, 'a mapping that is computed')
  return known as [string, string][]
}

function listed(elements: readonly RubyNode[]): RubyNode[][] {
  return elements.every((each) => is(each, 'ArrayNode'))
    ? elements.map((each) => (each as unknown as { elements: RubyNode[] }).elements)
    : [[...elements]]
}
