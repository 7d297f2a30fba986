import fs from 'node:fs'
import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { QueueUnreadable } from '../../../../src/jobs/errors.ts'
import { encodeFrame, frameAt, frameHeaderBytes } from './frames.ts'

const format = 'regauge-bullmq'
const version = 1

/** A file of the journal. */
export interface Segment {
  readonly number: number
  readonly path: string
  readonly salt: number
  bytes: number
}

/** Makes the file after the newest one, with its header on disk. */
export function createSegment(directory: string, number: number, writesThrough: boolean): { segment: Segment; file: number } {
  const path = join(directory, `${String(number).padStart(8, '0')}.queues`)
  const salt = randomBytes(4).readUInt32LE()
  const header = encodeFrame(JSON.stringify({ format, version, number, salt }), 0)
  const { O_CREAT, O_EXCL, O_RDWR, O_DSYNC } = fs.constants
  const file = fs.openSync(path, O_CREAT | O_EXCL | O_RDWR | (writesThrough ? O_DSYNC : 0), 0o600)
  try {
    fs.writeSync(file, header, 0, header.length, 0)
    fs.fsyncSync(file)
    syncDirectory(directory)
  } catch (error) {
    fs.closeSync(file)
    fs.rmSync(path, { force: true })
    throw error
  }
  return { segment: { number, path, salt, bytes: header.length }, file }
}

/** The numbers of the files of a directory, oldest first. */
export function listSegments(directory: string): { readonly number: number; readonly path: string }[] {
  return fs
    .readdirSync(directory)
    .filter((name) => /^\d{8,}\.queues$/.test(name))
    .map((name) => ({ number: Number.parseInt(name, 10), path: join(directory, name) }))
    .sort((a, b) => a.number - b.number)
}

/** What the header of a file says; undefined when it is torn.
 * @throws QueueUnreadable (REGAUGE_QUEUE_UNREADABLE) when another version of the format wrote it */
export function readHeader(path: string, bytes: Buffer): { readonly salt: number; readonly start: number } | undefined {
  const payload = frameAt(bytes, 0, 0)
  if (payload === undefined) return undefined
  const header: unknown = JSON.parse(payload.toString())
  const fields = new Map(Object.entries(Object(header)))
  if (fields.get('format') !== format || fields.get('version') !== version) {
    const reason = `its format is ${fields.get('format')} ${fields.get('version')}, this package reads ${format} ${version}`
    throw new QueueUnreadable({ file: path, reason })
  }
  return { salt: Number(fields.get('salt')), start: frameHeaderBytes + payload.length }
}

function syncDirectory(directory: string): void {
  if (process.platform === 'win32') return
  const file = fs.openSync(directory, 'r')
  try {
    fs.fsyncSync(file)
  } finally {
    fs.closeSync(file)
  }
}
