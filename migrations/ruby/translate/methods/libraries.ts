import { quote } from '../../../typescript/index.ts'
import { argumentsOf, type CallNode, constantPath, is, literalText, type RubyNode } from '../../nodes.ts'
import { camelize } from '../../../../src/naming/index.ts'
import { expression, hashCode, value } from '../expressions/expressions.ts'
import type { Frame } from '../frame.ts'
import { blockFunction, type FunctionCode } from '../calls/functions.ts'
import { Untranslated } from '../untranslated.ts'
import { arrayOf, date, type Expression, hash, number, present, text, time, unknown, type ValueType } from '../value_types.ts'

type Library = (args: () => string[], frame: Frame, call: CallNode) => Expression | undefined

const now: Library = () => ({ code: 'new Date()', type: time })
const today: Library = () => ({ code: 'new Date(new Date().setUTCHours(0, 0, 0, 0))', type: date })
const dayFromToday =
  (days: string): Library =>
  () => ({ code: `new Date(new Date().setUTCHours(0, 0, 0, 0) ${days} 86400000)`, type: date })
const parsedDate: Library = (args) => ({ code: `new Date(new Date(${args()[0] ?? ''}).setUTCHours(0, 0, 0, 0))`, type: date })
const parsedTime: Library = (args, _frame, call) => {
  const [text = '', base] = args()
  if (base !== undefined) throw new Untranslated(call, 'a time that lacks a part which another time has')
  if (/^'\d{1,2}:/.test(text)) throw new Untranslated(call, 'a time without a day')
  return { code: `new Date(${text})`, type: time }
}
const duration =
  (unit: string): Library =>
  (_args, frame, call) => ({
    code: `${frame.imports.framework(unit)}(${value(call.receiver as RubyNode, frame).code})`,
    type: { kind: 'duration' },
  })

/** Methods of Ruby's and Rails' own constants. */
const libraries: Record<string, Library> = {
  'Time.now': now,
  'Time.current': now,
  'DateTime.now': now,
  'DateTime.current': now,
  'Time.zone.now': now,
  'Date.today': today,
  'Date.current': today,
  'Time.zone.today': today,
  'Date.tomorrow': dayFromToday('+'),
  'Time.zone.tomorrow': dayFromToday('+'),
  'Date.yesterday': dayFromToday('-'),
  'Time.zone.yesterday': dayFromToday('-'),
  'Date.new': (args) => {
    const [year = '-4712', month = '1', day = '1'] = args()
    return { code: `new Date(Date.UTC(${year}, ${/^\d+$/.test(month) ? Number(month) - 1 : `${month} - 1`}, ${day}))`, type: date }
  },
  'Time.zone.parse': parsedTime,
  'Time.parse': parsedTime,
  'Date.parse': parsedDate,
  'DateTime.parse': parsedTime,
  'Time.at': (args) => ({ code: `new Date(${args()[0]} * 1000)`, type: time }),
  'Time.zone.at': (args) => ({ code: `new Date(${args()[0]} * 1000)`, type: time }),
  'Rails.logger.debug': logged('debug'),
  'Rails.logger.info': logged('info'),
  'Rails.logger.warn': logged('warn'),
  'Rails.logger.error': logged('error'),
  'Rails.logger.fatal': logged('fatal'),
  'Rails.env.production?': environment('production'),
  'Rails.env.development?': environment('development'),
  'Rails.env.test?': environment('test'),
  'Rails.env.local?': (_args, frame) => ({
    code: `['development', 'test'].includes(${environmentName(frame)})`,
    type: { kind: 'boolean' },
  }),
  'Rails.env': (_args, frame) => ({ code: environmentName(frame), type: text }),
  'Rails.application.secret_key_base': (_args, frame) => ({
    code: `${frame.imports.framework('application')}().config.secretKeyBase`,
    type: text,
  }),
  'Rails.cache.fetch': (args, frame) => ({
    code: `${frame.imports.framework('cache')}.fetch(${args().join(', ')})`,
    type: unknown,
    pending: true,
  }),
  'Rails.cache.read': (args, frame) => ({
    code: `${frame.imports.framework('cache')}.read(${args().join(', ')})`,
    type: unknown,
    pending: true,
  }),
  'Rails.cache.write': (args, frame) => ({
    code: `${frame.imports.framework('cache')}.write(${args().join(', ')})`,
    type: unknown,
    pending: true,
  }),
  'Rails.cache.delete': (args, frame) => ({
    code: `${frame.imports.framework('cache')}.delete(${args().join(', ')})`,
    type: unknown,
    pending: true,
  }),
  'SecureRandom.hex': (args, frame) => ({ code: `${frame.imports.framework('randomHex')}(${args().join(', ')})`, type: text }),
  'Random.uuid': (_args, frame) => ({ code: `${frame.imports.module('{ randomUUID }', 'node:crypto')}()`, type: text }),
  'I18n.t': translated,
  'I18n.translate': translated,
  'I18n.available_locales': (_args, { application: { locales } }) =>
    locales && { code: `[${locales.map((each) => quote(each)).join(', ')}]`, type: { kind: 'array', element: text } },
  'I18n.locale': (_args, frame) => ({ code: `${frame.imports.framework('currentLocale')}()`, type: text }),
  'I18n.with_locale': (args, frame, call) => {
    if (!call.block) return undefined
    const block = given(call, frame)
    const code = `${frame.imports.framework('withLocale')}(${[...args(), block.code].join(', ')})`
    return { code, type: unknown, ...(block.isAsync ? { pending: true } : {}) }
  },
  'Regexp.escape': (args) => ({ code: `${escapedPattern(`String(${args()[0]})`)}`, type: text }),
  'Regexp.quote': (args) => ({ code: `${escapedPattern(`String(${args()[0]})`)}`, type: text }),
  'Regexp.union': (_args, frame, call) => unionOf(call, frame),
  'Regexp.new': (args, _frame, call) =>
    argumentsOf(call).positional.length === 1 ? { code: `new RegExp(${args()[0]})`, type: { kind: 'regexp' } } : undefined,
  'Base64.strict_encode64': (args) => ({ code: `Buffer.from(${args()[0]}).toString('base64')`, type: text }),
  'Base64.urlsafe_encode64': (args, _frame, call) =>
    argumentsOf(call).pairs.length > 0 ? undefined : { code: `Buffer.from(${args()[0]}).toString('base64url')`, type: text },
  'Base64.decode64': (args) => ({ code: `Buffer.from(${args()[0]}, 'base64').toString('latin1')`, type: text }),
  'Base64.strict_decode64': (args) => ({ code: `Buffer.from(${args()[0]}, 'base64').toString('latin1')`, type: text }),
  'SecureRandom.uuid': (_args, frame) => ({ code: `${frame.imports.module('{ randomUUID }', 'node:crypto')}()`, type: text }),
  'SecureRandom.urlsafe_base64': (args, frame) => ({
    code: `${frame.imports.framework('randomUrlSafe')}(${args().join(', ')})`,
    type: text,
  }),
  'SecureRandom.base58': (args, frame) => ({ code: `${frame.imports.framework('randomBase58')}(${args().join(', ')})`, type: text }),
  'JSON.parse': (args) => ({ code: `JSON.parse(${args()[0]})`, type: unknown }),
  'JSON.generate': (args) => ({ code: `JSON.stringify(${args()[0]})`, type: text }),
  'JSON.dump': (args) => ({ code: `JSON.stringify(${args()[0]})`, type: text }),
  'Digest::MD5.hexdigest': digest('md5'),
  'Digest::SHA1.hexdigest': digest('sha1'),
  'Digest::SHA256.hexdigest': digest('sha256'),
  'CGI.escape': (args) => ({ code: `encodeURIComponent(${args()[0]})`, type: text }),
  'URI.encode_www_form_component': (args) => ({ code: `encodeURIComponent(${args()[0]})`, type: text }),
  'URI.parse': (args, frame) => {
    frame.notes.add('URL takes absolute addresses only, and throws for others')
    return { code: `new URL(${args()[0]})`, type: { kind: 'url' } }
  },
  'Array.wrap': (_args, frame, call) => {
    const [first] = argumentsOf(call).positional
    if (!first) return undefined
    const given = value(first, frame).code
    const code = /^[\w$.]+$/.test(given) ? given : `(${given})`
    const { type } = present(value(first, frame))
    if (type.isJson) return { code: `([${code} ?? []].flat() as Untyped[])`, type: arrayOf() }
    const isItem = /^(record|text|number|boolean|time|date)$/.test(type.kind) && !type.isLoose
    return { code: `[${code} ?? []].flat()`, type: type.kind === 'array' ? type : isItem ? arrayOf(type) : arrayOf() }
  },
  'ENV.[]': (_args, frame, call) => environmentVariable(call, frame),
  'ENV.fetch': (args, frame, call) => {
    const read = environmentVariable(call, frame)
    const fallback = args()[1]
    return { code: fallback === undefined ? read.code : `(${read.code} ?? ${fallback})`, type: text }
  },
  'Arel.sql': (args, frame) => ({ code: `${frame.imports.framework('sql')}(${args().join(', ')})`, type: unknown }),
  'Set.new': (args, _frame, call) =>
    call.block ? undefined : { code: `new Set${args().length === 0 ? '<Untyped>' : ''}(${args().join(', ')})`, type: { kind: 'set' } },
  'Set.[]': (args) => ({ code: `new Set([${args().join(', ')}])`, type: { kind: 'set' } }),
  'Hash.[]': (args) => (args().length === 1 ? { code: `Object.fromEntries(${args()[0]})`, type: hash } : undefined),
  'Hash.new': (args, _frame, call) => {
    if (call.block || args().length > 0) throw new Untranslated(call, 'a hash with a default')
    return { code: '{}', type: hash }
  },
  'Class.new': (args, _frame, call) => {
    if (call.block) throw new Untranslated(call, 'a class without a name, with a body')
    return { code: `class extends ${args()[0] ?? 'Object'} {}`, type: unknown }
  },
  'Module.new': (_args, _frame, call) => {
    throw new Untranslated(call, 'a module that is made while it runs')
  },
  'Struct.new': (_args, _frame, call) => {
    throw new Untranslated(call, 'Struct')
  },
  'JWT.encode': (args, frame) => {
    const [payload, key, algorithm, header] = args()
    const options = [...(algorithm ? [`algorithm: ${algorithm}`] : []), ...(header ? [`header: ${header}`] : []), 'noTimestamp: true']
    return { code: `${frame.imports.module('jwt', 'jsonwebtoken')}.sign(${payload}, ${key}, { ${options.join(', ')} })`, type: text }
  },
  'JWT.decode': (args, frame) => ({
    code: `[${frame.imports.module('jwt', 'jsonwebtoken')}.verify(${args().slice(0, 2).join(', ')}, { algorithms: ['HS256'] }) as jwt.JwtPayload]`,
    type: { kind: 'array', element: hash },
  }),
}

const sizes = ['kilobyte', 'megabyte', 'gigabyte', 'terabyte']
const units = ['second', 'minute', 'hour', 'day', 'week', 'month', 'year']

/** A call on a constant that Ruby or Rails defines, or a number with a unit of time; undefined for any other. */
export function libraryCall(call: CallNode, frame: Frame): Expression | undefined {
  const unit = units.find((each) => call.name === each || call.name === `${each}s`)
  if (
    unit !== undefined &&
    !call.arguments_ &&
    call.receiver &&
    (is(call.receiver as RubyNode, 'IntegerNode', 'FloatNode') || !frame.application.knowsMethod(call.name)) &&
    isNumeric(call.receiver as RubyNode, frame, call.name === unit)
  )
    return duration(`${unit}s`)([] as never, frame, call)
  const size = sizes.indexOf(call.name.replace(/s$/, ''))
  if (size >= 0 && !call.arguments_ && call.receiver)
    return { code: `(${value(call.receiver as RubyNode, frame).code} * 1024${size > 0 ? ` ** ${size + 1}` : ''})`, type: number }
  const path = pathOf(call)
  const ownEnvironment = /^Rails\.env\.(\w+)\?$/.exec(path ?? '')?.[1]
  if (ownEnvironment !== undefined && !Object.hasOwn(libraries, path!)) return environment(ownEnvironment)(() => [], frame, call)
  if (path === undefined || !Object.hasOwn(libraries, path)) return mathCall(call, frame)
  let fetched: ValueType | undefined
  const all = () => {
    const { positional, pairs } = argumentsOf(call)
    const codes = positional.map((argument) => present(value(argument, frame)).code)
    if (path.startsWith('Rails.cache')) refuseCacheOptions(pairs)
    if (pairs.length > 0 && path.startsWith('Rails.cache')) codes.push(hashCode(pairs, frame, (key) => camelize(key, 'lower')))
    else if (pairs.length > 0 && !path.startsWith('JSON'))
      codes.push(value((call.arguments_!.arguments_ as RubyNode[]).at(-1)!, frame).code)
    if (call.block && path === 'Rails.cache.fetch') {
      const block = given(call, frame)
      codes.push(block.code)
      fetched = block.returns
    }
    return codes
  }
  const answer = libraries[path]!(all, frame, call)
  return answer && fetched && isKept.test(fetched.kind) ? { ...answer, type: fetched } : answer
}

/** What the cache answers as the block made it. */
const isKept = /^(record|text|number|boolean|time|date)$/

/** @throws Untranslated for what the cache has not */
function refuseCacheOptions(pairs: readonly RubyNode[]): void {
  for (const pair of pairs) {
    const name = is(pair, 'AssocNode') ? literalText(pair.key as RubyNode) : undefined
    if (name !== undefined && !/^(expires_in|expires_at|force|skip_nil)$/.test(name))
      throw new Untranslated(pair, `the cache has no ${name}`)
  }
}

/** The block of a call as its last argument. */
function given(call: CallNode, frame: Frame): Pick<FunctionCode, 'code' | 'isAsync' | 'returns'> {
  const block = blockFunction(call, frame)
  if (!block) throw new Untranslated(call, 'a block of another kind')
  return block
}

/** `Rails.logger.info`: the names from the constant on. */
function pathOf(call: CallNode): string | undefined {
  const receiver = call.receiver as RubyNode | null
  const constant = constantPath(receiver)?.replace(/^::/, '')
  if (constant !== undefined) return `${constant}.${call.name}`
  if (!is(receiver, 'CallNode') || receiver.arguments_ || receiver.block) return undefined
  const before = pathOf(receiver)
  return before === undefined ? undefined : `${before}.${call.name}`
}

function translated(args: () => string[], frame: Frame): Expression {
  return { code: `${frame.imports.framework('translate')}(${args().join(', ')})`, type: text }
}

/** A pattern that fits nothing but a text, of the text's code. */
export function escapedPattern(code: string): string {
  if (/^'[^'\\]*'$/.test(code)) return quote(code.slice(1, -1).replace(/[.*+?^${}()|[\]\-#]/g, '\\$&'))
  return `${code}.replace(/[.*+?^\${}()|[\\]\\\\\\-#]/g, '\\\\$&')`
}

/** A pattern of texts, one of which has to fit. */
function unionOf(call: CallNode, frame: Frame): Expression | undefined {
  const { positional } = argumentsOf(call)
  const values = positional.map((each) => value(each, frame))
  const [given] = values
  if (values.length > 1 && values.every(({ type }) => type.kind === 'regexp'))
    return {
      code: `new RegExp([${values.map(({ code }) => code).join(', ')}].map(({ source }) => source).join('|'))`,
      type: { kind: 'regexp' },
    }
  const texts =
    values.length === 1 && given!.type.kind === 'array' && given!.type.element?.kind === 'text'
      ? given!.code
      : values.every(({ type }) => type.kind === 'text') && `[${values.map(({ code }) => code).join(', ')}]`
  if (texts === false) return undefined
  return { code: `new RegExp(${texts}.map((text: string) => ${escapedPattern('text')}).join('|'))`, type: { kind: 'regexp' } }
}

/** @param isPart whether times have a part of the name, as `day`: what nobody knows is rather a time then */
function isNumeric(node: RubyNode, frame: Frame, isPart: boolean): boolean {
  const kinds = isPart ? ['number'] : ['number', 'unknown']
  if (is(node, 'IntegerNode', 'FloatNode')) return true
  if (is(node, 'LocalVariableReadNode')) return kinds.includes(frame.local(node.name)?.type.kind ?? '')
  if (is(node, 'CallNode')) return isNumericCall(node, frame, kinds)
  return is(node, 'ConstantReadNode') && node.name === node.name.toUpperCase()
}

/** Whether a call answers a number, or something that nobody knows: only numbers are asked for `days`. */
function isNumericCall(node: CallNode, frame: Frame, kinds: readonly string[]): boolean {
  const { isAsync } = frame
  try {
    return kinds.includes(frame.value(expression(node, frame)).type.kind)
  } finally {
    frame.isAsync = isAsync
  }
}

function mathCall(call: CallNode, frame: Frame): Expression | undefined {
  if (constantPath(call.receiver as RubyNode)?.replace(/^::/, '') !== 'Math' || !/^[a-z]\w*$/.test(call.name)) return undefined
  const [given = '', base, ...more] = argumentsOf(call).positional.map((argument) => present(value(argument, frame)).code)
  // JavaScript's own takes no base, and rounds those of its own otherwise than Ruby.
  if (call.name === 'log' && base !== undefined) return { code: `(Math.log(${given}) / Math.log(${base}))`, type: number }
  const args = [given, ...(base === undefined ? [] : [base]), ...more].join(', ')
  return { code: `Math.${call.name}(${args})`, type: number }
}

function logged(level: string): Library {
  return (args, frame, call) => {
    const block = args()
    if (call.block) throw new Untranslated(call, 'a message that a block makes')
    return { code: `${frame.imports.framework('logger')}.${level}(${block.join(', ')})`, type: unknown }
  }
}

function environment(name: string): Library {
  return (_args, frame) => ({
    code: `${environmentName(frame)} === '${name}'`,
    type: { kind: 'boolean' },
  })
}

function environmentName(frame: Frame): string {
  return `${frame.imports.framework('application')}().config.env.name`
}

function digest(algorithm: string): Library {
  return (args, frame) => ({
    code: `${frame.imports.module('{ createHash }', 'node:crypto')}('${algorithm}').update(${args()[0]}).digest('hex')`,
    type: text,
  })
}

function environmentVariable(call: CallNode, frame: Frame): Expression {
  const [key] = argumentsOf(call).positional
  const name = literalText(key)
  return { code: name === undefined ? `process.env[${value(key!, frame).code}]` : `process.env[${quote(name)}]`, type: text }
}
