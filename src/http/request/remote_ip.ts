import type { IncomingMessage } from 'node:http'
import { BlockList, isIP } from 'node:net'
import { IpSpoofing } from '../errors.ts'
import { forwardedValues } from '../headers/forwarded.ts'

/** The addresses Rails trusts by default: loopback, link-local and private networks (ActionDispatch::RemoteIp::TRUSTED_PROXIES). */
export const defaultTrustedProxies: readonly string[] = [
  '127.0.0.0/8',
  '::1/128',
  'fc00::/7',
  '10.0.0.0/8',
  '172.16.0.0/12',
  '192.168.0.0/16',
  '169.254.0.0/16',
  'fe80::/10',
]

/** Answers whether an address is one of our proxies. */
export type TrustsProxy = (address: string) => boolean

/** What finding an address depends on. */
export interface AddressOptions {
  readonly trustsProxy: TrustsProxy
  readonly ipSpoofingCheck: boolean
}

/** Compiles a list of addresses and networks ('10.0.0.0/8').
 * @throws TypeError when an entry is neither
 */
export function trustedProxies(entries: readonly string[]): TrustsProxy {
  const list = new BlockList()
  for (const entry of entries) {
    const [address = '', bits] = entry.split('/')
    const family = isIP(address) === 6 ? 'ipv6' : 'ipv4'
    if (isIP(address) === 0)
      throw new TypeError(`'${entry}' in trustedProxies is neither an IP address nor a network such as '10.0.0.0/8'.`)
    if (bits === undefined) list.addAddress(address, family)
    else list.addSubnet(address, Number(bits), family)
  }
  return (address) => list.check(address, isIP(address) === 6 ? 'ipv6' : 'ipv4')
}

/** The address of the client, seen through our proxies, as Rails finds it: the last forwarded address that isn't a proxy.
 * Like Rails' it believes X-Forwarded-For from anybody: behind no proxy, let `remoteIp` decide nothing.
 *
 * @throws IpSpoofing when Client-Ip and X-Forwarded-For contradict each other and `spoofingCheck` is on
 */
export function remoteIp(
  from: { remoteAddress: string; forwardedFor: string | undefined; clientIp: string | undefined },
  trusts: TrustsProxy,
  spoofingCheck: boolean,
): string {
  const remote = unmapped(from.remoteAddress)
  if (from.forwardedFor === undefined && from.clientIp === undefined) return remote
  const forwarded = addressesIn(from.forwardedFor).reverse()
  const client = addressesIn(from.clientIp).reverse()
  const last = client.at(-1)
  if (spoofingCheck && last !== undefined && forwarded.length > 0 && !forwarded.includes(last)) {
    throw new IpSpoofing({ clientIp: from.clientIp!.slice(0, 100), forwardedFor: from.forwardedFor!.slice(0, 100) })
  }
  const ips = [...forwarded, ...client]
  return [...ips, remote].find((address) => !trusts(address)) ?? ips.at(-1) ?? remote
}

/** `remoteIp` of a message. */
export function clientAddress({ headers, socket }: IncomingMessage, options: AddressOptions): string {
  const from = {
    remoteAddress: socket?.remoteAddress ?? '127.0.0.1',
    forwardedFor: headers['x-forwarded-for'] as string | undefined,
    clientIp: headers['client-ip'] as string | undefined,
  }
  return remoteIp(from, options.trustsProxy, options.ipSpoofingCheck)
}

/** The address of the client as Rack finds it, which Rails calls `ip`: the socket's unless it is one of our proxies', else the last one
 * in Forwarded or X-Forwarded-For that isn't; when all are ours, the first. */
export function rackAddress({ headers, socket }: IncomingMessage, { trustsProxy }: AddressOptions): string {
  const remote = unmapped(socket?.remoteAddress ?? '127.0.0.1')
  if (!trustsProxy(remote)) return remote
  const named = forwardedValues(headers.forwarded, 'for')
  const addresses = (named.length > 0 ? named : String(headers['x-forwarded-for'] ?? '').split(/[,\s]+/))
    .filter((address) => address !== '')
    .map(withoutPort)
  return addresses.findLast((address) => isIP(address) === 0 || !trustsProxy(address)) ?? addresses[0] ?? remote
}

/** Whether an address is this machine's own. */
export function isLoopback(address: string): boolean {
  return isIP(address) !== 0 && loopback.check(address, isIP(address) === 6 ? 'ipv6' : 'ipv4')
}

const loopback = new BlockList()
loopback.addSubnet('127.0.0.0', 8, 'ipv4')
loopback.addAddress('::1', 'ipv6')

function addressesIn(header: string | undefined): string[] {
  if (header === undefined) return []
  return header
    .split(/[,\s]+/)
    .map(withoutPort)
    .filter((address) => isIP(address) !== 0)
}

function withoutPort(address: string): string {
  const match = /^(?:\[([^\]]*)\](?::\d+)?|([\d.]+):\d+)$/.exec(address)
  return match ? (match[1] ?? match[2]!) : address
}

function unmapped(address: string): string {
  return address.startsWith('::ffff:') ? address.slice(7) : address
}
