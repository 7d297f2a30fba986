import { writeSync } from 'node:fs'
import { JoinedBackend } from '../../../src/jobs/index.ts'
import { collectingLogger } from '../queue_directory.ts'

const backend = await JoinedBackend.join({ directory: process.argv[2]!, logger: collectingLogger([]) })
while (!(await backend.isOwner())) await new Promise(setImmediate)
writeSync(1, 'ready\n')
setInterval(() => {}, 1000)
