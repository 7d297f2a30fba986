import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createEmbeddedBackend } from '../../../adapters/bullmq/embedded/factory.ts'
import { behavesLikeBullmq } from './conformance/index.ts'
import { type QueueProcess, startProcess } from './durability/process.ts'

describe('BullMQ without Redis, whose queues another process owns', () => {
  let directory: string
  let owner: QueueProcess
  before(async () => {
    directory = await mkdtemp(join(tmpdir(), 'regauge-bullmq-'))
    owner = await startProcess(directory, 'hold')
  })
  after(async () => {
    await owner.kill()
    await rm(directory, { recursive: true })
  })

  behavesLikeBullmq(() => ({ factory: createEmbeddedBackend, connection: { directory: join(directory, 'queues') } }))
})
