import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'chai'
import { JoinedBackend, type NewJob, type StoredJob } from '../../../src/jobs/index.ts'
import { buildProgram } from '../../application/built_program.ts'
import { collectingLogger, QueueDirectory } from '../queue_directory.ts'

const job = (name: string, argument: unknown): NewJob => ({
  queue: 'default',
  name,
  data: { job_id: `${name}-${argument}`, arguments: [argument] },
})

describe('a job that kills the process that performs it', function () {
  this.timeout(120_000)
  let directory: QueueDirectory
  let program: string
  before(() => (program = buildProgram(join(import.meta.dirname, 'deadly_process_main.ts'))))
  beforeEach(async () => (directory = await QueueDirectory.make()))
  afterEach(() => directory.dispose())

  const diary = () => join(directory.path, 'diary')

  /** Runs a process that performs jobs until none is left, or until it dies of one.
   * @returns its status, or what it died of */
  async function perform(): Promise<string | number> {
    const child = spawn(process.execPath, ['--max-old-space-size=40', program, directory.path, diary()], { stdio: 'ignore' })
    const [status, signal] = (await once(child, 'exit')) as [number | null, string | null]
    return signal ?? status!
  }

  function expectParked(failed: readonly StoredJob[]): void {
    expect(failed.map(({ name, error }) => [name, error])).to.deep.equal([
      ['Deadly', { name: 'ProcessDied', message: 'The process died 3 times while it ran.' }],
    ])
  }

  for (const [how, death] of [
    ['exit', 1],
    ['segfault', 'SIGSEGV'],
    ['memory', 'SIGABRT'],
  ] as const) {
    it(`is parked as failed after some deaths by ${how}, and the jobs beside it run`, async () => {
      const before = directory.open()
      await before.add([job('Deadly', how), ...Array.from({ length: 30 }, (_, index) => job('Harmless', index))])
      await before.close()
      const ends = [await perform()]
      while (ends.at(-1) !== 0) ends.push(await perform())
      // Nobody can know what the first process died of when it did at once: that the job runs wasn't on the disk yet.
      expect(ends.slice(0, -1)).to.satisfy((deaths: unknown[]) => deaths.length === 3 || deaths.length === 4)
      expect(new Set(ends.slice(0, -1))).to.deep.equal(new Set([death]))
      const after = directory.open()
      expectParked(await after.list('failed'))
      const ran = new Set(readFileSync(diary(), 'utf8').trim().split('\n').map(Number))
      expect([...ran].sort((a, b) => a - b)).to.deep.equal(Array.from({ length: 30 }, (_, index) => index))
    })
  }

  it('is parked by the owner of the queue when others die that joined it', async () => {
    const log: Parameters<typeof collectingLogger>[0] = []
    const owner = await JoinedBackend.join({ directory: directory.path, maxRecoveries: 2, logger: collectingLogger(log) })
    await owner.add([job('Deadly', 'segfault')])
    for (let deaths = 0; deaths < 3; deaths++) expect(await perform()).to.equal('SIGSEGV')
    while ((await owner.counts()).failed === 0) await new Promise(setImmediate)
    expectParked(await owner.list('failed'))
    expect(log.filter(({ level }) => level === 'error').map(({ message }) => message)).to.deep.equal([
      'The process died 3 times while it ran. It is kept among the failed jobs',
    ])
    expect(await owner.retry([(await owner.list('failed'))[0]!.id])).to.equal(1)
    expect(await perform()).to.equal('SIGSEGV')
    expect((await owner.counts()).failed).to.equal(0)
    await owner.close()
  })
})
