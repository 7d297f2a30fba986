import { isIP } from 'node:net'

/** Casts as Active Record's Inet and Cidr: an address, or that of a network, whose other bits are zero. What is neither is null.
 * @example castNetwork('192.168.1.5/24') // '192.168.1.0/24'
 */
export function castNetwork(value: unknown): string | null {
  const [address, mask, ...rest] = String(value ?? '')
    .trim()
    .split('/')
  const version = isIP(address!)
  if (version === 0 || rest.length > 0 || address!.includes('%')) return null
  const width = version === 4 ? 32 : 128
  const bits = mask === undefined ? width : bitsOf(mask, version)
  if (bits === undefined || bits > width) return null
  const number = version === 4 ? numberOf4(address!) : numberOf6(address!)
  const network = (number >> BigInt(width - bits)) << BigInt(width - bits)
  const text = version === 4 ? text4(network) : text6(network)
  return bits === width ? text : `${text}/${bits}`
}

function bitsOf(mask: string, version: number): number | undefined {
  if (/^\d{1,3}$/.test(mask)) return Number(mask)
  if (isIP(mask) !== version) return undefined
  const bits = (version === 4 ? numberOf4(mask) : numberOf6(mask)).toString(2).padStart(version === 4 ? 32 : 128, '0')
  return /^1*0*$/.test(bits) ? bits.lastIndexOf('1') + 1 : undefined
}

function numberOf4(address: string): bigint {
  return address.split('.').reduce((number, part) => (number << 8n) | BigInt(part), 0n)
}

function numberOf6(address: string): bigint {
  const plain = address.replace(/(\d+)\.(\d+)\.(\d+)\.(\d+)$/, (_, ...parts: string[]) => {
    const [a, b, c, d] = parts.slice(0, 4).map(Number) as [number, number, number, number]
    return `${((a << 8) | b).toString(16)}:${((c << 8) | d).toString(16)}`
  })
  const [before = '', after] = plain.split('::')
  const groups = (text: string): string[] => (text === '' ? [] : text.split(':'))
  const first = groups(before)
  const last = after === undefined ? [] : groups(after)
  const all = [...first, ...new Array<string>(8 - first.length - last.length).fill('0'), ...last]
  return all.reduce((number, group) => (number << 16n) | BigInt(`0x${group}`), 0n)
}

function text4(number: bigint): string {
  return [24n, 16n, 8n, 0n].map((shift) => (number >> shift) & 255n).join('.')
}

/** As RFC 5952 writes it: the longest run of zeros is left out. */
function text6(number: bigint): string {
  const groups = Array.from({ length: 8 }, (_, place) => ((number >> BigInt(112 - place * 16)) & 65_535n).toString(16))
  const text = groups.join(':')
  const runs = [...text.matchAll(/(?<![\da-f])0(?::0)+(?![\da-f])/g)].map(([run]) => run)
  const longest = runs.sort((a, b) => b.length - a.length)[0]
  if (longest === undefined) return text
  return text.replace(new RegExp(`(^|:)${longest}(:|$)`), '::')
}
