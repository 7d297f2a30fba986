import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { EmbeddedBackend } from '../../src/jobs/index.ts'
import { behavesLikeJobBackend } from './backend_conformance.ts'

describe('the embedded job backend', () => {
  behavesLikeJobBackend(async () => {
    const directory = await mkdtemp(join(tmpdir(), 'regauge-jobs-'))
    const backend = new EmbeddedBackend({ directory })
    const dispose = async () => {
      await backend.close()
      await rm(directory, { recursive: true })
    }
    return { backend, dispose }
  })
})

describe('the embedded job backend without a disk', () => {
  behavesLikeJobBackend(async () => {
    const backend = new EmbeddedBackend({ durability: 'memory' })
    return { backend, dispose: () => backend.close() }
  })
})
