import { quote } from '../../typescript/index.ts'
import { camelize, classify, demodulize, foreignKey } from '../../../src/naming/index.ts'
import { type BlockNode, blockOf, type CallNode, is, literalText, type NodeOf, type RubyNode, statementsOf } from '../../ruby/index.ts'
import {
  arrow,
  associated,
  declareParameters,
  functionBody,
  methodName,
  relationOf,
  typeScriptName,
  Untranslated,
  type ValueType,
} from '../../ruby/translate/index.ts'
import type { ClassContext } from '../class_context.ts'
import type { Macro } from './macro.ts'
import { closureOf, type Findings, macroParts, objectOf, options, optionNode, staticValue } from './options.ts'

const known = new Set(
  `class_name foreign_key primary_key inverse_of through source source_type polymorphic as foreign_type dependent optional required counter_cache touch autosave
  validate index_errors join_table association_foreign_key strict_loading query_constraints disable_joins default counter_cache_column ensuring_owner_was`.split(
    /\s+/,
  ),
)
const callbacks = /^(before|after)_(add|remove)$/

/** `belongs_to`, `has_many`, `has_one` and `has_and_belongs_to_many`. */
export function association(kind: string): Macro {
  return (call, context, findings) => {
    const { names, positional, pairs } = macroParts(call)
    const [name] = names
    if (name === undefined) throw new Untranslated(call, 'the name of the association is computed')
    for (const pair of pairs) {
      const key = is(pair, 'AssocNode') ? literalText(pair.key as RubyNode) : undefined
      if (key !== undefined && !known.has(key) && !callbacks.test(key)) findings.notes.push(`the option ${key} is not one of Rails`)
    }
    const scope = positional.slice(1).find((argument) => closureOf(argument))
    const properties = options(pairs, context, findings, {
      dependent,
      default: () => undefined,
      // Rails asks whether there is a lambda, and never calls it.
      optional: (node) => (closureOf(node) ? 'true' : staticValue(node, context, findings)),
      source_type: (node) => (literalText(node) === undefined ? undefined : quote(typeScriptName(literalText(node)!))),
      join_table: (node) => quote(literalText(node) ?? ''),
    })
    const implied = impliedClass(name, kind, pairs, context)
    if (kind === 'hasAndBelongsToMany') properties.push(...keysBetween(name, pairs, context))
    if (implied !== undefined) properties.unshift(`className: ${quote(implied)}`)
    if (scope) properties.push(`scope: ${scopeFunction(scope, targetOf(call, name, context), context, findings)}`)
    const block = blockOf(call)
    if (block) properties.push(`extending: { ${extension(block, name, targetOf(call, name, context), context, findings).join(', ')} }`)
    return [
      `this.${kind}(${quote(name)}${objectOf(properties)
        .map((code) => `, ${code}`)
        .join('')})`,
      ...defaultRecord(name, optionNode(pairs, 'default'), context, findings),
    ]
  }
}

/** `default: -> { Current.user }` is assigned before validation, where nothing else is. */
function defaultRecord(name: string, node: RubyNode | undefined, context: ClassContext, findings: Findings): string[] {
  const block = node && closureOf(node)
  if (!block) return []
  const { frame, name: record } = context.ofGivenRecord()
  findings.frames.push(frame)
  const given = arrow(block, frame, [context.recordType()])
  const code =
    /^\(\) => \((.*)\)$/s.exec(given.code)?.[1] ??
    `${given.isAsync ? 'await ' : ''}(${given.code})(${given.parameters === '' ? '' : record})`
  return [
    `this.beforeValidation(async (${record}${context.info.kind === 'module' ? ': Untyped' : ''}) => {\nif ((await ${record}.${name}) == null) ${record}.assign({ ${name}: ${associated({ code, type: given.returns }, name, context.info.name, frame)} })\n})`,
  ]
}

/** The methods of an association's block, whose `self` is the collection. */
function extension(block: BlockNode, association: string, model: string | undefined, context: ClassContext, findings: Findings): string[] {
  return statementsOf(block.body as RubyNode | null).map((node) => {
    if (!is(node, 'DefNode') || node.receiver) throw new Untranslated(node, 'an extension that is no method')
    const { frame, result, isAsync } = extensionMethod(node, association, model, context)
    findings.frames.push(frame)
    return `${isAsync ? 'async ' : ''}${methodName(node.name)}${result}`
  })
}

/** One method of an association's block, and whether it waits. */
export function extensionMethod(node: NodeOf<'DefNode'>, association: string, model: string | undefined, context: ClassContext) {
  const type: ValueType = { kind: 'collection', ...(model === undefined ? {} : { model }), extended: [context.info.name, association] }
  const frame = context.frame({ code: 'this', type }, true)
  frame.owner = model
  const printed = frame.inFunction(() => {
    const declared = declareParameters(node.parameters as RubyNode | null, frame)
    const body = functionBody(node.body as RubyNode | null, node.locals as string[], frame)
    return `(this: ${collectionType(model, context)}${declared.map((print) => `, ${print()}`).join('')}) {\n${body}\n}`
  })
  return { frame, ...printed }
}

/** What `this` is in the methods of an association's block. */
function collectionType(model: string | undefined, { application, imports, schema }: ClassContext): string {
  if (model === undefined || application.classes.get(model)?.kind !== 'class' || !schema.has(typeScriptName(model))) return 'Untyped'
  return `${imports.framework('type CollectionOf').replace('type ', '')}<${quote(typeScriptName(model))}>`
}

/** The class of an association in a namespace has another name here than the association tells. */
function impliedClass(name: string, kind: string, pairs: readonly RubyNode[], context: ClassContext): string | undefined {
  if (['class_name', 'through', 'polymorphic', 'source'].some((key) => optionNode(pairs, key))) return undefined
  const target = context.application.associationOf(context.info.name, name)?.model
  const expected = kind === 'hasMany' || kind === 'hasAndBelongsToMany' ? classify(name) : camelize(name)
  return target !== undefined && typeScriptName(target) !== expected ? typeScriptName(target) : undefined
}

/** The keys of rows between are called after classes without their namespaces. */
function keysBetween(name: string, pairs: readonly RubyNode[], { info, application }: ClassContext): string[] {
  const target = application.associationOf(info.name, name)?.model
  const sides: [key: string, option: string, model: string | undefined][] = [
    ['foreign_key', 'foreignKey', info.kind === 'class' ? info.name : undefined],
    ['association_foreign_key', 'associationForeignKey', target],
  ]
  return sides.flatMap(([key, option, model]) =>
    model?.includes('::') && !optionNode(pairs, key) ? [`${option}: ${quote(foreignKey(demodulize(model)))}`] : [],
  )
}

function targetOf(_call: CallNode, name: string, context: ClassContext): string | undefined {
  return context.application.associationOf(context.info.name, name)?.model
}

/** A lambda that narrows a relation: the relation is its `self`, and what it takes is the record whose association it is. */
export function scopeFunction(node: RubyNode, model: string | undefined, context: ClassContext, findings: Findings): string {
  const block = closureOf(node)!
  const frame = context.frame({ code: 'relation', type: relationOf(model) }, true)
  findings.frames.push(frame)
  const given = arrow(block, frame, [context.recordType()])
  if (given.isAsync) throw new Untranslated(node, 'a scope that has to wait')
  const relation = `relation${model === undefined || context.info.kind === 'module' ? ': Untyped' : ''}`
  return given.code.replace(`(${given.parameters}) =>`, () => `(${[relation, given.parameters].filter(Boolean).join(', ')}) =>`)
}

function dependent(node: RubyNode): string | undefined {
  const name = literalText(node)
  if (name === undefined) return undefined
  return quote(camelize(name, 'lower'))
}
