import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'chai'
import { EmbeddedBackend } from '../../src/jobs/index.ts'
import { applicationWith, removeFolders } from '../application/folder.ts'
import { regaugeHere } from './in_process.ts'

describe('regauge jobs, when not all is well', () => {
  let root: string
  let directory: string
  beforeEach(() => {
    root = applicationWith({})
    directory = join(root, 'storage/jobs/development')
    mkdirSync(directory, { recursive: true })
  })
  afterEach(removeFolders)

  it('logs to standard error, so that JSON stays JSON', async () => {
    const backend = new EmbeddedBackend({ directory })
    await backend.add([{ queue: 'default', name: 'Greet', data: {} }])
    await backend.close()
    const journal = join(directory, '00000001.journal')
    const bytes = readFileSync(journal)
    bytes[7] = 0x63
    writeFileSync(journal, bytes)
    const { stdout, stderr } = await regaugeHere(['jobs', '--root', root, '--json'])
    expect(JSON.parse(stdout)).to.include({ failed: 0 })
    expect(stderr).to.include('A part of the job journal is corrupt')
    expect(existsSync(join(directory, 'quarantine'))).to.equal(true)
  }).timeout(60_000)

  it('shortens very long names of queues and classes in columns, and no ids', async () => {
    const backend = new EmbeddedBackend({ directory })
    const [id, queue, name] = ['i', 'q', 'N'].map((letter) => letter.repeat(200)) as [string, string, string]
    await backend.add([
      { id, queue, name, data: {} },
      { queue: 'default', name: 'Greet', data: {} },
    ])
    await backend.close()
    const listed = await regaugeHere(['jobs', 'list', '--root', root])
    expect(listed.stdout).to.include(`${id}  waiting  ${'q'.repeat(59)}…  ${'N'.repeat(59)}…  attempts 0`)
    const metrics = await regaugeHere(['jobs', 'metrics', '--root', root])
    for (const line of metrics.stdout.trimEnd().split('\n')) expect(line.length).to.be.lessThan(160)
    const asJson = await regaugeHere(['jobs', 'list', '--root', root, '--json'])
    expect((JSON.parse(asJson.stdout) as { queue: string }[])[0]).to.include({ queue, name })
  }).timeout(60_000)

  it('says so when it pauses a queue in which there never was a job', async () => {
    const backend = new EmbeddedBackend({ directory })
    await backend.add([{ queue: 'mailers', name: 'Greet', data: {} }])
    await backend.close()
    const pause = (...words: string[]) => regaugeHere(['jobs', ...words, '--root', root])
    expect(await pause('pause', 'mailers')).to.deep.include({ stdout: 'paused mailers\n', stderr: '' })
    const warning = 'no job is, or was lately, in a queue of this name: those that come will wait'
    expect(await pause('pause', 'mailer')).to.deep.include({
      status: 0,
      stdout: 'paused mailer\n',
      stderr: `${warning}. Did you mean mailers?\n`,
    })
    expect(await pause('pause', 'nosuch')).to.deep.include({ stdout: 'paused nosuch\n', stderr: `${warning}\n` })
    expect(await pause('resume', 'nosuch')).to.deep.include({ stdout: 'resumed nosuch\n', stderr: '' })
  }).timeout(60_000)

  it('pauses no queue without a name, which is that of an unset variable', async () => {
    for (const command of ['pause', 'resume']) {
      const { status, stdout, stderr } = await regaugeHere(['jobs', command, '', '--root', root])
      expect([status, stdout]).to.deep.equal([2, ''])
      expect(stderr).to.include("value '' is invalid for argument 'queue'. A name is expected.")
    }
  }).timeout(60_000)
})
