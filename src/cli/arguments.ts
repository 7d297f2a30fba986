import { InvalidArgumentError } from 'commander'

/** Reads the value of a `--port` option. */
export function parsePort(text: string): number {
  const port = Number(text)
  if (!Number.isInteger(port) || port < 0 || port > 65_535) throw new InvalidArgumentError('A port is a whole number from 0 to 65535.')
  return port
}

/** Reads the value of a `--workers` option. */
export function parseWorkers(text: string): number | 'auto' {
  if (text === 'auto') return text
  const workers = Number(text)
  if (!Number.isInteger(workers) || workers < 0) throw new InvalidArgumentError("The number of workers is a whole number, or 'auto'.")
  return workers
}

/** Reads a number of things that there must be at least one of. */
export function positiveNumber(text: string): number {
  const number = wholeNumber(text)
  if (number < 1) throw new InvalidArgumentError('A whole number from 1 is expected.')
  return number
}

/** Reads a number of things, digits only: the largest is what a number holds exactly. */
export function wholeNumber(text: string): number {
  const number = Number(text)
  if (!/^\d+$/.test(text) || !Number.isSafeInteger(number)) throw new InvalidArgumentError('A whole number is expected.')
  return number
}

/** Reads a regular expression, which stays a text. */
export function expressionText(text: string): string {
  try {
    new RegExp(text)
  } catch (error) {
    throw new InvalidArgumentError((error as Error).message)
  }
  return text
}

/** Reads one more of several names. */
export function namesSoFar(text: string, before: readonly string[] | undefined): readonly string[] {
  return [...(before ?? []), oneName(text)]
}

/** Reads the name of something: an empty one is that of an unset variable of the shell. */
export function oneName(text: string): string {
  if (text.trim() === '') throw new InvalidArgumentError('A name is expected.')
  return text
}
