import type { LogStream } from './create_logger.ts'
import { printable } from './printable.ts'

const colours: Record<string, number> = { debug: 90, info: 36, warn: 33, error: 31, fatal: 35 }

/** Turns pino's JSON lines into lines for eyes: `12:00:00.123 INFO  order placed order_id=42`, a stack trace below. */
export function readableLines(stream: LogStream, colors: boolean): LogStream {
  const paint = (code: number, text: string) => (colors ? `\u001b[${code}m${text}\u001b[0m` : text)
  return {
    write(line) {
      const { level, time, message, pid: _pid, error, ...fields } = JSON.parse(line) as Record<string, unknown>
      const label = String(level)
      const parts = [paint(90, String(time).slice(11, 23)), paint(colours[label] ?? 0, label.toUpperCase().padEnd(5)), printable(message)]
      for (const [name, value] of Object.entries(fields)) parts.push(`${paint(90, `${name}=`)}${fieldText(value)}`)
      stream.write(`${parts.join(' ')}${errorText(error)}\n`)
    },
  }
}

function fieldText(value: unknown): string {
  if (typeof value === 'string' && /^[\w./:#+%@[\]-]+$/.test(value)) return value
  return printable(JSON.stringify(value))
}

function errorText(error: unknown): string {
  if (error === undefined) return ''
  if (typeof error !== 'object' || error === null || !('stack' in error)) return ` error=${fieldText(error)}`
  const lines = String(error.stack).split('\n')
  return lines.map((line) => `\n  ${printable(line)}`).join('')
}
