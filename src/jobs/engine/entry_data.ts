import { InvalidJobId, JobTooLarge } from '../errors.ts'
import type { NewEntry } from './entries.ts'
import { type PlainJson, plainJson } from './plain_json.ts'

/** The data of an entry, ready to be written.
 * @param limit the longest text, in characters
 * @throws JobTooLarge (REGAUGE_JOB_TOO_LARGE), InvalidJobId (REGAUGE_INVALID_JOB_ID), and what JSON.stringify throws */
export function entryData({ id, name, data }: NewEntry, limit: number): string | PlainJson {
  const json = plainJson(data) ?? JSON.stringify(data)
  const length = typeof json === 'string' ? json.length : json.bytes
  if (length > limit) throw new JobTooLarge({ name, bytes: length, limit })
  if (id !== undefined && (isSequence(id) || id === '')) throw new InvalidJobId({ id })
  return json
}

/** Whether an id is one that the engine gives. */
export function isSequence(id: string): boolean {
  return /^\d+$/.test(id)
}
