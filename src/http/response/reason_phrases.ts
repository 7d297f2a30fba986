import { STATUS_CODES } from 'node:http'

/** The phrase of a status: RFC 9110's names where `node:http` still has older ones. */
export function reasonPhrase(status: number): string {
  if (status === 413) return 'Content Too Large'
  if (status === 422) return 'Unprocessable Content'
  return STATUS_CODES[status] ?? 'Unknown Error'
}
