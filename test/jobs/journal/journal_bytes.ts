import { readFile } from 'node:fs/promises'
import { crc32 } from 'node:zlib'

/** How the journal of jobs looks like on disk, for tests that write what the package never would. */
export const headerBytes = 40

/** The salt that the header of a file names. */
export function saltOf(file: Buffer): number {
  return file.readUInt32LE(16)
}

/** The same of a file at a path. */
export async function saltOfFile(path: string): Promise<number> {
  return saltOf(await readFile(path))
}

/** A number of four bytes. */
export function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32LE(value)
  return bytes
}

const double = (value: number): Buffer => Buffer.from(Float64Array.of(value).buffer)

/** A frame whose checksum is right, whatever it holds. */
export function frame(body: Buffer, salt: number, length = body.length): Buffer {
  return Buffer.concat([Buffer.from([0xf7, 0xfb]), uint32(length), uint32(crc32(body, salt)), body])
}

/** A record with its length before it. */
export const record = (body: Buffer, length = body.length): Buffer => Buffer.concat([uint32(length), body])
/** A text of a record, or other bytes that stand where one does. */
export const text = (given: string | Buffer, length = Buffer.byteLength(given)): Buffer =>
  Buffer.concat([uint32(length), Buffer.from(given)])

/** What a record says of a job. */
export interface Put {
  readonly sequence?: number
  readonly state?: number
  readonly flags?: number
  readonly createdAt?: number
  readonly runAt?: number
  readonly texts?: readonly Buffer[]
}

/** Those of a job: its queue, its class and its data. */
export const texts = [text('default'), text('A'), text('{"number":7}')]

/** The record of a job. */
export function put({ sequence = 7, state = 0, flags = 0, createdAt = 1, runAt = 0, texts: given = texts }: Put = {}): Buffer {
  return Buffer.concat([Buffer.from([1, flags, state, 0]), double(sequence), double(createdAt), double(runAt), Buffer.alloc(8), ...given])
}

/** The record that a job was started. */
export const start = (sequence: number): Buffer => Buffer.concat([Buffer.from([2]), double(sequence), Buffer.alloc(8)])

/** The record that a job is gone. */
export const remove = (sequence: number): Buffer => Buffer.concat([Buffer.from([3]), double(sequence)])

/** A number as it stands among the data of a job, behind its key. */
export function packedField(key: string, number: number): Buffer {
  const value = Buffer.alloc(5, 0xd2)
  value.writeInt32BE(number, 1)
  return Buffer.concat([Buffer.from([0xa0 + key.length]), Buffer.from(key), number >= 0 && number < 128 ? Buffer.from([number]) : value])
}

/** The numbers that stand behind a key, among whatever bytes. */
export function packedNumbers(bytes: Buffer, key: string): number[] {
  const field = Buffer.concat([Buffer.from([0xa0 + key.length]), Buffer.from(key)])
  const numbers: number[] = []
  for (let at = bytes.indexOf(field); at >= 0; at = bytes.indexOf(field, at + 1)) {
    const value = at + field.length
    if (bytes[value]! < 128) numbers.push(bytes[value]!)
    else if (bytes[value] === 0xd2 && value + 5 <= bytes.length) numbers.push(bytes.readInt32BE(value + 1))
    else if (bytes[value] === 0xcb && value + 9 <= bytes.length) numbers.push(bytes.readDoubleBE(value + 1))
  }
  return numbers
}
