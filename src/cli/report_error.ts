import { styleText } from 'node:util'
import { RegaugeError } from '../errors/index.ts'

/** Thrown by a command that has already said what is wrong; only the exit status is left to give. */
export class Silenced extends Error {}

/** Tells whether the error has been reported by the command itself. */
export function isSilenced(error: unknown): boolean {
  return error instanceof Silenced
}

/** Prints an error on standard error: one of ours as a sentence and a hint, any other with its stack. */
export function reportError(error: unknown): void {
  if (!(error instanceof RegaugeError)) {
    process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`)
    return
  }
  process.stderr.write(`${paint('red', `${error.name}:`)} ${error.message}\n`)
  if (error.hint) process.stderr.write(`${paint('dim', error.hint)}\n`)
  if (error.cause instanceof Error && !(error.cause instanceof RegaugeError))
    process.stderr.write(`${error.cause.stack ?? error.cause.message}\n`)
}

/** Colours text for standard error, unless it is no terminal or NO_COLOR is set. */
function paint(style: 'red' | 'dim', text: string): string {
  return process.stderr.isTTY && !process.env['NO_COLOR'] ? styleText(style, text) : text
}
