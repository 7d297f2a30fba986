import type { IncomingMessage } from 'node:http'
import type { TLSSocket } from 'node:tls'

/** An origin that may connect: the very text, a pattern, or a function. */
export type OriginRule = string | RegExp | ((origin: string) => boolean)

/** Which pages may open connections. Browsers send cookies along whatever page connects, so that the origin must be checked. */
export interface OriginRules {
  readonly allowedRequestOrigins?: OriginRule | readonly OriginRule[]
  /** Whether the host that is connected to is ours: a name that was rebound to our address is its page's own host. Default: any is. */
  readonly isOurHost?: (host: string) => boolean
  /** Whether pages of the host that is connected to may; true unless set. */
  readonly allowSameOriginAsHost?: boolean
  /** Whether programs that send no origin may: browsers always send one. False unless set, as in Rails; applications set it outside of production. */
  readonly allowMissingOrigin?: boolean
  /** Lets everyone connect to a host of ours, also programs that send no origin. */
  readonly disableRequestForgeryProtection?: boolean
}

/** Whether a handshake may go on, by the rules of Action Cable. */
export function isOriginAllowed(request: IncomingMessage, rules: OriginRules): boolean {
  if (rules.isOurHost?.(request.headers.host ?? '') === false) return false
  if (rules.disableRequestForgeryProtection) return true
  const { origin } = request.headers
  if (origin === undefined) return rules.allowMissingOrigin ?? false
  const sameOriginAllowed = rules.allowSameOriginAsHost ?? true
  if (sameOriginAllowed && origin === `${protocolOf(request)}://${request.headers.host}`) return true
  return [rules.allowedRequestOrigins ?? []].flat().some((rule) => fits(rule, origin))
}

function fits(rule: OriginRule, origin: string): boolean {
  if (typeof rule === 'string') return rule === origin
  return typeof rule === 'function' ? rule(origin) : new RegExp(rule.source, rule.flags.replace(/[gy]/g, '')).test(origin)
}

/** A page can't forge the forwarding header of a WebSocket handshake, so that it may be believed here. */
function protocolOf(request: IncomingMessage): 'http' | 'https' {
  const forwarded = String(request.headers['x-forwarded-proto'] ?? '').split(',')[0]
  return (request.socket as TLSSocket).encrypted || forwarded?.trim() === 'https' ? 'https' : 'http'
}
