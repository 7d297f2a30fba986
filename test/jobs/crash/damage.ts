import { readdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { packedNumbers } from '../journal/journal_bytes.ts'

/** Farther from a damage than this there is no byte of a record that it hit: those that share a checksum are 4 KB and one more. */
const longestFrame = 4096 + 300

/** What a crash may leave of a journal: the end of the last file is missing, or a bit somewhere has changed.
 * @returns the numbers of jobs whose records it may have hit */
export function damageJournal(directory: string, kind: 'truncated' | 'flipped'): string[] {
  const files = readdirSync(directory).filter((name) => name.endsWith('.journal') && writtenBytes(readFileSync(join(directory, name))) > 0)
  const name = kind === 'truncated' ? files.sort().at(-1) : files[Math.floor(Math.random() * files.length)]
  if (name === undefined) return []
  const path = join(directory, name)
  const bytes = readFileSync(path)
  const written = writtenBytes(bytes)
  const offset = kind === 'truncated' ? Math.max(0, written - Math.ceil(Math.random() * 1000)) : Math.floor(Math.random() * written)
  const hit = numbersIn(bytes.subarray(Math.max(0, offset - longestFrame), kind === 'truncated' ? bytes.length : offset + longestFrame))
  if (kind === 'truncated') truncateSync(path, offset)
  else {
    bytes[offset]! ^= 1 << Math.floor(Math.random() * 8)
    writeFileSync(path, bytes)
  }
  return hit
}

/** How much of a file is no zeros that were written in advance. */
function writtenBytes(bytes: Buffer): number {
  return bytes.findLastIndex((byte) => byte !== 0) + 1
}

function numbersIn(bytes: Buffer): string[] {
  return packedNumbers(bytes, 'number').map(String)
}
