import { quote } from '../../typescript/index.ts'
import { argumentsOf, is, literalText, type RubyNode } from '../nodes.ts'
import type { Frame } from './frame.ts'
import type { ValueCall, ValueMethod, ValueMethods } from './value_methods.ts'
import { value } from './expressions.ts'
import { blockFunction } from './functions.ts'
import { arrayOf, boolean, date, type Expression, number, text, time, unknown } from './value_types.ts'

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
            : `(Number.parseInt(${receiver.code}, ${args()[0]?.code ?? 10}) || 0)`,
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
  capitalize: method((receiver) => `${receiver}.replace(/^./, (letter: string) => letter.toUpperCase())`, text),
  strip: method((receiver, _args, dot) => `${receiver}${dot}trim()`, text),
  lstrip: method((receiver, _args, dot) => `${receiver}${dot}trimStart()`, text),
  rstrip: method((receiver, _args, dot) => `${receiver}${dot}trimEnd()`, text),
  chomp: method(
    (receiver, args) =>
      args[0] === undefined ? `${receiver}.replace(/\\r?\\n$/, '')` : `${receiver}.replace(new RegExp(\`\${${args[0]}}$\`), '')`,
    text,
  ),
  squish: method((receiver, _args, dot) => `${receiver}${dot}trim().replace(/\\s+/g, ' ')`, text),
  chars: method((receiver) => `[...${receiver}]`, arrayOf(text)),
  lines: method((receiver) => `${receiver}.split(/(?<=\\n)/)`, arrayOf(text)),
  bytesize: method((receiver) => `Buffer.byteLength(${receiver})`, number),
  split: ({ receiver, args, dot }) => {
    const [by, limit] = args()
    if (limit) return undefined
    return {
      code: by === undefined ? `${receiver.code}${dot}trim().split(/\\s+/)` : `${receiver.code}${dot}split(${by.code})`,
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
  delete_suffix: method(
    (receiver, [suffix]) => `(${receiver}.endsWith(${suffix}) ? ${receiver}.slice(0, -${suffix}.length) : ${receiver})`,
    text,
  ),
  'start_with?': any((receiver, arg) => `${receiver}.startsWith(${arg})`),
  'starts_with?': any((receiver, arg) => `${receiver}.startsWith(${arg})`),
  'end_with?': any((receiver, arg) => `${receiver}.endsWith(${arg})`),
  'ends_with?': any((receiver, arg) => `${receiver}.endsWith(${arg})`),
  'match?': ({ receiver, args }) => matched(receiver, args()[0]!),
  '=~': ({ receiver, args }) => matched(receiver, args()[0]!),
  '!~': ({ receiver, args }) => ({ code: `!${matched(receiver, args()[0]!).code}`, type: boolean }),
  match: ({ receiver, args, dot }) => {
    const [other] = args()
    if (!other) return undefined
    const [subject, pattern] = receiver.type.kind === 'regexp' ? [other, receiver] : [receiver, other]
    return { code: `${subject.code}${dot}match(${pattern.code})`, type: unknown }
  },
  scan: ({ receiver, args, call }) =>
    call.block
      ? undefined
      : {
          code: `[...${receiver.code}.matchAll(new RegExp(${args()[0]!.code}, 'g'))].map((match) => match[1] ?? match[0])`,
          type: arrayOf(text),
        },
  'casecmp?': method((receiver, [other]) => `${receiver}.toLowerCase() === ${other}.toLowerCase()`, boolean),
  rjust: method((receiver, args) => `${receiver}.padStart(${args.join(', ')})`, text),
  ljust: method((receiver, args) => `${receiver}.padEnd(${args.join(', ')})`, text),
  truncate: truncated,
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
  ord: method((receiver) => `${receiver}.codePointAt(0)`, number),
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
  const given = pairs.length === 0 ? quote('...') : pairs.length === 1 ? optionOf(pairs, 'omission', frame) : undefined
  if (!length || given === undefined) return undefined
  return {
    code: `((value: string) => (value.length > ${length.code} ? value.slice(0, ${length.code} - ${given}.length) + ${given} : value))(${receiver.code})`,
    type: text,
  }
}

function optionOf(pairs: readonly RubyNode[], name: string, frame: Frame): string | undefined {
  const pair = pairs.find((each) => is(each, 'AssocNode') && literalText(each.key as RubyNode) === name)
  return is(pair, 'AssocNode') && is(pair.value as RubyNode, 'StringNode') ? value(pair.value as RubyNode, frame).code : undefined
}

function mutated(result: Expression | undefined, receiver: Expression): Expression | undefined {
  return result && { code: `${receiver.code.replace(/!$/, '')} = ${result.code}`, type: text }
}

function matched(left: Expression, right: Expression): Expression {
  const [subject, pattern] = left.type.kind === 'regexp' ? [right, left] : [left, right]
  return { code: `${right.type.kind === 'text' ? `new RegExp(${pattern.code})` : pattern.code}.test(${subject.code})`, type: boolean }
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
          : `new RegExp(${search.code}, 'g')`
        : search.code
    const name = all && !isRegexp ? 'replaceAll' : 'replace'
    if (!replacement) {
      const block = blockFunction(call, frame, [{ ...text, isLoose: true }])
      if (!block || block.isAsync) return undefined
      return { code: `${receiver.code}${dot}${name}(${searched}, ${block.code})`, type: text }
    }
    if (is(replacement, 'HashNode')) return undefined
    const plain = is(replacement, 'StringNode')
      ? `'${replacement.unescaped.value
          .replaceAll('$', '$$$$')
          .replace(/\\(\d)/g, '$$$1')
          .replace(/\\/g, '\\\\')
          .replace(/'/g, "\\'")
          .replace(/\n/g, '\\n')}'`
      : value(replacement as RubyNode, frame).code
    return { code: `${receiver.code}${dot}${name}(${searched}, ${plain})`, type: text }
  }
}

const binary =
  (operator: string, type: Expression['type']): ValueMethod =>
  ({ receiver, args }) => {
    const [right] = args()
    if (!right) return undefined
    return { code: `(${receiver.code} ${operator} ${/^[\w.$'"`]+$/.test(right.code) ? right.code : `(${right.code})`})`, type }
  }

/** The items that another list has, or has not; a list that is waited for is waited for once. */
function chosen(items: string, others: string, not = ''): string {
  if (!others.includes('await ')) return `${items}.filter((item: any) => ${not}${others}.includes(item))`
  return `((others: any[]) => ${items}.filter((item: any) => ${not}others.includes(item)))(${others})`
}

function isNumeric(...sides: (Expression | undefined)[]): boolean {
  return sides.some((side) => side?.type.kind === 'number')
}

/** What Ruby writes as operators. */
export const operators: ValueMethods = {
  '+': (given) => {
    const [right] = given.args()
    if (!right) return { code: `+${given.receiver.code}`, type: number }
    const kinds = [given.receiver.type.kind, right.type.kind]
    if (kinds.includes('array'))
      return { code: `[...${given.receiver.code}, ...${right.code}]`, type: kinds[0] === 'array' ? given.receiver.type : right.type }
    if (right.type.kind === 'duration')
      return given.receiver.type.kind === 'duration'
        ? { code: `${given.receiver.code}.plus(${right.code})`, type: { kind: 'duration' } }
        : { code: `${right.code}.from(${given.receiver.code})`, type: given.receiver.type.kind === 'date' ? date : time }
    if (given.receiver.type.kind === 'date' && right.type.kind === 'number')
      return { code: `new Date(${given.receiver.code}.getTime() + ${right.code} * 86400000)`, type: date }
    return {
      code: `(${given.receiver.code} + ${right.code})`,
      type: kinds.includes('text') ? text : kinds.includes('number') ? number : unknown,
    }
  },
  '-': (given) => {
    const [right] = given.args()
    if (!right) return { code: `-${given.receiver.code}`, type: number }
    if ([given.receiver.type.kind, right.type.kind].includes('array'))
      return { code: chosen(given.receiver.code, right.code, '!'), type: given.receiver.type }
    if (given.receiver.type.kind === 'date' && right.type.kind === 'date')
      return { code: `((${given.receiver.code}.getTime() - ${right.code}.getTime()) / 86400000)`, type: number }
    if (given.receiver.type.kind === 'date' && right.type.kind === 'number')
      return { code: `new Date(${given.receiver.code}.getTime() - ${right.code} * 86400000)`, type: date }
    if (given.receiver.type.kind === 'time' && right.type.kind === 'time')
      return { code: `((${given.receiver.code}.getTime() - ${right.code}.getTime()) / 1000)`, type: number }
    if (right.type.kind === 'duration')
      return { code: `${right.code}.ago(${given.receiver.code})`, type: given.receiver.type.kind === 'date' ? date : time }
    return { code: `(${given.receiver.code} - (${right.code}))`, type: number }
  },
  '*': binary('*', number),
  '/': binary('/', number),
  '%': (given) => {
    if (given.receiver.type.kind === 'text') {
      const [right] = given.args()
      return {
        code: `${given.frame.imports.module('{ format }', 'node:util')}(${given.receiver.code}, ${right!.type.kind === 'array' ? `...${right!.code}` : right!.code})`,
        type: text,
      }
    }
    return binary('%', number)(given)
  },
  '**': binary('**', number),
  '<': binary('<', boolean),
  '>': binary('>', boolean),
  '<=': binary('<=', boolean),
  '>=': binary('>=', boolean),
  '&': ({ receiver, args }) =>
    isNumeric(receiver, args()[0])
      ? { code: `(${receiver.code} & ${args()[0]!.code})`, type: number }
      : { code: chosen(receiver.code, args()[0]!.code), type: receiver.type },
  '|': ({ receiver, args }) =>
    isNumeric(receiver, args()[0])
      ? { code: `(${receiver.code} | ${args()[0]!.code})`, type: number }
      : { code: `[...new Set([...${receiver.code}, ...${args()[0]!.code}])]`, type: receiver.type },
  '^': binary('^', number),
  '>>': binary('>>', number),
  '~': ({ receiver }) => ({ code: `~(${receiver.code})`, type: number }),
  '<=>': ({ receiver, args }) => ({
    code: `(${receiver.code} < ${args()[0]!.code} ? -1 : Number(${receiver.code} > ${args()[0]!.code}))`,
    type: number,
  }),
  '-@': ({ receiver }) => ({ code: `-(${receiver.code})`, type: number }),
  '===': ({ receiver, args }) =>
    receiver.type.kind === 'regexp'
      ? matched(receiver, args()[0]!)
      : receiver.type.kind === 'class'
        ? { code: `${args()[0]!.code} instanceof ${receiver.code}`, type: boolean }
        : undefined,
  '<<': ({ receiver, args }) =>
    receiver.type.kind === 'text'
      ? {
          code:
            /^[\w.$[\]'!]+$/.test(receiver.code) && !/^'/.test(receiver.code)
              ? `${receiver.code} += ${args()[0]!.code}`
              : `(${receiver.code} + ${args()[0]!.code})`,
          type: text,
        }
      : { code: `${receiver.code}.push(${args()[0]!.code})`, type: receiver.type },
  '[]': ({ receiver, args, call, dot, frame }) => {
    const all = args()
    const [first, second] = all
    if (!first) return undefined
    const access = dot === '?.' ? '?.' : ''
    const node = argumentsOf(call).positional[0]!
    if (second) return { code: `${receiver.code}${dot}slice(${first.code}, ${first.code} + ${second.code})`, type: receiver.type }
    if (is(node, 'RangeNode')) {
      const [left, right] = [node.left, node.right].map((side) => (side ? value(side as RubyNode, frame).code : undefined))
      const end =
        right === undefined || right === '-1'
          ? ''
          : node.isExcludeEnd()
            ? `, ${right}`
            : /^-\d+$/.test(right)
              ? `, ${Number(right) + 1}`
              : /^\d+$/.test(right)
                ? `, ${Number(right) + 1}`
                : `, ${right} + 1`
      return { code: `${receiver.code}${dot}slice(${left ?? 0}${end})`, type: receiver.type }
    }
    if (first.type.kind === 'regexp') return { code: `${receiver.code}${dot}match(${first.code})?.[0]`, type: text }
    if (/^-\d+$/.test(first.code)) return { code: `${receiver.code}${dot}at(${first.code})`, type: receiver.type.element ?? unknown }
    const name = /^'([A-Za-z_$][\w$]*)'$/.exec(first.code)?.[1]
    const element = receiver.type.kind === 'text' ? text : (receiver.type.element ?? unknown)
    if (name !== undefined && receiver.type.kind !== 'unknown') return { code: `${receiver.code}${dot}${name}`, type: element }
    const holder = receiver.type.kind === 'hash' && name === undefined ? `(${receiver.code} as Record<string, any>)` : receiver.code
    return { code: `${holder}${access}[${first.code}]`, type: element }
  },
}
