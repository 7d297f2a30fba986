import { randomUUID } from 'node:crypto'

/** The id of a request: the client's X-Request-Id without anything but letters, digits, `_`, `-` and `@`, or a new UUID. */
export function requestIdFrom(header: string | undefined): string {
  if (header === undefined) return randomUUID()
  return (
    header
      .slice(0, 1024)
      .replace(/[^\w\-@]/g, '')
      .slice(0, 255) || randomUUID()
  )
}
