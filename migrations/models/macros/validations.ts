import { quote } from '../../typescript/index.ts'
import { camelize } from '../../../src/naming/index.ts'
import { blockOf, is, literalText, type RubyNode } from '../../ruby/index.ts'
import { relationOf, Untranslated, arrow } from '../../ruby/translate/index.ts'
import { type ClassContext, portComment } from '../class_context.ts'
import type { Macro } from './macro.ts'
import { uriPattern } from './uri_pattern.ts'
import { closureOf, type Findings, macroParts, memberName, objectOf, options, recordFunction, staticValue } from './options.ts'

const rules = new Set(
  'presence absence acceptance confirmation comparison exclusion inclusion format length numericality uniqueness associated'.split(' '),
)
const shared = new Set('if unless on except_on message allow_nil allow_blank strict'.split(' '))

/** `validates :title, presence: true, length: { maximum: 80 }` */
export const validates: Macro = (call, context, findings) => {
  const { names, positional, pairs } = macroParts(call)
  const attributes = attributeCodes(names, positional, context, findings)
  const own = pairs.filter((pair) => {
    const key = keyOf(pair)
    return key === undefined || rules.has(key) || shared.has(key)
  })
  const custom = pairs.filter((pair) => !own.includes(pair))
  const lines: string[] = []
  const properties = own.flatMap((pair) => property(pair, context, findings))
  const isOnlyShared = own.every((pair) => shared.has(keyOf(pair) ?? ''))
  if (!isOnlyShared || custom.length === 0) lines.push(`this.validates(${[...attributes, ...objectOf(properties)].join(', ')})`)
  for (const pair of custom) lines.push(...customValidator(pair, attributes, own, context, findings))
  return lines
}

/** A validator class of the application or of a gem: `email: true` is the class `EmailValidator`. */
function customValidator(
  pair: RubyNode,
  attributes: readonly string[],
  own: readonly RubyNode[],
  context: ClassContext,
  findings: Findings,
): string[] {
  const key = keyOf(pair)!
  const name = `${camelize(key)}Validator`
  const resolved = context.application.resolve(name, context.info.name)
  const value = is(pair, 'AssocNode') ? (pair.value as RubyNode) : undefined
  if (resolved === undefined || value === undefined) {
    findings.notes.push(`the validator ${name} is not part of the application`)
    return portComment(`validates ${attributes.join(', ')}, ${context.source.slice(pair)}`)
  }
  const conditions = own.filter((each) => shared.has(keyOf(each) ?? '')).flatMap((each) => property(each, context, findings))
  const details = is(value, 'HashNode') ? options(value.elements as RubyNode[], context, findings) : []
  const properties = [`attributes: [${attributes.join(', ')}]`, ...details, ...conditions]
  return [`this.validatesWith(${context.imports.classOf(resolved, context.application)}, { ${properties.join(', ')} })`]
}

function keyOf(pair: RubyNode): string | undefined {
  return is(pair, 'AssocNode') ? literalText(pair.key as RubyNode) : undefined
}

function property(pair: RubyNode, context: ClassContext, findings: Findings): string[] {
  const key = keyOf(pair)
  if (key === undefined || !rules.has(key)) return options([pair], context, findings, messages(context, findings))
  const node = (pair as unknown as { value: RubyNode }).value
  if (is(node, 'HashNode')) {
    const details = options(
      knownOptions(key, node.elements as RubyNode[], findings),
      context,
      findings,
      ruleOptions(key, context, findings),
    )
    return [`${camelize(key, 'lower')}: ${details.length === 0 ? 'true' : `{ ${details.join(', ')} }`}`]
  }
  const pattern = key === 'format' ? uriPattern(node) : undefined
  return [`${camelize(key, 'lower')}: ${pattern ?? staticValue(node, context, findings)}`]
}

/** The options of a rule that takes none of its own, without others: Rails never reads those. */
function knownOptions(rule: string, pairs: readonly RubyNode[], findings: Findings): readonly RubyNode[] {
  if (!/^(presence|absence)$/.test(rule)) return pairs
  return pairs.filter((pair) => {
    const key = keyOf(pair)
    const isKnown = key === undefined || shared.has(key)
    if (!isKnown) findings.notes.push(`${rule} has no option ${key}`)
    return isKnown
  })
}

type Special = Readonly<Record<string, (node: RubyNode) => string | undefined>>

function messages(context: ClassContext, findings: Findings): Special {
  return {
    message: (node) => message(node, context, findings),
    on: (node) => staticValue(node, context, findings),
  }
}

/** A message that says what is wrong by a key or a text; a function is given the record and data. */
function message(node: RubyNode, context: ClassContext, findings: Findings): string {
  const block = closureOf(node)
  if (!block) return staticValue(node, context, findings)
  const frame = context.ofClass()
  findings.frames.push(frame)
  return arrow(block, frame, [context.recordType(), { kind: 'hash' }]).code
}

/** Options inside of a rule: limits and lists may be methods by name or functions of the record. */
function ruleOptions(rule: string, context: ClassContext, findings: Findings): Special {
  const member = (node: RubyNode): string => {
    const name = is(node, 'SymbolNode') ? literalText(node) : undefined
    if (name !== undefined) return quote(memberName(name, context))
    const pattern = rule === 'format' ? uriPattern(node) : undefined
    if (pattern !== undefined) return pattern
    const block = closureOf(node)
    if (!block) return staticValue(node, context, findings)
    return block.parameters ? recordFunction(node, context, findings) : classFunction(block, context, findings)
  }
  const limits =
    'in within minimum maximum is greater_than greater_than_or_equal_to equal_to less_than less_than_or_equal_to other_than with without'.split(
      ' ',
    )
  return {
    ...messages(context, findings),
    ...Object.fromEntries(limits.map((name) => [name, member])),
    conditions: (node) => {
      const block = closureOf(node)
      if (rule !== 'uniqueness' || !block) return staticValue(node, context, findings)
      const frame = context.frame({ code: 'relation', type: relationOf(context.info.name) }, true)
      findings.frames.push(frame)
      const given = arrow(block, frame)
      return given.code.replace(/^\(/, `(relation: Untyped${given.parameters === '' ? '' : ', '}`)
    },
  }
}

/** A lambda without a parameter, which Rails calls where it was written: `self` is the class. */
function classFunction(block: NonNullable<ReturnType<typeof closureOf>>, context: ClassContext, findings: Findings): string {
  const frame = context.ofClass()
  findings.frames.push(frame)
  return arrow(block, frame).code
}

/** `validates_presence_of :title` and its kind. */
export function validatesOf(rule: string): Macro {
  return (call, context, findings) => {
    const { names, positional, pairs } = macroParts(call)
    const attributes = attributeCodes(names, positional, context, findings)
    const common = pairs.filter((pair) => shared.has(keyOf(pair) ?? '') && keyOf(pair) !== 'message')
    const own = pairs.filter((pair) => !common.includes(pair))
    const details = options(own, context, findings, ruleOptions(rule, context, findings))
    const properties = [
      `${rule}: ${details.length === 0 ? 'true' : `{ ${details.join(', ')} }`}`,
      ...options(common, context, findings, messages(context, findings)),
    ]
    return [`this.validates(${[...attributes, ...objectOf(properties)].join(', ')})`]
  }
}

/** `validate :method` or with a block. */
export const validate: Macro = (call, context, findings) => {
  const { positional, pairs } = macroParts(call)
  const bodies = positional.map((node) =>
    literalText(node) === undefined ? recordFunction(node, context, findings) : validation(literalText(node)!, context),
  )
  const block = blockOf(call)
  if (block) bodies.push(recordFunction(block as unknown as RubyNode, context, findings))
  return [`this.validate(${[...bodies, ...objectOf(options(pairs, context, findings, messages(context, findings)))].join(', ')})`]
}

/** A method by its name; what reads an association or a column is none here, and Rails calls it to no end. */
function validation(name: string, context: ClassContext): string {
  const { application, info } = context
  const isRead = application.associationOf(info.name, name) !== undefined || Boolean(application.columnsOf(info.name)?.has(name))
  if (!isRead || application.methodOf(info.name, name, false)) return quote(memberName(name, context))
  const { name: record } = context.ofGivenRecord()
  return `(${record}${info.kind === 'module' ? ': Untyped' : ''}) => ${record}.${name}`
}

/** `validates_each :a do |record, attribute, value|` */
export const validatesEach: Macro = (call, context, findings) => {
  const { names, pairs } = macroParts(call)
  const block = blockOf(call)
  if (!block) throw new Untranslated(call, 'validates_each without a block')
  const frame = context.ofClass()
  findings.frames.push(frame)
  const isLoose = context.info.kind === 'module'
  const body = arrow(block, frame, [context.recordType(), { kind: 'text', isLoose }, { kind: 'unknown' }])
  return [
    `this.validatesEach(${[...names.map((name) => quote(name)), ...objectOf(options(pairs, context, findings)), body.code].join(', ')})`,
  ]
}

export const validatesAssociated: Macro = (call, context, findings) => {
  const { names, pairs } = macroParts(call)
  return [`this.validatesAssociated(${[...names.map((name) => quote(name)), ...objectOf(options(pairs, context, findings))].join(', ')})`]
}

/** `validates_with Validator`, with its options. */
export const validatesWith: Macro = (call, context, findings) => {
  const { positional, pairs } = macroParts(call)
  const validators = positional.map((node) => staticValue(node, context, findings))
  return [`this.validatesWith(${[...validators, ...objectOf(options(pairs, context, findings, messages(context, findings)))].join(', ')})`]
}

function attributeCodes(names: readonly string[], positional: readonly RubyNode[], context: ClassContext, findings: Findings): string[] {
  const computed = positional.filter(
    (node) =>
      !is(node, 'StringNode', 'SymbolNode', 'ArrayNode') && !(is(node, 'SplatNode') && is(node.expression as RubyNode, 'ArrayNode')),
  )
  return [
    ...names.map((name) => quote(name)),
    ...computed.map((node) =>
      is(node, 'SplatNode') ? `...${staticValue(node.expression as RubyNode, context, findings)}` : staticValue(node, context, findings),
    ),
  ]
}
