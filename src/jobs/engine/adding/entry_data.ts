import { JobTooLarge } from '../../errors.ts'
import type { NewEntry } from './entries.ts'

/** The data of an entry as JSON text.
 * @param limit the longest text, in characters
 * @throws JobTooLarge (REGAUGE_JOB_TOO_LARGE), and what JSON.stringify throws */
export function entryText({ name, data }: NewEntry, limit: number): string {
  const text = JSON.stringify(data)
  if (text.length > limit) throw new JobTooLarge({ name, bytes: text.length, limit })
  return text
}

/** Whether an id is one that the engine gives. */
export function isSequence(id: string): boolean {
  return /^\d+$/.test(id)
}
