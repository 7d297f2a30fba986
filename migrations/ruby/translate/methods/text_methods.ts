import { quote } from '../../../typescript/index.ts'
import { argumentsOf, type CallNode, is, literalText, type RubyNode } from '../../nodes.ts'
import type { Frame } from '../frame.ts'
import { hashMethods } from './hash_methods.ts'
import type { ValueCall, ValueMethod, ValueMethods } from './value_methods.ts'
import { value } from '../expressions/expressions.ts'
import { blockFunction } from '../calls/functions.ts'
import { keptMatch, lastMatch, readsMatch } from '../expressions/last_match.ts'
import { escapedPattern } from './libraries.ts'
import { arrayOf, boolean, date, type Expression, number, present, text, unknown } from '../value_types.ts'

const method =
  (write: (receiver: string, args: string[], dot: string) => string, type: Expression['type']): ValueMethod =>
  ({ receiver, args, dot }) => ({
    code: write(
      receiver.code,
      args().map(({ code }) => code),
      dot,
    ),
    type,
  })

const naming =
  (name: string): ValueMethod =>
  ({ receiver, frame, args }) => ({
    code: `${frame.imports.framework(name)}(${[receiver, ...args()].map(({ code }) => code).join(', ')})`,
    type: text,
  })

const any = (write: (receiver: string, arg: string) => string): ValueMethod =>
  method(
    (receiver, args) => (args.length === 1 ? write(receiver, args[0]!) : `(${args.map((arg) => write(receiver, arg)).join(' || ')})`),
    boolean,
  )

/** Ruby's methods of texts and regular expressions. */
export const textMethods: ValueMethods = {
  to_s: ({ receiver, call, frame }) => {
    const [format] = argumentsOf(call).positional
    if (format) return undefined
    if (receiver.type.kind === 'text' && !call.isSafeNavigation() && /^['"`[]|\)$/.test(receiver.code))
      return { code: receiver.code, type: text }
    if (receiver.type.isSure) return { code: `String(${receiver.code})`, type: text }
    return { code: `String(${receiver.code} ?? '')`, type: text, ...(frame ? {} : {}) }
  },
  to_str: ({ receiver }) => ({ code: receiver.code, type: text }),
  to_sym: ({ receiver }) => ({ code: receiver.code, type: text }),
  intern: ({ receiver }) => ({ code: receiver.code, type: text }),
  to_i: ({ receiver, args }) => ({
    code:
      receiver.type.kind === 'number'
        ? `Math.trunc(${receiver.code})`
        : receiver.type.kind === 'time'
          ? `Math.floor(${receiver.code}.getTime() / 1000)`
          : receiver.type.kind === 'duration'
            ? `Number(${receiver.code})`
            : `(Number.parseInt(${receiver.type.kind === 'unknown' && !receiver.type.isLoose ? `String(${receiver.code})` : receiver.code}, ${args()[0]?.code ?? 10}) || 0)`,
    type: number,
  }),
  to_f: ({ receiver }) => ({
    code:
      receiver.type.kind === 'number'
        ? receiver.code
        : receiver.type.kind === 'time'
          ? `(${receiver.code}.getTime() / 1000)`
          : `(Number.parseFloat(${receiver.code}) || 0)`,
    type: number,
  }),
  to_d: ({ receiver }) => ({ code: `Number(${receiver.code})`, type: number }),
  upcase: method((receiver, _args, dot) => `${receiver}${dot}toUpperCase()`, text),
  downcase: method((receiver, _args, dot) => `${receiver}${dot}toLowerCase()`, text),
  capitalize: method((receiver) => `${receiver}.toLowerCase().replace(/^./u, (letter: string) => letter.toUpperCase())`, text),
  strip: method((receiver, _args, dot) => `${receiver}${dot}trim()`, text),
  lstrip: method((receiver, _args, dot) => `${receiver}${dot}trimStart()`, text),
  rstrip: method((receiver, _args, dot) => `${receiver}${dot}trimEnd()`, text),
  chomp: method(
    (receiver, [end = "'\\n'"]) =>
      end === "'\\n'"
        ? `${receiver}.replace(/\\r?\\n$/, '')`
        : end === "''"
          ? `${receiver}.replace(/(\\r?\\n)+$/, '')`
          : withoutEnd(receiver, end),
    text,
  ),
  squish: method((receiver, _args, dot) => `${receiver}${dot}trim().replace(/\\s+/g, ' ')`, text),
  chars: method((receiver) => `[...${receiver}]`, arrayOf(text)),
  lines: method((receiver) => `${receiver}.split(/(?<=\\n)/)`, arrayOf(text)),
  bytesize: method((receiver) => `Buffer.byteLength(${receiver})`, number),
  split: ({ receiver, args, dot }) => {
    const [by, limit] = args()
    if (limit) return undefined
    const parts =
      by === undefined || by.code === "' '" ? `${receiver.code}${dot}trim().split(/\\s+/)` : `${receiver.code}${dot}split(${by.code})`
    return {
      code: `((parts) => parts${dot}slice(0, parts.findLastIndex((part: string) => part !== '') + 1))(${parts})`,
      type: arrayOf(text),
    }
  },
  sub: replaced(false),
  gsub: replaced(true),
  'sub!': ({ receiver, ...rest }) => mutated(replaced(false)({ receiver, ...rest }), receiver),
  'gsub!': ({ receiver, ...rest }) => mutated(replaced(true)({ receiver, ...rest }), receiver),
  tr: ({ receiver, args }) => {
    const [from, to] = args()
    if (!from || !to || !/^'[^\\^-]'$/.test(from.code)) return undefined
    return { code: `${receiver.code}.replaceAll(${from.code}, ${to.code})`, type: text }
  },
  delete_prefix: method(
    (receiver, [prefix]) => `(${receiver}.startsWith(${prefix}) ? ${receiver}.slice(${prefix}.length) : ${receiver})`,
    text,
  ),
  delete_suffix: method((receiver, [suffix]) => withoutEnd(receiver, suffix!), text),
  'start_with?': any((receiver, arg) => `${receiver}.startsWith(${arg})`),
  'starts_with?': any((receiver, arg) => `${receiver}.startsWith(${arg})`),
  'end_with?': any((receiver, arg) => `${receiver}.endsWith(${arg})`),
  'ends_with?': any((receiver, arg) => `${receiver}.endsWith(${arg})`),
  'match?': ({ receiver, args }) => matched(receiver, args()[0]!),
  '=~': ({ receiver, args, frame }) => matched(receiver, args()[0]!, frame),
  '!~': ({ receiver, args }) => ({ code: `!${matched(receiver, args()[0]!).code}`, type: boolean }),
  match: ({ receiver, args, dot, frame }) => {
    const [other] = args()
    if (!other) return undefined
    const [subject, pattern] = receiver.type.kind === 'regexp' ? [other, receiver] : [receiver, other]
    const kept = frame.local(lastMatch)
    const found = `${subject.code}${dot}match(${pattern.code})`
    return { code: kept ? `(${kept.code} = ${dot === '?.' ? `${found} ?? null` : found})` : found, type: unknown }
  },
  scan: ({ receiver, args, call }) => {
    const [pattern] = args()
    if (call.block || !pattern) return undefined
    if (pattern.type.kind === 'text')
      return {
        code: `[...${receiver.code}.matchAll(new RegExp(${escapedPattern(pattern.code)}, 'g'))].map(([found]) => found)`,
        type: arrayOf(text),
      }
    return {
      code: `[...${receiver.code}.matchAll(new RegExp(${pattern.code}, 'g'))].map((match) => (match.length > 1 ? match.slice(1) : match[0]))`,
      type: arrayOf(),
    }
  },
  'casecmp?': method((receiver, [other]) => `${receiver}.toLowerCase() === ${other}.toLowerCase()`, boolean),
  rjust: method((receiver, args) => `${receiver}.padStart(${args.join(', ')})`, text),
  ljust: method((receiver, args) => `${receiver}.padEnd(${args.join(', ')})`, text),
  truncate: truncated,
  chop: ({ receiver, dot }) => ({ code: `${receiver.code}${dot}replace(/(\\r\\n|[\\s\\S])$/u, '')`, type: text }),
  squeeze: ({ receiver, args, dot }) => {
    const [letters] = args()
    if (!letters) return { code: `${receiver.code}${dot}replace(/(.)\\1+/gs, '$1')`, type: text }
    const plain = /^'([A-Za-z0-9_ ]+)'$/.exec(letters.code)?.[1]
    return plain === undefined ? undefined : { code: `${receiver.code}${dot}replace(/([${plain}])\\1+/g, '$1')`, type: text }
  },
  'upcase!': inPlace('upcase'),
  'downcase!': inPlace('downcase'),
  'strip!': inPlace('strip'),
  'squish!': inPlace('squish'),
  'capitalize!': inPlace('capitalize'),
  'chomp!': inPlace('chomp'),
  'squeeze!': inPlace('squeeze'),
  length: method((receiver, _args, dot) => `${receiver}${dot}length`, number),
  size: method((receiver, _args, dot) => `${receiver}${dot}length`, number),
  'empty?': method((receiver, _args, dot) => `${receiver}${dot}length === 0`, boolean),
  'include?': method((receiver, [part], dot) => `${receiver}${dot}includes(${part})`, boolean),
  'exclude?': method((receiver, [part]) => `!${receiver}.includes(${part})`, boolean),
  index: ({ receiver, args }) => {
    const [part, from] = args()
    if (!part || from) return undefined
    return {
      code: `((place) => (place < 0 ? null : place))(${receiver.code}.${part.type.kind === 'regexp' ? 'search' : 'indexOf'}(${part.code}))`,
      type: number,
    }
  },
  reverse: method((receiver) => `[...${receiver}].reverse().join('')`, text),
  each_char: ({ receiver, call }) => (call.block ? undefined : { code: `[...${receiver.code}]`, type: arrayOf(text) }),
  first: ({ receiver, args, dot }) => ({ code: `${receiver.code}${dot}slice(0, ${args()[0]?.code ?? 1})`, type: text }),
  last: ({ receiver, args, dot }) => ({ code: `${receiver.code}${dot}slice(-${args()[0]?.code ?? 1})`, type: text }),
  insert: method((receiver, [at, part]) => `((value, at) => value.slice(0, at) + ${part} + value.slice(at))(${receiver}, ${at})`, text),
  delete: (given) => {
    const { receiver, args, call } = given
    // A symbol is no set of letters, but the key of a hash.
    if (is(argumentsOf(call).positional[0], 'SymbolNode')) return hashMethods['delete']!(given)
    const all = args()
    const letters = all.length === 1 ? literalText(argumentsOf(call).positional[0]) : undefined
    if (letters === undefined || !/^[^\\^-]+$/.test(letters)) return undefined
    const shown = letterClass(letters)
    return { code: `${receiver.code}.replace(/[${shown}]/${shown.includes('\\u{') ? 'gu' : 'g'}, '')`, type: text }
  },
  casecmp: method(
    (receiver, [other]) =>
      `((left, right) => (left < right ? -1 : Number(left > right)))(${receiver}.toLowerCase(), ${other}.toLowerCase())`,
    number,
  ),
  to_date: ({ receiver, dot }) =>
    dot === '?.' ? undefined : { code: `new Date(new Date(${receiver.code}).setUTCHours(0, 0, 0, 0))`, type: date },
  parameterize: naming('parameterize'),
  pluralize: naming('pluralize'),
  singularize: naming('singularize'),
  humanize: naming('humanize'),
  titleize: naming('titleize'),
  titlecase: naming('titleize'),
  underscore: naming('underscore'),
  camelize: naming('camelize'),
  classify: naming('classify'),
  dasherize: naming('dasherize'),
  demodulize: naming('demodulize'),
  tableize: naming('tableize'),
  hex: method((receiver) => `Number.parseInt(${receiver}, 16)`, number),
  ord: method((receiver) => `${receiver}.codePointAt(0)!`, number),
  unicode_normalize: method((receiver) => `${receiver}.normalize('NFC')`, text),
}

/** A method that changes its text in place: what holds it is assigned anew. */
function inPlace(name: string): ValueMethod {
  return (given) => {
    const { dot } = given
    const receiver = { ...given.receiver, code: given.receiver.code.replace(/!$/, '') }
    if (!/^[\w$.]+$/.test(receiver.code) || /^['"\d]/.test(receiver.code) || receiver.code === 'this') return undefined
    const result = textMethods[name]!(given)
    return (
      result && {
        ...result,
        code: dot === '?.' ? `${receiver.code} && (${receiver.code} = ${result.code})` : `${receiver.code} = ${result.code}`,
      }
    )
  }
}

function truncated({ receiver, args, call, frame }: ValueCall): Expression | undefined {
  const { pairs } = argumentsOf(call)
  const [length] = args()
  const [omission, separator] = ['omission', 'separator'].map((name) => optionOf(pairs, name, frame))
  if (!length || pairs.length !== [omission, separator].filter((each) => each !== undefined).length) return undefined
  const left = omission ?? quote('...')
  const room = `${length.code} - ${left}.length`
  // Ruby has no index where the separator isn't found, JavaScript -1.
  const end = separator === undefined ? room : `(value.lastIndexOf(${separator}, ${room}) + 1 || ${room} + 1) - 1`
  return {
    code: `((value: string) => (value.length > ${length.code} ? value.slice(0, ${end}) + ${left} : value))(${receiver.code})`,
    type: text,
  }
}

function optionOf(pairs: readonly RubyNode[], name: string, frame: Frame): string | undefined {
  const pair = pairs.find((each) => is(each, 'AssocNode') && literalText(each.key as RubyNode) === name)
  return is(pair, 'AssocNode') && is(pair.value as RubyNode, 'StringNode') ? value(pair.value as RubyNode, frame).code : undefined
}

/** The value of a pair by its key. */
export function pairOf(pairs: readonly RubyNode[], name: string, frame: Frame): string | undefined {
  const pair = pairs.find((each) => is(each, 'AssocNode') && literalText(each.key as RubyNode) === name)
  return is(pair, 'AssocNode') ? value(pair.value as RubyNode, frame).code : undefined
}

/** Letters between the brackets of a pattern; those that aren't seen by their number. */
function letterClass(letters: string): string {
  return letters.replace(/[\]/[{}()|$.*+?]/g, '\\$&').replace(/[^\x20-\x7e]/gu, (letter) => `\\u{${letter.codePointAt(0)!.toString(16)}}`)
}

/** A text that doesn't end as it may. An end of no letters takes nothing away. */
function withoutEnd(receiver: string, end: string): string {
  return `(${receiver}.endsWith(${end}) ? ${receiver}.slice(0, ${receiver}.length - ${end}.length) : ${receiver})`
}

function mutated(result: Expression | undefined, receiver: Expression): Expression | undefined {
  return result && { code: `${receiver.code.replace(/!$/, '')} = ${result.code}`, type: text }
}

export function matched(left: Expression, right: Expression, frame?: Frame): Expression {
  const [subject, pattern] = left.type.kind === 'regexp' ? [right, left] : [left, right]
  const source = right.type.kind === 'text' && left.type.kind !== 'regexp' ? `new RegExp(${pattern.code})` : pattern.code
  const kept = frame && keptMatch(subject, source, frame)
  if (kept) return { code: `(${kept})`, type: boolean }
  const mayBeNull = subject.type.isNullable && subject.type.kind === 'text' && /^[\w$.]+$/.test(subject.code)
  const code = `${source}.test(${subject.code})`
  return { code: mayBeNull ? `(${subject.code} != null && ${code})` : code, type: boolean }
}

/** A block that reads `$1` is given all groups. */
function replacedByGroups(replace: string, searched: string, call: CallNode, frame: Frame): Expression | undefined {
  return frame.inScope(() => {
    const groups = frame.declare(lastMatch, unknown, 'groups').code
    const block = blockFunction(call, frame, [{ ...text, isLoose: true }])
    if (!block || block.isAsync) return undefined
    return {
      code: `${replace}(${searched}, (...${groups}: string[]) => (${block.code})(${block.parameters === '' ? '' : `${groups}[0]!`}))`,
      type: text,
    }
  })
}

/** `sub` and `gsub`: back references become JavaScript's. */
function replaced(all: boolean): ValueMethod {
  return ({ receiver, call, frame, dot }) => {
    const { positional } = argumentsOf(call)
    const [pattern, replacement] = positional
    if (!pattern) return undefined
    const search = value(pattern, frame)
    const isRegexp = search.type.kind === 'regexp'
    const searched =
      all && isRegexp
        ? /\/[a-z]*$/.test(search.code)
          ? search.code.replace(/\/([a-z]*)$/, (_, flags: string) => `/${flags}g`)
          : `new RegExp(${search.code}, \`\${${search.code}.flags}g\`)`
        : search.code
    const name = all && !isRegexp ? 'replaceAll' : 'replace'
    if (!replacement && call.block && readsMatch(call.block as RubyNode))
      return replacedByGroups(`${receiver.code}${dot}${name}`, searched, call, frame)
    if (!replacement) {
      const block = blockFunction(call, frame, [{ ...text, isLoose: true }])
      if (!block || block.isAsync) return undefined
      return { code: `${receiver.code}${dot}${name}(${searched}, ${block.code})`, type: text }
    }
    if (is(replacement, 'HashNode')) return undefined
    const plain = is(replacement, 'StringNode')
      ? `'${replacement.unescaped.value
          .replaceAll('$', '$$$$')
          .replace(/\\0/g, '$$&')
          .replace(/\\(\d)/g, '$$$1')
          .replace(/\\/g, '\\\\')
          .replace(/'/g, "\\'")
          .replace(/\n/g, '\\n')}'`
      : present(value(replacement as RubyNode, frame)).code
    return { code: `${receiver.code}${dot}${name}(${searched}, ${plain})`, type: text }
  }
}
