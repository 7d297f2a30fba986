import { once } from 'node:events'
import { copyFile, mkdir, readFile, truncate } from 'node:fs/promises'
import { join } from 'node:path'
import { expect } from 'chai'
import type { EmbeddedBackend, JobData, NewJob, Outcome, ReservedJob, StoredJob } from '../../../src/jobs/index.ts'
import { idsOf, numbered, numbersOf, QueueDirectory } from '../queue_directory.ts'
import { startQueueProcess } from '../processes/queue_process.ts'

describe('parents and children on disk', () => {
  let directory: QueueDirectory
  beforeEach(async () => (directory = await QueueDirectory.make()))
  afterEach(() => directory.dispose())

  const parent = (number: number, jobs: readonly NewJob[], onFailure: 'wait' | 'fail' | 'run' = 'wait', more: Partial<NewJob> = {}) =>
    numbered(number, { ...more, constraints: { children: { jobs, onFailure } } })
  const failed: Outcome = { kind: 'failed', error: { name: 'Error', message: 'no' } }

  /** Runs jobs until none waits. @returns their numbers, in the order they began */
  async function run(backend: EmbeddedBackend, outcome: (job: ReservedJob) => Outcome | Promise<Outcome> = () => ({ kind: 'completed' })) {
    const ran: unknown[] = []
    const handle = async (job: ReservedJob) => {
      ran.push(job.data['number'])
      return outcome(job)
    }
    const worker = await backend.process(handle, { queues: ['*'], concurrency: 4 })
    for (;;) {
      const { waiting, prioritized, active, blocked } = await backend.counts()
      if (waiting + prioritized + active + blocked === 0) break
      await new Promise(setImmediate)
    }
    await worker.stop()
    return ran
  }

  it('go on after a restart, with what was answered', async () => {
    const first = directory.open()
    await first.add([parent(0, [numbered(1), numbered(2, { runAt: Date.now() + 3_600_000 }), numbered(3)])])
    const ran = await run(first, ({ data }) => (data['number'] === 3 ? failed : { kind: 'completed', result: { rows: 5 } }))
    expect(ran).to.deep.equal([1, 3])
    await first.close()
    const second = directory.open()
    expect(await second.counts()).to.include({ 'waiting-children': 1, delayed: 1, failed: 1, completed: 1 })
    const [waiting] = await second.list('waiting-children')
    const summary = (children: StoredJob[]) => children.map(({ data, state, result }) => [data['number'], state, result])
    expect(summary(await second.children(waiting!.id))).to.deep.equal([
      [1, 'completed', { rows: 5 }],
      [2, 'delayed', undefined],
      [3, 'failed', undefined],
    ])
    await second.retry([(await second.list('failed'))[0]!.id])
    await second.remove([(await second.list('delayed'))[0]!.id])
    expect(await run(second)).to.deep.equal([3, 0])
    expect(await second.counts()).to.include({ 'waiting-children': 0, completed: 0 })
  })

  it('run a parent after a restart whose last child was done before it', async () => {
    const first = directory.open()
    const worker = await first.process(async () => ({ kind: 'completed' }), { queues: ['children'], concurrency: 1 })
    await first.add([parent(0, [numbered(1, { queue: 'children' })])])
    while ((await first.counts())['waiting-children'] > 0) await new Promise(setImmediate)
    await worker.stop()
    await first.close()
    const second = directory.open()
    expect(await second.counts()).to.include({ 'waiting-children': 0, waiting: 1, completed: 1 })
    expect(await run(second)).to.deep.equal([0])
    await second.close()
    expect(await directory.open().counts()).to.include({ waiting: 0, completed: 0 })
  })

  it('keep that a parent has failed with its child', async () => {
    const first = directory.open()
    await first.add([parent(0, [numbered(1), numbered(2)], 'fail')])
    expect(await run(first, ({ data }) => (data['number'] === 1 ? failed : { kind: 'completed' }))).to.deep.equal([1, 2])
    await first.close()
    const second = directory.open()
    expect(await second.counts()).to.include({ failed: 2, 'waiting-children': 0, completed: 1 })
    await second.retry((await second.list('failed')).map(({ id }) => id))
    expect(await second.counts()).to.include({ waiting: 1, 'waiting-children': 1 })
    expect(await run(second)).to.deep.equal([1, 0])
  })

  it('keep children apart from the parent of another that has its id by chance', async () => {
    const first = directory.open()
    await first.add([parent(0, [numbered(1)], 'wait', { id: 'sum' })])
    await first.remove(['sum'])
    await first.add([parent(2, [numbered(3)], 'wait', { id: 'sum' })])
    await first.close()
    const second = directory.open()
    expect(numbersOf(await second.children('sum'))).to.deep.equal([3])
    expect((await second.list('waiting')).map(({ parent: id }) => id)).to.deep.equal([undefined, 'sum'])
  })

  it('are found after a crash in the middle of their being written all or none, wherever it was', async () => {
    const first = directory.open()
    const long = { text: 'x'.repeat(900) }
    const children = Array.from({ length: 12 }, (_, index) => numbered(index + 1, { data: { number: index + 1, ...long } }))
    await first.add([parent(0, [...children, parent(20, [numbered(21)])])])
    await first.close()
    const [name] = await directory.journals()
    const path = join(directory.path, name!)
    const written = (await readFile(path)).findLastIndex((byte) => byte !== 0) + 1
    for (let length = written; length > written - 14_000; length -= 997) {
      const torn = await QueueDirectory.make()
      await mkdir(torn.path, { recursive: true })
      await copyFile(path, join(torn.path, name!))
      await truncate(join(torn.path, name!), length)
      const { waiting, 'waiting-children': parents } = await torn.open().counts()
      expect([waiting, parents]).to.deep.equal(length === written ? [13, 2] : [0, 0])
      await torn.dispose()
    }
  })

  it('stay together through compaction', async () => {
    const first = directory.open({ segmentBytes: 2048 })
    await first.add([parent(0, [numbered(1, { queue: 'kept' }), numbered(2)])])
    await run(first, ({ queue }) => (queue === 'kept' ? failed : { kind: 'completed', result: 'done' }))
    for (let round = 0; round < 60; round++) {
      await first.remove(idsOf(await first.add(Array.from({ length: 20 }, () => numbered(round, { queue: 'passing' })))))
    }
    await first.close()
    expect((await directory.journals())[0]).not.to.equal('00000001.journal')
    const second = directory.open()
    const children = await second.children((await second.list('waiting-children'))[0]!.id)
    expect(children.map(({ state, result }) => [state, result])).to.deep.equal([
      ['failed', undefined],
      ['completed', 'done'],
    ])
    await second.retry([children[0]!.id])
    expect(await run(second)).to.deep.equal([1, 0])
  })

  it('keep as many children for their parent as it has, however few finished jobs are kept', async () => {
    const backend = directory.open({ retention: { completed: { count: 2 }, failed: { count: 0 } } })
    await backend.add([
      parent(
        0,
        [1, 2, 3, 4, 5, 6].map((number) => numbered(number)),
      ),
    ])
    await run(backend, ({ data }) => (data['number'] === 6 ? failed : { kind: 'completed' }))
    expect(await backend.counts()).to.include({ completed: 5, failed: 1, 'waiting-children': 1 })
    await backend.retry([(await backend.list('failed'))[0]!.id])
    let children: StoredJob[] = []
    await run(backend, async ({ run: own }) => {
      children = await own!.children!()
      return { kind: 'completed' }
    })
    expect(children).to.have.length(6)
    expect((await backend.counts()).completed).to.equal(2)
  })

  it('are thousands, when needed', async function () {
    this.timeout(60_000)
    const first = directory.open()
    const count = 10_000
    await first.add([
      parent(
        0,
        Array.from({ length: count }, (_, index) => numbered(index + 1)),
      ),
    ])
    await first.close()
    const second = directory.open()
    expect(await second.counts()).to.include({ waiting: count, 'waiting-children': 1 })
    let last: readonly StoredJob[] = []
    const ran = await run(second, async ({ data, run: own }) => {
      if (data['number'] === 0) last = await own!.children!()
      return { kind: 'completed', result: data['number'] }
    })
    expect(ran).to.have.length(count + 1)
    expect(ran.at(-1)).to.equal(0)
    expect(last.map(({ result }) => result)).to.deep.equal(Array.from({ length: count }, (_, index) => index + 1))
    expect(await second.counts()).to.include({ completed: 0, waiting: 0 })
  })

  it('survive the death of their process at any moment', async function () {
    this.timeout(60_000)
    const added = new Set<number>()
    for (let round = 0; round < 3; round++) {
      const owner = await startQueueProcess(directory.path, 'families')
      const lines = owner.lines
      for (let line = 0; line < 40 + round * 17; line++) {
        const [text] = (await once(lines, 'line')) as [string]
        added.add(Number(text))
      }
      owner.kill('SIGKILL')
      await once(owner.process, 'exit')
    }
    const backend = directory.open()
    const done = new Map<number, number>()
    const wrong: JobData[] = []
    await run(backend, async ({ name, data, run: own }) => {
      const family = data['family'] as number
      if (name === 'Child') done.set(family, (done.get(family) ?? 0) + 1)
      else if ((await own!.children!()).filter(({ state }) => state === 'completed').length !== 3) wrong.push(data)
      return { kind: 'completed' }
    })
    expect(wrong).to.deep.equal([])
    expect(await backend.counts()).to.include({ waiting: 0, 'waiting-children': 0, completed: 0, failed: 0 })
    expect(added.size).to.be.greaterThan(100)
  })
})
