import { camelize } from '../../src/naming/index.ts'
import { type CallNode, constantPath, is, literalText, type RubyNode } from '../ruby/index.ts'
import { quote } from '../typescript/index.ts'
import type { Translation } from './translation.ts'
import { Untranslatable } from './untranslatable.ts'

/** The parts of a call, translated when asked for. */
export interface CallParts {
  receiver(): string
  args(): string[]
  block(): string | undefined
}

type MethodTranslator = (call: CallNode, parts: CallParts, translation: Translation) => string | undefined

const operators: Record<string, string> = { '==': '===', '!=': '!==', '<': '<', '>': '>', '<=': '<=', '>=': '>=', '+': '+', '-': '-' }

/** Ruby's methods on values that routes files use, by name. */
const methods: Record<string, MethodTranslator> = {
  freeze: (_call, { receiver }) => receiver(),
  to_sym: (_call, { receiver }) => receiver(),
  to_proc: (_call, { receiver }) => receiver(),
  to_s: (_call, { receiver }) => `String(${receiver()} ?? '')`,
  presence: (_call, { receiver }) => `(${receiver()} || null)`,
  strip: (_call, { receiver }) => `${receiver()}.trim()`,
  to_i: (_call, { receiver }) => `(Number.parseInt(String(${receiver()}), 10) || 0)`,
  to_query: (call, { receiver }) =>
    is(call.receiver as RubyNode, 'HashNode', 'ParenthesesNode') ? `new URLSearchParams(${receiver()}).toString()` : undefined,
  sub: (call, parts) => replaced('replace', call, parts),
  gsub: (call, parts) => replaced('replaceAll', call, parts),
  upcase: (_call, { receiver }) => `${receiver()}.toUpperCase()`,
  downcase: (_call, { receiver }) => `${receiver()}.toLowerCase()`,
  'nil?': (_call, { receiver }) => `${receiver()} == null`,
  'present?': (_call, { receiver }) => `Boolean(${receiver()})`,
  'blank?': (_call, { receiver }) => `!${receiver()}`,
  '!': (_call, { receiver }) => negated(receiver()),
  'start_with?': (_call, { receiver, args }) => any(args(), (arg) => `${receiver()}.startsWith(${arg})`),
  'end_with?': (_call, { receiver, args }) => any(args(), (arg) => `${receiver()}.endsWith(${arg})`),
  'include?': (_call, { receiver, args }) => `${receiver()}.includes(${args().join(', ')})`,
  'exclude?': (_call, { receiver, args }) => `!${receiver()}.includes(${args().join(', ')})`,
  'match?': (_call, { receiver, args }) => matches(receiver(), args()[0]),
  '=~': (_call, { receiver, args }) => matches(receiver(), args()[0]),
  '!~': (_call, { receiver, args }) => `!${matches(receiver(), args()[0])}`,
  keys: (_call, { receiver }) => `Object.keys(${receiver()})`,
  values: (_call, { receiver }) => `Object.values(${receiver()})`,
  merge: (_call, { receiver, args }) => `{ ${[receiver(), ...args()].map(spreadOf).join(', ')} }`,
  map: (_call, { receiver, block }) => withBlock(receiver(), 'map', block()),
  select: (_call, { receiver, block }) => withBlock(receiver(), 'filter', block()),
  join: (_call, { receiver, args }) => `${receiver()}.join(${args()[0] ?? "''"})`,
  '[]': (call, { receiver, args }, translation) => subscript(call, receiver, args, translation),
}

/** What Rails' request answers in a constraint or a redirect, asked of our request. */
const requestAttributes: Record<string, (request: string) => string> = {
  subdomain: (request) => `${request}.subdomains.join('.')`,
  subdomains: (request) => `${request}.subdomains`,
  host: (request) => `${request}.host`,
  port: (request) => `${request}.port`,
  protocol: (request) => `\`\${${request}.protocol}://\``,
  scheme: (request) => `${request}.protocol`,
  'ssl?': (request) => `${request}.protocol === 'https'`,
  path: (request) => `${request}.path`,
  fullpath: (request) => `${request}.fullpath`,
  original_fullpath: (request) => `${request}.fullpath`,
  query_string: (request) => `${request}.fullpath.replace(/^[^?]*\\??/, '')`,
  ip: (request) => `${request}.remoteIp`,
  remote_ip: (request) => `${request}.remoteIp`,
  method: (request) => `${request}.method`,
  request_method: (request) => `${request}.method`,
  'get?': (request) => `${request}.method === 'GET'`,
  'post?': (request) => `${request}.method === 'POST'`,
  script_name: (request) => `${request}.scriptName`,
  format: (request) => `${request}.format`,
  user_agent: (request) => `${request}.header('user-agent')`,
  referer: (request) => `${request}.header('referer')`,
}

/** Translates a call with a receiver by the tables above.
 *
 * @throws Untranslatable when none of them knows the method
 */
export function translateMethod(call: CallNode, translation: Translation, parts: CallParts): string {
  const special = environmentQuestion(call, translation) ?? environmentVariable(call, parts, translation)
  if (special !== undefined) return special
  const constant = constantPath(call.receiver as RubyNode)
  if ((constant === 'CGI' && call.name === 'escape') || (constant === 'ERB::Util' && call.name === 'url_encode')) {
    return `encodeURIComponent(String(${withoutString(parts.args()[0]!)}))`
  }
  if (constant === 'Regexp' && call.name === 'escape') throw new Untranslatable(call, 'Regexp.escape is not translated')
  const format = formatQuestion(call, translation)
  if (format !== undefined) return format
  const attribute = requestAttribute(call, translation)
  if (attribute !== undefined) return attribute
  if (Object.hasOwn(operators, call.name) && parts.args().length === 1)
    return `${parts.receiver()} ${operators[call.name]} ${parts.args()[0]}`
  const text = Object.hasOwn(methods, call.name) ? methods[call.name]!(call, parts, translation) : undefined
  if (text === undefined) throw new Untranslatable(call, `${call.name} is not translated`)
  return text
}

/** The names that a request goes by in blocks of routes files. */
export function isRequestName(name: string): boolean {
  return ['request', 'req', 'r', '_request', '_req'].includes(name)
}

/** The name of the variable that holds the request, when this reads it: by its place in a predicate or redirect, or else by its name. */
function requestRead(node: RubyNode | null, translation: Translation): string | undefined {
  const name = is(node, 'LocalVariableReadNode') ? node.name : is(node, 'ItLocalVariableReadNode') ? 'it' : undefined
  return name !== undefined && (translation.requests?.has(name) ?? isRequestName(name)) ? name : undefined
}

function requestAttribute(call: CallNode, translation: Translation): string | undefined {
  const receiver = call.receiver as RubyNode
  const name = requestRead(receiver, translation)
  if (name === undefined || call.arguments_ || call.block) return undefined
  const local = translation.local(name)
  if (local !== undefined && Object.hasOwn(requestAttributes, call.name)) return requestAttributes[call.name]!(local)
  throw new Untranslatable(call, `request.${call.name} is not available to routes`)
}

/** `request.format.html?` */
function formatQuestion(call: CallNode, translation: Translation): string | undefined {
  const format = call.receiver as RubyNode
  if (!is(format, 'CallNode') || format.name !== 'format' || !/^(html|json|xml|csv|js|atom|rss|text|pdf)\?$/.test(call.name))
    return undefined
  const request = format.receiver as RubyNode | null
  const name = requestRead(request, translation)
  const local = name === undefined ? undefined : translation.local(name)
  return local === undefined ? undefined : `${local}.format === ${quote(call.name.slice(0, -1))}`
}

function environmentQuestion(call: CallNode, translation: Translation): string | undefined {
  const receiver = call.receiver as RubyNode
  if (call.name === 'env' && constantPath(receiver) === 'Rails') {
    translation.stubs.add('environment')
    return 'environment'
  }
  if (!is(receiver, 'CallNode') || receiver.name !== 'env' || constantPath(receiver.receiver as RubyNode | null) !== 'Rails')
    return undefined
  if (call.name === 'local?') {
    translation.stubs.add('environment')
    return "['development', 'test'].includes(environment)"
  }
  if (!call.name.endsWith('?') || call.arguments_) return undefined
  translation.stubs.add('environment')
  return `environment === ${quote(call.name.slice(0, -1))}`
}

function environmentVariable(call: CallNode, parts: CallParts, translation: Translation): string | undefined {
  if (constantPath(call.receiver as RubyNode) !== 'ENV') return undefined
  const argument = (call.arguments_?.arguments_ ?? [])[0] as RubyNode | undefined
  const name = literalText(argument)
  if (name === undefined) throw new Untranslatable(call, 'the name of the environment variable is computed')
  translation.report(call, translation.source.slice(call), 'note', `reads the environment variable ${name} at boot`)
  const variable = /^[A-Za-z_]\w*$/.test(name) ? `process.env.${name}` : `process.env[${quote(name)}]`
  if (call.name === '[]') return variable
  if (['key?', 'has_key?', 'include?'].includes(call.name)) return `${variable} !== undefined`
  if (call.name === 'fetch') return parts.args().length > 1 ? `(${variable} ?? ${parts.args()[1]})` : `${variable}`
  return undefined
}

function subscript(call: CallNode, receiver: () => string, args: () => string[], translation: Translation): string {
  const header = requestHeader(call, translation)
  if (header !== undefined) return header
  const key = literalText(((call.arguments_?.arguments_ ?? []) as RubyNode[])[0])
  const target = call.receiver as RubyNode
  const parameter = requestParameter(target, key, translation)
  if (parameter !== undefined) return parameter
  const named = is(target, 'CallNode') && ['params', 'query_parameters', 'path_parameters'].includes(target.name) && target.receiver
  if (named) throw new Untranslatable(call, `request.${(target as CallNode).name} is not available to routes`)
  if (requestRead(target, translation) !== undefined) throw new Untranslatable(call, 'a request is not read like a hash here')
  if (key === undefined) return `${receiver()}[${args().join(', ')}]`
  return /^[A-Za-z_]\w*$/.test(key) ? `${receiver()}.${key}` : `${receiver()}[${quote(key)}]`
}

/** `request.params[:name]`: of the path, if the function is given its parameters, or of the query. */
function requestParameter(target: RubyNode, key: string | undefined, translation: Translation): string | undefined {
  if (!is(target, 'CallNode') || !['params', 'query_parameters'].includes(target.name) || key === undefined) return undefined
  const request = requestRead(target.receiver as RubyNode | null, translation)
  const local = request === undefined ? undefined : translation.local(request)
  if (local === undefined) return undefined
  translation.stubs.add('query')
  translation.imports.add('type RequestAttributes')
  const [first] = translation.functionParameters
  const query = `query(${local}, ${quote(key)})`
  if (target.name === 'query_parameters' || first === undefined || first === local) return query
  return `(${/^\w+$/.test(key) ? `${first}.${key}` : `${first}[${quote(key)}]`} ?? ${query})`
}

/** `request.headers["X-Name"]` and `request.env["HTTP_X_NAME"]`. */
function requestHeader(call: CallNode, translation: Translation): string | undefined {
  const target = call.receiver as RubyNode
  const key = literalText(((call.arguments_?.arguments_ ?? []) as RubyNode[])[0])
  if (key === undefined || !is(target, 'CallNode') || !['headers', 'env'].includes(target.name)) return undefined
  const request = target.receiver as RubyNode | null
  const name = requestRead(request, translation)
  const local = name === undefined ? undefined : translation.local(name)
  if (local === undefined || (target.name === 'env' && !key.startsWith('HTTP_'))) return undefined
  return `${local}.header(${quote(
    key
      .replace(/^HTTP_/, '')
      .replaceAll('_', '-')
      .toLowerCase(),
  )})`
}

/** The properties of an object literal, or the spread of any other value. */
function spreadOf(text: string): string {
  return /^\{ [^{}]* \}$/.test(text) ? text.slice(2, -2) : `...${text}`
}

function matches(left: string, right: string | undefined): string {
  return left.startsWith('/') ? `${left}.test(${right})` : `${right}.test(${left})`
}

/** A replacement of a text by a plain text. What Ruby and JavaScript read differently in it stays Ruby. */
function replaced(method: 'replace' | 'replaceAll', call: CallNode, { receiver, args, block }: CallParts): string | undefined {
  const [pattern, replacement] = args()
  const text = literalText((call.arguments_?.arguments_ ?? [])[1] as RubyNode | undefined)
  if (block() !== undefined || pattern === undefined || text === undefined || /[$\\]/.test(text)) return undefined
  const isExpression = pattern.startsWith('/')
  return `String(${receiver()}).${method}(${isExpression && method === 'replaceAll' ? `${pattern}g` : pattern}, ${replacement})`
}

function withBlock(receiver: string, name: string, block: string | undefined): string | undefined {
  return block === undefined ? undefined : `${receiver}.${name}(${block})`
}

function any(args: readonly string[], test: (arg: string) => string): string {
  return args.length === 1 ? test(args[0]!) : `[${args.join(', ')}].some((text) => ${test('text')})`
}

/** The value that a text was made of, for where a text is made anyway. */
function withoutString(text: string): string {
  return /^String\((.*) \?\? ''\)$/.exec(text)?.[1]?.replace(/^\((.*)\)$/, '$1') ?? text
}

function negated(text: string): string {
  if (text === 'true') return 'false'
  return text === 'false' || text === 'null' ? 'true' : `!${wrap(text)}`
}

function wrap(text: string): string {
  return /^[\w.$]+(\([^()]*\))?$/.test(text) || /^\([^()]*\)$/.test(text) ? text : `(${text})`
}

/** A Ruby name as a JavaScript method or function name: `content_id` → `contentId`, `valid?` → `valid`. */
export function functionName(name: string): string {
  return camelize(name.replace(/[?!]$/, ''), 'lower')
}
