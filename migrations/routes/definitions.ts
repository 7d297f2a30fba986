import {
  childrenOf,
  constantPath,
  endOf,
  is,
  type NodeOf,
  type RubyNode,
  type RubyValue,
  statementsOf,
  tryEvaluate,
} from '../ruby/index.ts'
import type { Code, Statement } from '../typescript/index.ts'
import { isDslCall } from './calls.ts'
import { expression, inline } from './expressions.ts'
import { functionName, isRequestName } from './methods.ts'
import { translateStatements } from './statements.ts'
import type { Translation } from './translation.ts'
import { Untranslatable } from './untranslatable.ts'

/** Translates what gives a name: variables, constants, helper methods; undefined for anything else. */
export function definition(node: RubyNode, translation: Translation): Statement[] | undefined {
  if (is(node, 'LocalVariableWriteNode')) return variable(node, translation)
  if (is(node, 'ConstantWriteNode', 'ConstantOrWriteNode')) return constant(node, translation)
  if (is(node, 'DefNode')) return method(node, translation)
  if (is(node, 'ClassNode') && translation.redirectClasses.has(constantPath(node.constantPath as RubyNode) ?? ''))
    throw new Untranslatable(node, 'a redirect of its own; what it adds to the answer is not ported')
  if (is(node, 'ClassNode', 'ModuleNode')) throw new Untranslatable(node, 'classes are not part of the routing DSL')
  return undefined
}

function variable(node: NodeOf<'LocalVariableWriteNode'>, translation: Translation): Statement[] {
  const code = typed(expression(node.value as RubyNode, translation), translation)
  if (translation.local(node.name) !== undefined) throw new Untranslatable(node, `the variable ${node.name} is assigned twice`)
  const name = translation.declare(node.name)
  remember(translation.scope.locals, node.name, node.value as RubyNode, translation)
  translation.report(node, `${node.name} =`, 'ported')
  return [{ type: 'line', prefix: `const ${name} = `, code, ...asConst(code) }]
}

function constant(node: NodeOf<'ConstantWriteNode'> | NodeOf<'ConstantOrWriteNode'>, translation: Translation): Statement[] {
  const code = typed(expression(node.value as RubyNode, translation), translation)
  remember(translation.scope.constants, node.name, node.value as RubyNode, translation)
  translation.constants.set(node.name, node.name)
  translation.report(node, `${node.name} =`, 'ported')
  return [{ type: 'line', prefix: `const ${node.name} = `, code, ...asConst(code) }]
}

/** A function that stands on its own says what it is given: a request, or the parameters of the path. */
export function typed(code: Code, translation: Translation): Code {
  if (typeof code === 'string' || code.type !== 'arrow' || code.parameters === '') return code
  const parameters = code.parameters.split(', ').map((name) => {
    const plain = name.replace(/^_/, '')
    if (isRequestName(plain)) translation.imports.add('type RequestAttributes')
    return `${name}: ${isRequestName(plain) ? 'RequestAttributes' : 'Readonly<Record<string, string | undefined>>'}`
  })
  return { ...code, parameters: parameters.join(', ') }
}

const action = "'(index|create|new|show|update|destroy|edit)'"
const actionList = new RegExp(`^\\[${action}(, ${action})*\\]$`)

/** A list of actions keeps their names in its type, so that `only` and `except` take it. */
function asConst(code: Code): { suffix?: string } {
  if (typeof code === 'object' && code.type === 'object' && code.properties.some(({ key }) => key === 'only' || key === 'except'))
    return { suffix: ' as const' }
  const text = typeof code === 'string' ? code : code.type === 'array' ? `[${code.items.join(', ')}]` : ''
  return actionList.test(text) ? { suffix: ' as const' } : {}
}

function remember(values: Map<string, RubyValue>, name: string, node: RubyNode, translation: Translation): void {
  const value = tryEvaluate(node, translation.scope)
  if (value !== undefined) values.set(name, value)
}

/** A helper method: a function of routes, or of a value. */
function method(node: NodeOf<'DefNode'>, translation: Translation): Statement[] {
  const name = functionName(node.name)
  translation.report(node, `def ${node.name}`, 'ported')
  const outer = translation.block
  try {
    return [translation.inBlock(() => methodStatement(node, name, translation))]
  } finally {
    translation.block = outer
  }
}

function methodStatement(node: NodeOf<'DefNode'>, name: string, translation: Translation): Statement {
  const list = parameterList(node, translation)
  const parameters = wrapped(list, name)
  const nodes = statementsOf(node.body as RubyNode | null)
  const [only] = nodes
  translation.methods.set(node.name, name)
  translation.block = takesBlock(node) ? blockName(node, translation) : undefined
  translation.parametersBeforeBlock.set(node.name, list.length - (translation.block === undefined ? 0 : 1))
  if (nodes.some((child) => mentionsDsl(child))) {
    const start = nodes[0]!.location.startOffset
    return {
      type: 'block',
      head: `const ${name} = (${parameters}) =>`,
      body: translation.anywhere(() => translateStatements(nodes, start, endOf(nodes.at(-1)!), translation)),
    }
  }
  try {
    if (!only || nodes.length > 1) throw new Untranslatable(node, 'a method of several statements is not translated')
    return { type: 'line', prefix: `const ${name} = (${parameters}) => `, code: inline(only, translation) }
  } catch (error) {
    translation.methods.delete(node.name)
    throw error
  }
}

/** Whether a method names its block, or yields to it. */
function takesBlock(node: NodeOf<'DefNode'>): boolean {
  const yields = (child: RubyNode): boolean =>
    is(child, 'YieldNode') || (is(child, 'CallNode') && child.name === 'block_given?') || childrenOf(child).some(yields)
  return Boolean(node.parameters?.block) || (node.body !== null && yields(node.body as RubyNode))
}

function blockName(node: NodeOf<'DefNode'>, translation: Translation): string {
  const name = (node.parameters?.block as { name?: string | null } | null | undefined)?.name ?? 'block'
  return translation.local(name) ?? translation.declare(name)
}

function mentionsDsl(node: RubyNode): boolean {
  if (is(node, 'YieldNode') || (is(node, 'CallNode') && !node.receiver && isDslCall(node.name))) return true
  return childrenOf(node).some(mentionsDsl)
}

/** Keywords become one object: `only: [], param:` is `{ only = [], param }`. */
function keywordParameters(parameters: NodeOf<'ParametersNode'>, translation: Translation): string[] {
  const keywords = parameters.keywords as Keyword[]
  const rest = parameters.keywordRest as NodeOf<'KeywordRestParameterNode'> | null
  if (keywords.length === 0 && !rest) return []
  const names = keywords.map((keyword) => {
    const value = is(keyword, 'OptionalKeywordParameterNode') ? (keyword.value as RubyNode) : undefined
    const called = translation.declare(keyword.name)
    const pattern = called === keyword.name ? called : `${keyword.name}: ${called}`
    return value && !is(value, 'NilNode') ? `${pattern} = ${inline(value, translation)}` : pattern
  })
  const types = keywords.map(
    (keyword) => `${keyword.name}${is(keyword, 'OptionalKeywordParameterNode') ? '?' : ''}: ${keywordType(keyword, translation)}`,
  )
  if (rest?.name) translation.optionVariables.add(rest.name)
  if (rest) names.push(`...${translation.declare(rest.name ?? 'rest')}`)
  if (rest) types.push('[option: string]: unknown')
  const optional = keywords.every((keyword) => is(keyword, 'OptionalKeywordParameterNode')) ? ' = {}' : ''
  return [`{ ${names.join(', ')} }: { ${types.join('; ')} }${optional}`]
}

type Keyword = NodeOf<'OptionalKeywordParameterNode'> | NodeOf<'RequiredKeywordParameterNode'>

function keywordType(keyword: Keyword, translation: Translation): string {
  const value = is(keyword, 'OptionalKeywordParameterNode') ? (keyword.value as RubyNode) : undefined
  if (keyword.name === 'only' || keyword.name === 'except') {
    translation.stubs.add('actionName')
    return 'readonly ActionName[]'
  }
  if (is(value, 'TrueNode', 'FalseNode')) return 'boolean'
  if (is(value, 'IntegerNode', 'FloatNode')) return 'number'
  return is(value, 'ArrayNode') ? 'readonly string[]' : 'string'
}

/** The parameters on one line, or each on its own where they don't fit. */
function wrapped(parameters: readonly string[], name: string): string {
  const line = parameters.join(', ')
  return name.length + line.length < 115 ? line : `\n${parameters.map((parameter) => `    ${parameter},\n`).join('')}  `
}

function parameterList(node: NodeOf<'DefNode'>, translation: Translation): string[] {
  const { parameters } = node
  const block = takesBlock(node) ? [`${blockName(node, translation)}?: () => void`] : []
  if (!parameters) return block
  if (parameters.rest || parameters.posts.length > 0) {
    throw new Untranslatable(node, 'a method with such parameters is not translated')
  }
  const required = parameters.requireds.map((parameter) => {
    const { name } = parameter as { name: string }
    if (isRequestName(name)) translation.imports.add('type RequestAttributes')
    return `${translation.declare(name)}: ${isRequestName(name) ? 'RequestAttributes' : 'string'}`
  })
  const optional = (parameters.optionals as NodeOf<'OptionalParameterNode'>[]).map((parameter) => {
    return `${translation.declare(parameter.name)} = ${inline(parameter.value as RubyNode, translation)}`
  })
  return [...required, ...optional, ...keywordParameters(parameters, translation), ...block]
}
