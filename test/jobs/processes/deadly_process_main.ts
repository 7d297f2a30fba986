import { appendFileSync } from 'node:fs'
import { Job, JobRunner, JoinedBackend, useJobBackend } from '../../../src/jobs/index.ts'
import { collectingLogger } from '../queue_directory.ts'

const [directory, diary] = process.argv.slice(2)

const deaths: Readonly<Record<string, () => unknown>> = {
  exit: () => process.exit(1),
  segfault: () => process.kill(process.pid, 'SIGSEGV'),
  memory: () => {
    for (const all: string[][] = []; ; ) all.push(Array.from({ length: 100_000 }, (_, index) => `${index} of ${all.length}`))
  },
}

class Deadly extends Job {
  perform(how: string) {
    return deaths[how]!()
  }
}

class Harmless extends Job {
  async perform(number: number) {
    await new Promise(setImmediate)
    appendFileSync(diary!, `${number}\n`)
  }
}

const backend = await JoinedBackend.join({ directory: directory!, maxRecoveries: 2, logger: collectingLogger([]) })
useJobBackend(backend)
const runner = new JobRunner(backend, { classes: [Deadly, Harmless], logger: collectingLogger([]) })
await runner.start()
for (let left = 1; left > 0; ) {
  await new Promise((resolve) => setTimeout(resolve, 5))
  const { waiting, delayed, active } = await backend.counts()
  left = waiting + delayed + active
}
await runner.stop()
await backend.close()
