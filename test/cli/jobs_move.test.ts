import { appendFileSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'chai'
import { EmbeddedBackend } from '../../src/jobs/index.ts'
import { applicationWith, removeFolders } from '../application/folder.ts'
import { frame, put, record, saltOfFile, text } from '../jobs/journal/journal_bytes.ts'
import { regaugeHere } from './in_process.ts'

describe('regauge jobs:move --dry-run', () => {
  afterEach(removeFolders)

  it('counts what would be moved with its family and what would stay, and changes nothing', async () => {
    const root = applicationWith({})
    const directory = join(root, 'storage/jobs/development')
    mkdirSync(directory, { recursive: true })
    const backend = new EmbeddedBackend({ directory })
    const job = (name: string) => ({ queue: 'default', name, data: { of: name } })
    const children = { jobs: [job('Row'), { ...job('Row'), runAt: Date.now() + 3_600_000 }], onFailure: 'wait' as const }
    await backend.add([{ ...job('Sum'), constraints: { children } }, job('Single')])
    await backend.close()
    const journal = join(directory, '00000001.journal')
    const broken = record(put({ sequence: 70, texts: [text('default'), text('Broken'), text('{"job_id":')] }))
    appendFileSync(journal, frame(broken, await saltOfFile(journal)))
    const words = ['jobs:move', '--root', root, '--from', 'embedded', '--to', 'bullmq', '--connection', 'redis://127.0.0.1:1', '--dry-run']
    for (let times = 0; times < 2; times++) {
      const { status, stdout } = await regaugeHere([...words, '--json'])
      expect(status).to.equal(0)
      const moved = { failed: 0, delayed: 1, blocked: 0, prioritized: 0, waiting: 2, 'waiting-children': 1 }
      const rest = { schedules: 0, paused: [], running: 0, unreadable: 1, dryRun: true }
      expect(JSON.parse(stdout)).to.deep.equal({ from: 'embedded', to: 'bullmq', moved, ...rest })
    }
    const asText = await regaugeHere(words)
    expect(asText.stdout).to.include('would move from embedded to bullmq\n').and.include("1 job can't be read and would stay\n")
  }).timeout(60_000)

  it('says how BullMQ counts failed jobs, and where there is nothing to move', async () => {
    const root = applicationWith({})
    const words = ['jobs:move', '--root', root, '--from', 'embedded', '--to', 'bullmq', '--connection', 'redis://127.0.0.1:1', '--dry-run']
    const nothing = await regaugeHere(words)
    expect(nothing.stdout).to.include('embedded has no jobs here\n').and.not.include('bullmq counts')
    const backend = new EmbeddedBackend({ directory: join(root, 'storage/jobs/development') })
    await backend.add([{ queue: 'default', name: 'Ill', data: {} }])
    const worker = await backend.process(async () => ({ kind: 'failed', error: { name: 'TypeError', message: 'no stock' } }), {
      queues: ['*'],
      concurrency: 1,
    })
    while ((await backend.counts()).failed === 0) await new Promise((resolve) => setTimeout(resolve, 5))
    await worker.stop()
    await backend.close()
    const failed = await regaugeHere(words)
    expect(failed.stdout)
      .to.include('bullmq counts failed jobs as waiting, or waiting-children, until a worker has looked at their queues')
      .and.not.include('no jobs')
  }).timeout(60_000)
})
