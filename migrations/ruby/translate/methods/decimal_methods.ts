import type { CallNode } from '../../nodes.ts'
import type { Frame } from '../frame.ts'
import type { ValueMethod, ValueMethods } from './value_methods.ts'
import { boolean, decimal, type Expression, number, present, text, wholeNumber } from '../value_types.ts'

const operations: Readonly<Record<string, readonly [name: string, type: Expression['type']]>> = {
  '+': ['plus', decimal],
  '-': ['minus', decimal],
  '*': ['times', decimal],
  '/': ['dividedBy', decimal],
  '**': ['pow', decimal],
  '<': ['lessThan', boolean],
  '<=': ['lessThanOrEqualTo', boolean],
  '>': ['greaterThan', boolean],
  '>=': ['greaterThanOrEqualTo', boolean],
  '<=>': ['comparedTo', number],
}

/** An operator one of whose sides is a decimal: JavaScript's own would take it for a text. Undefined for any other. */
export function decimalOperation(
  call: CallNode,
  receiver: Expression,
  args: () => readonly Expression[],
  frame: Frame,
): Expression | undefined {
  const operation = Object.hasOwn(operations, call.name) ? operations[call.name] : undefined
  if (!operation || !/^(number|unknown)$/.test(receiver.type.kind)) return undefined
  const [given] = args()
  if (given === undefined) return undefined
  const right = present(given)
  if ((!receiver.type.isDecimal && !right.type.isDecimal) || !/^(number|unknown)$/.test(right.type.kind)) return undefined
  const [name, type] = operation
  return { code: `${asDecimal(present(receiver), frame).code}.${name}(${right.code})`, type }
}

/** A number as a decimal. */
export function asDecimal(given: Expression, frame: Frame): Expression {
  if (given.type.isDecimal) return given
  return { code: `new ${frame.imports.decimal()}(${given.code})`, type: decimal }
}

const called =
  (write: (receiver: string, args: readonly string[]) => string, type: Expression['type'] = decimal): ValueMethod =>
  ({ receiver, args }) => ({
    code: write(
      receiver.code,
      args().map(({ code }) => code),
    ),
    type,
  })

/** Ruby's methods of decimals. */
export const decimalMethods: ValueMethods = {
  to_d: ({ receiver }) => receiver,
  to_i: called((receiver) => `${receiver}.trunc().toNumber()`, wholeNumber),
  to_f: called((receiver) => `${receiver}.toNumber()`, number),
  to_s: ({ receiver, args }) =>
    args().length > 0 ? { code: `${receiver.code}.toFixed()`, type: text } : { code: `String(${receiver.code})`, type: text },
  round: called((receiver, [digits]) => `${receiver}.toDecimalPlaces(${digits ?? 0})`),
  truncate: called((receiver) => `${receiver}.trunc()`),
  ceil: called((receiver) => `${receiver}.ceil()`),
  floor: called((receiver) => `${receiver}.floor()`),
  abs: called((receiver) => `${receiver}.abs()`),
  '-@': called((receiver) => `${receiver}.negated()`),
  'zero?': called((receiver) => `${receiver}.isZero()`, boolean),
  'positive?': called((receiver) => `${receiver}.greaterThan(0)`, boolean),
  'negative?': called((receiver) => `${receiver}.lessThan(0)`, boolean),
  'between?': called(
    (receiver, [low, high]) => `(${receiver}.greaterThanOrEqualTo(${low}) && ${receiver}.lessThanOrEqualTo(${high}))`,
    boolean,
  ),
}

/** Whether Ruby's `==` compares decimals: by their values. */
export function equalDecimals(left: Expression, right: Expression): string | undefined {
  const [one, other] = left.type.isDecimal ? [left, right] : [right, left]
  if (!one.type.isDecimal || !/^(number|unknown)$/.test(other.type.kind) || other.type.isNullable) return undefined
  return one.type.isNullable ? `Boolean(${one.code}?.equals(${other.code}))` : `${one.code}.equals(${other.code})`
}
