import { fdatasync, write } from 'node:fs'
import { mkdtemp, open, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { Running } from '../measuring/room.ts'
import { closedLoop } from './closed_loop.ts'

/** What the journal takes for each job that is enqueued here. */
const recordBytes = 393
const [writeTo, sync] = [promisify(write), promisify(fdatasync)]

/** What the disk allows: a log that only appends.
 *
 * It does what any log must. As many appends are in flight as with the others, each with a promise that resolves when its record is on disk; records
 * of a job's size are copied into one buffer, which is written and synced; those that come during a sync go with the next, and new ones may
 * come before that is written. It does nothing else: a record is there already, so nothing is made, serialized, numbered, checksummed,
 * indexed or kept in memory.
 */
export async function diskLimit(inFlight: number): Promise<Running> {
  const directory = await mkdtemp(join(tmpdir(), 'regauge-bench-'))
  const file = await open(join(directory, 'log'), 'a')
  const record = Buffer.alloc(recordBytes, 120)
  const group = Buffer.alloc(inFlight * recordBytes)
  let waiting: (() => void)[] = []
  let isWriting = false
  const flush = async () => {
    isWriting = true
    while (waiting.length > 0) {
      const written = waiting
      waiting = []
      for (let index = 0; index < written.length; index++) group.set(record, index * recordBytes)
      await writeTo(file.fd, group, 0, written.length * recordBytes)
      await sync(file.fd)
      for (const resolve of written) resolve()
      await new Promise(setImmediate)
    }
    isWriting = false
  }
  const append = () =>
    new Promise<void>((resolve) => {
      waiting.push(resolve)
      if (!isWriting) void flush()
    })
  return {
    measure: (seconds) => closedLoop(inFlight, seconds, append),
    async stop() {
      await file.close()
      await rm(directory, { recursive: true })
    },
  }
}
