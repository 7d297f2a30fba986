import { argumentsOf, is, type RubyNode } from '../../nodes.ts'
import { value } from '../expressions/expressions.ts'
import type { ValueMethod, ValueMethods } from './value_methods.ts'
import { arrayOf, boolean, type Expression, number, text, time, wholeNumber } from '../value_types.ts'

const method =
  (write: (receiver: string, args: string[]) => string, type: Expression['type']): ValueMethod =>
  ({ receiver, args, dot, call }) => {
    const code = write(
      receiver.code,
      args().map((arg) => arg.code),
    )
    return { code: dot === '?.' && call.isSafeNavigation() ? `(${receiver.code} == null ? null : ${code})` : code, type }
  }

/** Ruby's methods of numbers. */
export const numberMethods: ValueMethods = {
  to_s: ({ receiver, args }) => ({
    code: args()[0] ? `${receiver.code}.toString(${args()[0]!.code})` : `String(${receiver.code})`,
    type: text,
  }),
  to_i: ({ receiver, args, call, frame, dot }) =>
    receiver.type.isBig ? receiver : method((code) => `Math.trunc(${code})`, number)({ receiver, args, call, frame, dot }),
  to_f: ({ receiver }) => ({ code: receiver.type.isNullable ? `(${receiver.code} ?? 0)` : receiver.code, type: number }),
  to_d: ({ receiver }) => ({ code: receiver.code, type: number }),
  round: method(
    (receiver, [digits]) =>
      digits === undefined
        ? `((value) => Math.sign(value) * Math.round(Math.abs(value)))(${receiver})`
        : /^\d+$/.test(digits)
          ? `Number((${receiver}).toFixed(${digits}))`
          : `((value, unit) => Math.round(value * unit) / unit)(${receiver}, 10 ** (${digits}))`,
    number,
  ),
  ceil: method((receiver) => `Math.ceil(${receiver})`, number),
  floor: method((receiver) => `Math.floor(${receiver})`, number),
  abs: method((receiver) => `Math.abs(${receiver})`, number),
  'nan?': method((receiver) => `Number.isNaN(${receiver})`, boolean),
  'finite?': method((receiver) => `Number.isFinite(${receiver})`, boolean),
  'zero?': method((receiver) => `${receiver} === 0`, boolean),
  'positive?': method((receiver) => `${receiver} > 0`, boolean),
  'negative?': method((receiver) => `${receiver} < 0`, boolean),
  'even?': method((receiver) => `${receiver} % 2 === 0`, boolean),
  'odd?': method((receiver) => `${receiver} % 2 !== 0`, boolean),
  'between?': method((receiver, [low, high]) => `(${receiver} >= ${low} && ${receiver} <= ${high})`, boolean),
  clamp: (given) => {
    const [only] = argumentsOf(given.call).positional
    const sides = is(only, 'RangeNode')
      ? [only.left, only.right].map((side) => (side ? value(side as RubyNode, given.frame).code : undefined))
      : given.args().map(({ code }) => code)
    const [low, high] = sides
    const raised = low === undefined ? given.receiver.code : `Math.max(${given.receiver.code}, ${low})`
    return { code: high === undefined ? raised : `Math.min(${raised}, ${high})`, type: number }
  },
  fdiv: method((receiver, [other]) => `${receiver} / ${other}`, number),
  pred: method((receiver) => `(${receiver} - 1)`, number),
  divmod: method(
    (receiver, [other]) => `((value, by) => [Math.floor(value / by), value - by * Math.floor(value / by)])(${receiver}, ${other})`,
    arrayOf(number),
  ),
  digits: method((receiver) => `[...String(${receiver})].reverse().map(Number)`, arrayOf(number)),
  succ: method((receiver) => `(${receiver} + 1)`, number),
}

/** Ruby's operators of true and false. */
export const booleanMethods: ValueMethods = {
  '&': ({ receiver, args }) => ({ code: `(${receiver.code} && Boolean(${args()[0]!.code}))`, type: boolean }),
  '|': ({ receiver, args }) => ({ code: `(${receiver.code} || Boolean(${args()[0]!.code}))`, type: boolean }),
  '^': ({ receiver, args }) => ({ code: `(${receiver.code} !== Boolean(${args()[0]!.code}))`, type: boolean }),
}

/** What times and durations share. */
export const timeMethods: ValueMethods = {
  ago: method((receiver, args) => `${receiver}.ago(${args.join(', ')})`, time),
  from_now: method((receiver) => `${receiver}.from()`, time),
  since: method((receiver, args) => `${receiver}.from(${args.join(', ')})`, time),
  iso8601: ({ receiver, args, dot }) => ({
    code: args()[0]?.code === '3' ? `${receiver.code}${dot}toISOString()` : `${receiver.code}${dot}toISOString().replace(/\\.\\d+Z$/, 'Z')`,
    type: text,
  }),
  to_i: ({ receiver }) =>
    receiver.type.kind === 'duration'
      ? { code: `Math.trunc(Number(${receiver.code}))`, type: wholeNumber }
      : { code: `Math.floor(Number(${receiver.code}) / 1000)`, type: number },
  to_f: ({ receiver }) =>
    receiver.type.kind === 'duration'
      ? { code: `Number(${receiver.code})`, type: number }
      : { code: `Number(${receiver.code}) / 1000`, type: number },
  'between?': method((receiver, [low, high]) => `(${receiver} >= ${low} && ${receiver} <= ${high})`, boolean),
}
