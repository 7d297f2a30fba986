import { row } from '../row.ts'

/** Errors of reading a request. */
export const httpErrors = {
  REGAUGE_BAD_REQUEST: row(400, (d: { reason: string }) => d.reason),
  REGAUGE_BODY_TOO_LARGE: row(
    413,
    (d: { limit: number }) => `The request body is larger than ${d.limit} bytes.`,
    'Raise config.http.bodyLimit if bodies of this size are expected.',
  ),
  REGAUGE_UNSUPPORTED_MEDIA_TYPE: row(415, (d: { type: string }) => `The content type '${d.type}' is not supported.`),
} as const
