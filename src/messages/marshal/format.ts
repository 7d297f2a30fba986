/** The version of Ruby's Marshal format: every dump begins with these bytes. */
export const marshalSignature = Buffer.from([4, 8])

/** What a dump may hold at most: what is read comes from outside, even when it is signed. */
export const marshalLimits = { bytes: 1 << 20, depth: 100, values: 100_000 } as const

/** The letters of Marshal's types that are data. All others name classes, and are never read. */
export const type = {
  nil: 0x30,
  true: 0x54,
  false: 0x46,
  fixnum: 0x69,
  bignum: 0x6c,
  float: 0x66,
  string: 0x22,
  symbol: 0x3a,
  symbolLink: 0x3b,
  link: 0x40,
  instanceVariables: 0x49,
  array: 0x5b,
  hash: 0x7b,
  hashWithDefault: 0x7d,
  userClass: 0x43,
  userDump: 0x75,
  userMarshal: 0x55,
} as const

/** A small integer as Marshal writes lengths and fixnums. */
export function encodeInteger(value: number): number[] {
  if (value === 0) return [0]
  if (value > 0 && value < 123) return [value + 5]
  if (value < 0 && value > -124) return [(value - 5) & 0xff]
  const bytes: number[] = []
  let rest = value
  while (rest !== 0 && rest !== -1) {
    bytes.push(rest & 0xff)
    rest >>= 8
  }
  // The count alone says the sign: bytes that aren't there are all zeros or all ones.
  return [value > 0 ? bytes.length : 256 - Math.max(bytes.length, 1), ...(bytes.length === 0 ? [0xff] : bytes)]
}
