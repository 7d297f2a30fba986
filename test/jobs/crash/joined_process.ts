import fs from 'node:fs'
import { JoinedBackend } from '../../../src/jobs/index.ts'
import { collectingLogger } from '../queue_directory.ts'
import { letDiskFillUp } from './full_disk.ts'

/** One of several processes that share a queue under load. What it does it notes in a file, line by line, as it happens. */
const [directory = '', diary = '', isDiskFull] = process.argv.slice(2)
const file = fs.openSync(diary, 'a')
const note = (line: string) => fs.writeSync(file, `${line}\n`)
if (isDiskFull === 'full') letDiskFillUp()

const backend = await JoinedBackend.join({ directory, logger: collectingLogger([]), segmentBytes: 128 * 1024, maxRecoveries: 1000 })
await backend.process(
  async ({ data }) => {
    note(`ran ${data['number']}`)
    if (Number(data['number']) % 7 === 0 && data['again'] === undefined) {
      return { kind: 'retry', data: { ...data, again: true }, queue: 'default', priority: 0, runAt: Date.now() + 5 }
    }
    return { kind: 'completed' }
  },
  { queues: ['*'], concurrency: 4 },
)
fs.writeSync(1, 'ready\n')

let count = 0
const enqueue = async () => {
  for (;;) {
    const number = process.pid * 1e9 + (Date.now() % 1e6) * 1000 + (count++ % 1000)
    const isStored = await backend.add([{ queue: 'default', name: 'Example', data: { number } }]).then(
      () => true,
      () => false,
    )
    note(`${isStored ? 'added' : 'refused'} ${number}`)
  }
}
await Promise.all(Array.from({ length: 4 }, enqueue))
