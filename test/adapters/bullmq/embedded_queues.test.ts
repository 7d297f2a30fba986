import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createEmbeddedBackend } from '../../../adapters/bullmq/embedded/factory.ts'
import { behavesLikeBullmq } from './conformance/index.ts'

describe('BullMQ without Redis', () => {
  let directory: string
  beforeEach(async () => (directory = await mkdtemp(join(tmpdir(), 'regauge-bullmq-'))))
  afterEach(() => rm(directory, { recursive: true }))

  for (const durability of ['fsync', 'memory']) {
    describe(`with durability ${durability}`, () => {
      behavesLikeBullmq(() => ({ factory: createEmbeddedBackend, connection: { directory, durability } }))
    })
  }
})
