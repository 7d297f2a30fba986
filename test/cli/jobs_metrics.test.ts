import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'chai'
import { applicationWith, removeFolders } from '../application/folder.ts'
import { EmbeddedBackend, type NewJob, type Outcome } from '../../src/jobs/index.ts'
import { parsePrometheus } from '../jobs/prometheus_text.ts'
import { regaugeHere } from './in_process.ts'

describe('regauge jobs metrics', () => {
  let root: string
  let queue: EmbeddedBackend
  beforeEach(() => {
    root = applicationWith({})
    const directory = join(root, 'storage/jobs/development')
    mkdirSync(directory, { recursive: true })
    queue = new EmbeddedBackend({ directory, isShared: true })
  })
  afterEach(async () => {
    await queue.close()
    removeFolders()
  })

  const job = (more: Partial<NewJob> = {}): NewJob => ({ queue: 'default', name: 'Greet', data: {}, ...more })
  const metrics = (...words: string[]) => regaugeHere(['jobs', 'metrics', ...words, '--root', root])

  /** Lets jobs end in a way each. */
  async function end(outcomes: readonly Outcome[]): Promise<void> {
    const left = [...outcomes]
    let done = () => {}
    const all = new Promise<void>((resolve) => (done = resolve))
    const handler = async (): Promise<Outcome> => {
      const outcome = left.shift()!
      if (left.length === 0) done()
      return outcome
    }
    const worker = await queue.process(handler, { queues: ['default'], concurrency: 1 })
    await queue.add(outcomes.map(() => job()))
    await all
    await worker.stop()
  }
  const completed: Outcome = { kind: 'completed' }
  const failed: Outcome = { kind: 'failed', error: { name: 'Error', message: 'no' } }

  it('shows what the jobs of each queue came to in the process that serves', async () => {
    await end([completed, completed, failed])
    await queue.add([job({ queue: 'mailers' }), job({ queue: 'mailers', priority: 1 })])
    await queue.pause('mailers')
    const { stdout, stderr } = await metrics()
    expect(stderr).to.equal('')
    const [header, first, second, ...others] = stdout.trimEnd().split('\n')
    expect(header).to.match(/^queue +waiting +latency +completed +failed +completed in 60 min +failed in 60 min$/)
    expect(first).to.match(/^default +0 +0\.0 s +2 +1 +\d +\d$/)
    expect(second).to.match(/^mailers \(paused\) +2 +\d+\.\d s +0 +0 +0 +0$/)
    expect(others).to.deep.equal([])
  })

  it('tells it minute by minute as JSON, of one queue when asked', async () => {
    await end([completed, failed])
    const { stdout } = await metrics('default', '--json', '--minutes', '3')
    const { default: report, ...others } = JSON.parse(stdout) as Record<string, Record<string, unknown>>
    expect(others).to.deep.equal({})
    expect(report).to.have.all.keys('counts', 'isPaused', 'latency', 'completed', 'failed')
    expect(report!['completed']).to.deep.include({ count: 1 })
    expect((report!['failed'] as { data: number[] }).data).to.have.lengthOf(3)
    expect(report!['counts']).to.deep.include({ failed: 1, waiting: 0 })
  })

  it("writes Prometheus' format", async () => {
    await end([completed])
    await queue.add([job({ queue: 'a"b' })])
    const all = parsePrometheus((await metrics('--prometheus')).stdout)
    const totals = all.find(({ name }) => name === 'regauge_jobs_completed_total')!
    expect(totals.samples).to.deep.equal([
      { labels: { queue: 'a"b' }, value: 0 },
      { labels: { queue: 'default' }, value: 1 },
    ])
    const one = parsePrometheus((await metrics('a"b', '--prometheus')).stdout)
    expect(new Set(one.flatMap(({ samples }) => samples).map(({ labels }) => labels['queue']))).to.deep.equal(new Set(['a"b']))
  })

  it('keeps control characters of names from the terminal', async () => {
    await queue.add([job({ queue: 'red\u001b[31m' })])
    expect((await metrics()).stdout)
      .to.include('red\\x1b[31m')
      .and.not.include('\u001b')
    expect((await metrics('--json')).stdout).to.not.include('\u001b')
  })

  it('says that there are no queues, and refuses minutes that make no sense', async () => {
    expect((await metrics()).stdout).to.equal('no queues\n')
    expect((await metrics('--minutes', 'many')).stderr).to.include('A whole number is expected.')
  })
})
