import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { EmbeddedBackend } from '../../src/jobs/index.ts'
import { behavesLikeJobBackend } from './backend_conformance.ts'
import { behavesLikeConstrainedBackend } from './backend_constraints.ts'

describe('the embedded job backend', () => {
  const open = async () => {
    const directory = await mkdtemp(join(tmpdir(), 'regauge-jobs-'))
    const backend = new EmbeddedBackend({ directory })
    const dispose = async () => {
      await backend.close()
      await rm(directory, { recursive: true })
    }
    return { backend, dispose }
  }
  behavesLikeJobBackend(open)
  behavesLikeConstrainedBackend(open)
})

describe('the embedded job backend without a disk', () => {
  const open = async () => {
    const backend = new EmbeddedBackend({ durability: 'memory' })
    return { backend, dispose: () => backend.close() }
  }
  behavesLikeJobBackend(open)
  behavesLikeConstrainedBackend(open)
})
