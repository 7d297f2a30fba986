import { fdatasync, write } from 'node:fs'
import { mkdtemp, open, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { Running } from '../measuring/room.ts'
import { closedLoop } from './closed_loop.ts'

/** What the journal takes for a job of `performLater`; `backend.add` has no job id, which makes it 47 bytes shorter. */
const recordBytes = 400
const [writeTo, sync] = [promisify(write), promisify(fdatasync)]

/** What the disk allows: records of a job's size, appended and synced; those that come during a sync go with the next. */
export async function diskLimit(inFlight: number): Promise<Running> {
  const directory = await mkdtemp(join(tmpdir(), 'regauge-bench-'))
  const file = await open(join(directory, 'log'), 'a')
  const record = Buffer.alloc(recordBytes, 120)
  let waiting: (() => void)[] = []
  let isWriting = false
  const flush = async () => {
    isWriting = true
    while (waiting.length > 0) {
      const group = waiting
      waiting = []
      await writeTo(file.fd, Buffer.concat(Array.from({ length: group.length }, () => record)))
      await sync(file.fd)
      for (const resolve of group) resolve()
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
