import type { ValueMethods } from './value_methods.ts'
import { type Expression, number, text } from '../value_types.ts'

/** What is asked of bytes as such; anything else is asked of the text that they are. */
export const byteMethods: ValueMethods = {
  getbyte: ({ receiver, args, dot }) => ({
    code: `${receiver.code}${dot === '?.' ? '?.' : ''}[${args()[0]?.code ?? 0}]`,
    type: { ...number, isNullable: true },
  }),
  bytesize: ({ receiver, dot }) => ({ code: `${receiver.code}${dot}length`, type: number }),
  bytes: ({ receiver }) => ({ code: `[...${receiver.code}]`, type: { kind: 'array', element: number } }),
  force_encoding: ({ receiver, dot }) => asText(receiver, dot),
  to_s: ({ receiver }) => asText(receiver, '.'),
}

/** Bytes as the text that Ruby takes them for. */
export function asText({ code, type }: Expression, dot = '.'): Expression {
  if (dot === '?.') return { code: `(${code} == null ? null : Buffer.from(${code}).toString())`, type: { ...text, isNullable: true } }
  return { code: `Buffer.from(${code}${type.isNullable ? ' ?? []' : ''}).toString()`, type: text }
}
