import type { LogStream } from './create_logger.ts'
import { printable } from './printable.ts'

/** Turns pino's JSON lines into those of a Rails log: the message alone, behind its tags.
 * @param tags fields that stand in front as tags, such as `request_id`
 */
export function railsLines(stream: LogStream, tags: readonly string[]): LogStream {
  return {
    write(line) {
      const { message, error, tags: own = [], ...fields } = JSON.parse(line) as Record<string, unknown>
      const named = tags.map((name) => fields[name]).filter((value) => value !== undefined)
      const prefix = [...named, ...(own as unknown[])].map((tag) => `[${printable(String(tag))}] `).join('')
      const text = `${String(message ?? '')}${stackOf(error)}`
      stream.write(
        `${text
          .split('\n')
          .map((one) => prefix + printable(one))
          .join('\n')}\n`,
      )
    },
  }
}

function stackOf(error: unknown): string {
  if (typeof error !== 'object' || error === null || !('stack' in error)) return ''
  return `\n${String(error.stack)}`
}
