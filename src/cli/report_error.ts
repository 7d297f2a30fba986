import { sep } from 'node:path'
import { fileURLToPath } from 'node:url'
import { styleText } from 'node:util'
import { RegaugeError } from '../errors/index.ts'
import { printableLines } from './output.ts'

/** Thrown by a command that has already said what is wrong; only the exit status is left to give. */
export class Silenced extends Error {}

/** Tells whether the error has been reported by the command itself. */
export function isSilenced(error: unknown): boolean {
  return error instanceof Silenced
}

/** Prints an error on standard error: one of ours as a sentence and a hint, with the lines of the application that led to it when it
 * came from there; one of the system as a sentence; any other with its stack. */
export function reportError(error: unknown): void {
  if (!(error instanceof RegaugeError)) {
    const text = isSystemError(error) ? error.message : error instanceof Error ? (error.stack ?? error.message) : String(error)
    process.stderr.write(`${printableLines(text)}\n`)
    return
  }
  process.stderr.write(`${paint('red', `${error.name}:`)} ${printableLines(error.message)}\n`)
  if (error.hint) process.stderr.write(`${paint('dim', printableLines(error.hint))}\n`)
  for (const frame of ownFrames(error.cause)) process.stderr.write(`${paint('dim', printableLines(frame))}\n`)
}

/** What the system refused (a full disk, a folder that may not be written to) says all in its message. */
function isSystemError(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && 'syscall' in error && 'errno' in error
}

const rooms = ['src', 'adapters', 'migrations'].map((room) => fileURLToPath(new URL(`../../${room}/`, import.meta.url)))

/** The frames of a stack that are neither Node's, nor ours, nor a package's. */
function ownFrames(cause: unknown): string[] {
  if (!(cause instanceof Error) || cause instanceof RegaugeError) return []
  const frames = (cause.stack ?? '').split('\n').filter((line) => /^ {4}at .*(\(|file:\/\/|\s)\/?.*:\d+:\d+\)?$/.test(line))
  return frames.filter(
    (line) => !/node:|<anonymous>:/.test(line) && !line.includes(`node_modules${sep}`) && !rooms.some((room) => line.includes(room)),
  )
}

/** Colours text for standard error, unless it is no terminal or NO_COLOR is set. */
function paint(style: 'red' | 'dim', text: string): string {
  return process.stderr.isTTY && !process.env['NO_COLOR'] ? styleText(style, text) : text
}
