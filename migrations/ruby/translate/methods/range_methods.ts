import type { ValueMethods } from './value_methods.ts'
import { arrayOf, boolean, date, type Expression, number, text } from '../value_types.ts'

/** What a range answers as it is. */
export const rangeMethods: ValueMethods = {
  'include?': ({ receiver, args }) => ({ code: `${receiver.code}.includes(${args()[0]!.code})`, type: boolean }),
  'member?': ({ receiver, args }) => ({ code: `${receiver.code}.includes(${args()[0]!.code})`, type: boolean }),
  'cover?': ({ receiver, args }) => ({ code: `${receiver.code}.includes(${args()[0]!.code})`, type: boolean }),
  '===': ({ receiver, args }) => ({ code: `${receiver.code}.includes(${args()[0]!.code})`, type: boolean }),
  begin: ({ receiver }) => ({ code: `${receiver.code}.begin`, type: receiver.type.element ?? number }),
  end: ({ receiver }) => ({ code: `${receiver.code}.end`, type: receiver.type.element ?? number }),
}

const daysOf =
  '((days) => Array.from({ length: Math.max(0, Math.round((Number(days.end) - Number(days.begin)) / 86400000) + (days.excludesEnd ? 0 : 1)) }, (_, index) => new Date(Number(days.begin) + index * 86400000)))'

function lettersBetween(first: string, last: string): string {
  const [from, to] = [first.charCodeAt(0), last.charCodeAt(0)]
  return Array.from({ length: Math.max(0, to - from + 1) }, (_, index) => String.fromCharCode(from + index)).join('')
}

/** The letters, numbers or days of a range, for the methods of lists; undefined for a range of anything else. */
export function rangeItems({ code, type }: Expression): Expression | undefined {
  if (type.kind !== 'range') return undefined
  const letters = /^range\('([a-zA-Z0-9])', '([a-zA-Z0-9])'\)$/.exec(code)
  if (letters) return { code: `[...'${lettersBetween(letters[1]!, letters[2]!)}']`, type: arrayOf(text) }
  if (type.element?.kind === 'date') return { code: `${daysOf}(${code})`, type: arrayOf(date) }
  if (type.element?.kind !== 'number') return undefined
  const items = `((numbers) => Array.from({ length: Math.max(0, Number(numbers.end) - Number(numbers.begin) + (numbers.excludesEnd ? 0 : 1)) }, (_, index) => Number(numbers.begin) + index))(${code})`
  return { code: items, type: arrayOf(number) }
}
