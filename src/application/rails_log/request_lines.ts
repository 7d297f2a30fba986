import { filteredPath } from '../../controller/index.ts'
import type { CableRequest } from '../../cable/index.ts'
import type { Request } from '../../http/index.ts'

import { origin, target } from './cable_lines.ts'

/** `Started GET "/orders?token=[FILTERED]" for 127.0.0.1 at 2026-01-15 12:00:00 +0000` */
export function startedLine(payload: Record<string, unknown>): string {
  const request = payload['request'] as Request | CableRequest
  if (!('pathInfo' in request)) return `Started ${target(request)} ${origin(request)}`
  return `Started ${request.method} "${filteredPath(request)}" for ${addressOf(request)} at ${timeText(new Date())}`
}

/** A time in UTC as Ruby writes it. */
export function timeText(time: Date): string {
  return `${time.toISOString().slice(0, 19).replace('T', ' ')} +0000`
}

function addressOf(request: Request): string {
  try {
    return request.remoteIp
  } catch {
    return 'unknown'
  }
}
