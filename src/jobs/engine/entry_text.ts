import { InvalidJobId, JobTooLarge } from '../errors.ts'
import type { NewEntry } from './entries.ts'

/** The JSON text of an entry's data.
 * @throws JobTooLarge (REGAUGE_JOB_TOO_LARGE), InvalidJobId (REGAUGE_INVALID_JOB_ID) */
export function entryText({ id, name, data }: NewEntry, limit: number): string {
  const text = JSON.stringify(data)
  if (text.length > limit) throw new JobTooLarge({ name, bytes: text.length, limit })
  if (id !== undefined && (isSequence(id) || id === '')) throw new InvalidJobId({ id })
  return text
}

/** Whether an id is one that the engine gives. */
export function isSequence(id: string): boolean {
  return /^\d+$/.test(id)
}
