import { camelize } from '../../src/naming/index.ts'
import { ourWord } from '../../src/naming/words.ts'
import {
  argumentsOf,
  blockOf,
  childrenOf,
  type CallNode,
  constantPath,
  endOf,
  is,
  literalText,
  type NodeOf,
  type RubyNode,
  type RubySource,
  statementsOf,
} from '../ruby/index.ts'
import { blockLines, macroExpansion, methodName, tableAsked, Untranslated } from '../ruby/translate/index.ts'
import { type ClassContext, constructOf, portComment } from './class_context.ts'
import { portConstants } from './constants.ts'
import { included } from './included_modules.ts'
import { gemOf } from './macros/gems.ts'
import { macros } from './macros/index.ts'
import { addField } from './macros/attributes.ts'
import type { Findings } from './macros/options.ts'
import { printMethod, printModuleFunction } from './methods.ts'
import { noteLeft, refuseDeadAssociation, refuseLeftAttribute } from './dead_associations.ts'
import { isAddedSetting, selfSettings, setting } from './class_settings.ts'
import { refuseMissingMethods } from './needed_names.ts'
import { runtimeHas } from './runtime.ts'
import { unportedConstructor, unportedMethod } from './unported_members.ts'

/** Prints a class that stands inside of another, of a file or of Ruby that was written out for it. */
export type Nested = (node: RubyNode, source?: RubySource) => void

/** Ports the body of a class or module, statement by statement. */
export function portBody(body: RubyNode | null, context: ClassContext, nested: Nested, isStatic = false, start?: number): void {
  const isOfClass = isStatic || Boolean(context.info.isStatic)
  let position = start
  for (const node of statementsOf(body)) {
    const comments =
      position === undefined ? [] : context.source.commentsBetween(position, node.location.startOffset).filter(({ trailing }) => !trailing)
    position = endOf(node)
    const lines = comments.flatMap(({ text }) => text.split('\n').map((line) => `//${line.replace(/[\r\u2028\u2029]/g, ' ')}`))
    portStatement(node, context, nested, isOfClass, lines)
  }
}

function portStatement(node: RubyNode, context: ClassContext, nested: Nested, isStatic: boolean, comments: readonly string[]): void {
  if (is(node, 'ModuleNode') && constantPath(node.constantPath as RubyNode) === 'ClassMethods') {
    portBody(node.body as RubyNode | null, context, nested, true, node.location.startOffset)
    return
  }
  if (is(node, 'ClassNode', 'ModuleNode')) {
    nested(node)
    return
  }
  if (is(node, 'SingletonClassNode')) {
    const { visibility } = context
    context.visibility = 'public'
    portBody(node.body as RubyNode | null, context, nested, true, node.location.startOffset)
    context.visibility = visibility
    return
  }
  if (is(node, 'DefNode')) {
    portMethod(node, context, isStatic, comments)
    return
  }
  if (is(node, 'ConstantWriteNode')) {
    portConstants(node, context, nested, comments)
    return
  }
  if (is(node, 'AliasMethodNode')) {
    portAlias(node, literalText(node.newName as RubyNode), literalText(node.oldName as RubyNode), context)
    return
  }
  if (isAddedSetting(node)) {
    setting(node, context, constructOf(node, context.source))
    return
  }
  if (is(node, 'IfNode') && isOfTable(node, context)) {
    portBody(node.statements as RubyNode | null, context, nested, isStatic, node.location.startOffset)
    return
  }
  if (!is(node, 'CallNode')) {
    const construct = constructOf(node, context.source)
    context.attempt(node, construct, () => asStatement(node, construct, context, comments))
    return
  }
  portCall(node, context, nested, isStatic, comments)
}

/** Whether what stands on a condition is done because the schema has the table that it asks for. */
function isOfTable(node: NodeOf<'IfNode'>, { application, info, schema }: ClassContext): boolean {
  const model = application.resolve(tableAsked(node), info.name)
  return model !== undefined && schema.size > 0 && application.columnsOf(model) !== undefined
}

function portMethod(node: NodeOf<'DefNode'>, context: ClassContext, isStatic: boolean, comments: readonly string[]): void {
  const construct = `def ${node.receiver || isStatic ? 'self.' : ''}${node.name}`
  const last = (isStatic || node.receiver ? context.info.staticMethods : context.info.methods).get(node.name)
  if (last?.node && last.node !== node && last.source === context.source && last.node.location.startOffset > node.location.startOffset) {
    context.report(
      node,
      construct,
      'note',
      `line ${context.source.lineOf(last.node as unknown as RubyNode)} defines it anew, and so it is written`,
    )
    return
  }
  const isPorted = context.attempt(
    node,
    construct,
    () => {
      if (Object.hasOwn(hooks, node.name)) throw new Untranslated(node, `Ruby calls it ${hooks[node.name]}, and nothing here does`)
      if (isOfModule(node, context)) {
        const { text, frame } = printModuleFunction(node, context)
        context.functions.push([...comments, text].join('\n'))
        context.reportFrame(node, construct, frame)
        return
      }
      const { text, frame } = printMethod(node, isStatic || context.info.isNamespace || Boolean(node.receiver), context, context.visibility)
      for (const name of frame.instanceVariables) addField(name, context, isStatic || Boolean(node.receiver))
      context.members.push([...comments, text].join('\n'))
      context.reportFrame(node, construct, frame)
    },
    context.members,
  )
  if (
    !isPorted &&
    !Object.hasOwn(hooks, node.name) &&
    /^[a-z_]\w*[?!]?$/.test(node.name) &&
    node.name !== 'initialize' &&
    context.info.kind === 'class'
  )
    context.members.push(unportedMethod(node, isStatic || Boolean(node.receiver), context))
  if (node.name === 'initialize' && !node.receiver && !context.members.some((each) => /^constructor\(/m.test(each)))
    context.members.push(unportedConstructor(node, context))
}

/** What Ruby calls by itself. */
const hooks: Readonly<Record<string, string>> = {
  included: 'where a module is included',
  extended: 'where a module is extended with',
  prepended: 'where a module is prepended',
  inherited: 'where a class is extended',
  method_missing: 'for methods that are not there',
  'respond_to_missing?': 'for methods that are not there',
  const_missing: 'for constants that are not there',
}

/** `def self.name` of a module that is mixed in: classes that include it don't have it. */
function isOfModule(node: NodeOf<'DefNode'>, { info, isIncluded }: ClassContext): boolean {
  return !isIncluded && info.kind === 'module' && !info.isNamespace && !info.isStatic && is(node.receiver as RubyNode | null, 'SelfNode')
}

function portAlias(node: RubyNode, to: string | undefined, from: string | undefined, context: ClassContext): void {
  const construct = `alias ${to}`
  context.attempt(node, construct, () => {
    if (to === undefined || from === undefined || !/^\w+[?!]?$/.test(to)) throw new Untranslated(node, 'an alias of another kind')
    const method = context.application.methodOf(context.info.name, from, false)
    const isProperty =
      !method && (context.application.columnsOf(context.info.name)?.has(from) || context.application.associationOf(context.info.name, from))
    context.members.push(
      isProperty
        ? `get ${to}() {\nreturn this.${from}\n}`
        : `${methodName(to)}(...args: Untyped[]) {\nreturn (this as Untyped).${methodName(from)}(...args)\n}`,
    )
    context.report(node, construct, 'ported')
  })
}

function portCall(node: CallNode, context: ClassContext, nested: Nested, isStatic: boolean, comments: readonly string[]): void {
  const { positional } = argumentsOf(node)
  const construct = constructOf(node, context.source)
  const block = blockOf(node)
  if (!node.receiver && ['private', 'protected', 'public', 'module_function'].includes(node.name)) {
    const visibility = node.name === 'module_function' ? 'public' : (node.name as ClassContext['visibility'])
    const { visibility: before } = context
    if (positional.length === 0) context.visibility = visibility
    for (const each of positional) {
      if (is(each, 'DefNode')) {
        context.visibility = visibility
        portMethod(each, context, isStatic, comments)
        context.visibility = before
      }
    }
    context.report(node, node.name, 'ported')
    return
  }
  if (!node.receiver && ['private_class_method', 'private_constant', 'public_constant', 'module_function'].includes(node.name)) {
    for (const each of positional) if (is(each, 'DefNode')) portMethod(each, context, true, comments)
    context.report(node, node.name, 'ported')
    return
  }
  if (!node.receiver && ['included', 'prepended', 'class_methods', 'concerning'].includes(node.name) && block) {
    context.report(node, node.name, 'ported')
    const { visibility } = context
    context.visibility = 'public'
    context.isIncluded = true
    portBody(block.body as RubyNode | null, context, nested, node.name === 'class_methods', block.location.startOffset)
    context.isIncluded = false
    context.visibility = visibility
    return
  }
  if (!node.receiver && node.name === 'with_options' && block) {
    withOptions(node, context, nested)
    return
  }
  if (!node.receiver && ['include', 'extend', 'prepend'].includes(node.name)) {
    included(node, context)
    return
  }
  if (node.receiver && is(node.receiver as RubyNode, 'SelfNode') && selfSettings.has(node.name)) {
    setting(node, context, construct)
    return
  }
  if (!node.receiver && ['alias_method'].includes(node.name)) {
    portAlias(node, literalText(positional[0]), literalText(positional[1]), context)
    return
  }
  if (!node.receiver && ['require', 'require_relative', 'require_dependency'].includes(node.name)) {
    context.report(node, construct, 'note', 'a library or file that is imported where it is needed')
    return
  }
  if (!node.receiver && node.name === 'primary_abstract_class') {
    context.report(node, construct, 'ported')
    return
  }
  portMacro(node, context, construct, comments)
}

function withOptions(node: CallNode, context: ClassContext, nested: Nested): void {
  const { pairs } = argumentsOf(node)
  const block = blockOf(node)!
  context.report(node, 'with_options', 'ported')
  for (const each of statementsOf(block.body as RubyNode | null)) {
    if (!is(each, 'CallNode')) {
      portStatement(each, context, nested, false, [])
      continue
    }
    const own = argumentsOf(each)
    const isWithOptions = each.name === 'with_options' && blockOf(each)
    const merged = Object.create(each, {
      receiver: { value: null },
      arguments_: {
        value: {
          arguments_: [...own.positional, ...(pairs.length + own.pairs.length > 0 ? [keywords([...pairs, ...own.pairs], each)] : [])],
        },
      },
    }) as CallNode
    if (isWithOptions) withOptions(merged, context, nested)
    else portMacro(merged, context, constructOf(each, context.source), [])
  }
}

/** Pairs as the keywords of a call. */
function keywords(elements: readonly RubyNode[], like: CallNode): RubyNode {
  const found = (like.arguments_?.arguments_ as RubyNode[] | undefined)?.find((each) => is(each, 'KeywordHashNode'))
  const prototype = (found ?? new KeywordHashNode()) as object
  return Object.create(prototype, { elements: { value: elements } }) as RubyNode
}

class KeywordHashNode {}

function portMacro(node: CallNode, context: ClassContext, construct: string, comments: readonly string[]): void {
  const macro = !node.receiver || is(node.receiver as RubyNode, 'SelfNode') ? macros.get(node.name) : undefined
  const isPorted = context.attempt(node, construct, () => {
    if (portExpansion(node, construct, context)) return
    if (!macro) return unknownMacro(node, construct, context, comments)
    refuseOddNames(node)
    if (associations.test(node.name)) refuseDeadAssociation(node, context)
    if (/^validates(_\w+_of)?$/.test(node.name)) refuseLeftAttribute(node, context)
    const findings: Findings = { frames: [], notes: [] }
    const members = context.members.length
    const lines = macro(node, context, findings)
    const missing = lines
      .map((line) => /^this\.(\w+)\(/.exec(line)?.[1])
      .find((name) => name !== undefined && !runtimeHas(name) && isDeclaring(context))
    if (missing !== undefined) throw new Untranslated(node, `the model layer has no ${missing}`)
    if (lines.length > 0) context.macros.push(...comments, ...lines)
    else if (context.members.length > members) context.members[members] = [...comments, context.members[members]].join('\n')
    reportMacro(node, construct, findings, context)
  })
  if (!isPorted) noteLeft(node, context)
}

/** A macro of a gem that stands for others: they are ported, and its Ruby stays for what it does beside them. */
function portExpansion(node: CallNode, construct: string, context: ClassContext): boolean {
  const { info, source, application } = context
  const expansion = macroExpansion(node, { name: info.name, file: source.file, isDefined: (name) => application.classes.has(name) })
  if (!expansion) return false
  const rows = context.rows.length
  const inside = context.within(expansion.source)
  context.macros.push(...portComment(source.slice(node)))
  for (const each of expansion.nodes) if (is(each, 'CallNode')) portMacro(each, inside, expansion.source.slice(each), [])
  const left = context.rows.splice(rows).find(({ status }) => status === 'left')
  if (left) throw new Untranslated(node, left.reason)
  noteLeft(node, context)
  context.report(node, construct, 'note', expansion.missing)
  return true
}

const associations = /^(belongs_to|has_one|has_many|has_and_belongs_to_many|accepts_nested_attributes_for)$/

/** A macro's names become names of members: what is no name in Ruby's own syntax stays Ruby. */
function refuseOddNames(node: CallNode): void {
  const { positional, pairs } = argumentsOf(node)
  const options = pairs.filter((pair) => is(pair, 'AssocNode') && /^(to|prefix|suffix)$/.test(literalText(pair.key as RubyNode) ?? ''))
  for (const each of [...positional, ...options.map((pair) => (pair as unknown as { value: RubyNode }).value)]) {
    const name = literalText(each)
    if (name !== undefined && !/^(@{0,2}[A-Za-z_][\w.]*[?!=]?|\W{1,3})$/.test(name))
      throw new Untranslated(each, 'a name that Ruby would not take in its own syntax')
  }
}

/** Whether the macros of a class are the model layer's. */
function isDeclaring({ application, info }: ClassContext): boolean {
  return application.isModel(info.name) || application.isForm(info.name)
}

function reportMacro(node: RubyNode, construct: string, findings: Findings, context: ClassContext): void {
  const frame = context.ofClass()
  for (const each of findings.frames) {
    frame.left.push(...each.left)
    for (const name of each.unknownNames) frame.unknownNames.add(name)
    for (const name of each.doubts) frame.doubts.add(name)
    for (const note of each.notes) frame.notes.add(note)
    for (const name of each.instanceVariables) addField(name, context)
  }
  context.reportFrame(node, construct, frame, findings.notes)
}

/** A macro that Rails doesn't define: the application's own, or a gem's. */
function unknownMacro(node: CallNode, construct: string, context: ClassContext, comments: readonly string[]): void {
  const gem = gemOf(node.name)
  if (gem !== undefined) throw new Untranslated(node, `a macro of ${gem}`)
  const own = node.receiver === null ? context.application.methodOf(context.info.name, node.name, true) : undefined
  if (
    is(node.receiver as RubyNode | null, 'SelfNode') &&
    /\w=$/.test(node.name) &&
    !context.application.methodOf(context.info.name, node.name, true) &&
    !context.application.lineage(context.info.name).some(({ properties }) => properties.has(node.name.slice(0, -1)))
  )
    throw new Untranslated(node, `the model layer has no ${camelize(node.name.slice(0, -1), 'lower')}`)
  if (own?.isLeft) throw new Untranslated(node, `${ourWord(node.name)} is left as Ruby`)
  if (own?.node && definesMethods(own.node)) throw new Untranslated(node, `${ourWord(node.name)} defines methods while the program runs`)
  if (!node.receiver && !own) throw new Untranslated(node, `nothing in the application defines ${ourWord(node.name)}`)
  asStatement(node, construct, context, comments)
}

function definesMethods(node: RubyNode): boolean {
  return (is(node, 'CallNode') && /^define_(singleton_)?method$/.test(node.name)) || childrenOf(node).some(definesMethods)
}

/** Ruby that runs when the class is defined: a statement of the static block. */
function asStatement(node: RubyNode, construct: string, context: ClassContext, comments: readonly string[]): void {
  const frame = context.ofClass()
  const { result, isAsync } = frame.inFunction(() =>
    blockLines({ body: [node], constructor: { name: 'StatementsNode' } } as never, frame, 'statement'),
  )
  if (isAsync) throw new Untranslated(node, 'it has to be waited for, in the body of a class')
  if (frame.left.length > 0) throw new Untranslated(node, frame.left[0]!.replace(/^\S+ /, ''))
  refuseMissingMethods(node, result, frame)
  context.macros.push(...comments, ...result)
  context.reportFrame(node, construct, frame)
}
