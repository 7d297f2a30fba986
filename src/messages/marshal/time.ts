import { MarshalError } from './byte_reader.ts'

/** The Date of what `Time#_dump` wrote: two words of bit fields, always in UTC. What is finer than a millisecond is lost. */
export function timeFromDump(bytes: Buffer, variables: ReadonlyMap<string, unknown>): Date {
  if (bytes.length !== 8 || variables.has('year')) throw new MarshalError('a time that is none')
  const day = bytes.readUInt32LE(0)
  const clock = bytes.readUInt32LE(4)
  if (day >>> 31 === 0) throw new MarshalError('a time of Ruby before 1.9')
  const year = ((day >>> 14) & 0xffff) + 1900
  const seconds = (clock >>> 20) & 0x3f
  const time = new Date(
    Date.UTC(year, (day >>> 10) & 0xf, (day >>> 5) & 0x1f, day & 0x1f, (clock >>> 26) & 0x3f, seconds, (clock & 0xfffff) / 1000),
  )
  return time
}

/** The eight bytes that `Time#_dump` writes for a time in UTC.
 * @param time of a year from 1900 to 67435, which are those that fit
 */
export function timeToDump(time: Date): Buffer {
  const bytes = Buffer.alloc(8)
  const year = time.getUTCFullYear() - 1900
  const date = (year * 2 ** 14 + time.getUTCMonth() * 2 ** 10 + time.getUTCDate() * 2 ** 5 + time.getUTCHours()) >>> 0
  bytes.writeUInt32LE((0xc0000000 | date) >>> 0, 0)
  const clock = time.getUTCMinutes() * 2 ** 26 + time.getUTCSeconds() * 2 ** 20 + time.getUTCMilliseconds() * 1000
  bytes.writeUInt32LE(clock >>> 0, 4)
  return bytes
}
