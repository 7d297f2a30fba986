import { RubyHash, RubyRegexp, type RubyValue, textOf, toJavaScriptRegexp } from '../ruby/index.ts'
import { array, type Code, object, quote } from '../typescript/index.ts'

/** A constant value as TypeScript; undefined for one that has no literal. */
export function valueCode(value: RubyValue): Code | undefined {
  const text = textOf(value)
  if (text !== undefined) return quote(text)
  if (value === null || typeof value === 'number' || typeof value === 'boolean') return String(value)
  if (Array.isArray(value)) return all(value.map(valueCode), array)
  if (value instanceof RubyRegexp) {
    const regexp = toJavaScriptRegexp(value.source, value.flags)
    return 'problem' in regexp ? undefined : `/${regexp.source}/${regexp.flags}`
  }
  if (!(value instanceof RubyHash)) return undefined
  return all(
    value.pairs.map(([, item]) => valueCode(item)),
    (codes) => object(codes.map((code, index) => ({ key: value.keys()[index]!, value: code }))),
  )
}

function all(codes: readonly (Code | undefined)[], build: (codes: readonly Code[]) => Code): Code | undefined {
  return codes.includes(undefined) ? undefined : build(codes as readonly Code[])
}
