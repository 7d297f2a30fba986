import { expect } from 'chai'
import type { ChildFailure, JobBackend, JobConstraints, NewJob, Outcome, ReservedJob, StoredJob } from '../../../src/jobs/index.ts'

/** What parents and children mean on every job backend, as tests: one list for all of them.
 *
 * @param open makes a backend with an empty queue, and what removes it
 */
export function behavesLikeBackendOfParents(open: () => Promise<{ backend: JobBackend; dispose: () => Promise<void> }>): void {
  let backend: JobBackend
  let dispose: () => Promise<void>
  let ran: unknown[]

  beforeEach(async () => {
    ;({ backend, dispose } = await open())
    ran = []
  })
  afterEach(() => dispose())

  const job = (name: string, more: Partial<NewJob> = {}): NewJob => ({ queue: 'default', name, data: { of: name }, ...more })
  const parent = (name: string, jobs: readonly NewJob[], onFailure: ChildFailure = 'wait', more: Partial<NewJob> = {}): NewJob => ({
    ...job(name, more),
    constraints: { ...more.constraints, children: { jobs, onFailure } },
  })
  const failed: Outcome = { kind: 'failed', error: { name: 'TypeError', message: 'no stock' } }

  /** Runs jobs, what `outcomes` says becoming of them, until a condition holds. */
  async function work(
    until: () => boolean | Promise<boolean>,
    outcomes: (job: ReservedJob) => Outcome | Promise<Outcome> = () => ({ kind: 'completed' }),
    queues: readonly string[] = ['*'],
  ): Promise<void> {
    const handle = async (reserved: ReservedJob) => {
      ran.push(reserved.name)
      return outcomes(reserved)
    }
    const worker = await backend.process(handle, { queues, concurrency: 1 })
    while (!(await until())) await new Promise((resolve) => setTimeout(resolve, 5))
    await worker.stop()
  }
  const isQuiet = async () => {
    const { waiting, prioritized, delayed, active, blocked } = await backend.counts()
    return waiting + prioritized + delayed + active + blocked === 0
  }
  const namesIn = async (state: Parameters<JobBackend['list']>[0]) => (await backend.list(state)).map(({ name }) => name)
  const brief = (children: readonly StoredJob[]) =>
    children.map(({ name, state, result, isDiscarded }) => [
      name,
      state,
      ...(result === undefined ? [] : [result]),
      ...(isDiscarded ? ['discarded'] : []),
    ])

  it('runs a parent when all its children are done', async () => {
    const ids = await backend.add([parent('Sum', [job('One'), job('Two')])])
    expect(new Set(ids)).to.have.property('size', 3)
    expect(await backend.counts()).to.include({ waiting: 2, 'waiting-children': 1 })
    expect(await backend.list('waiting-children')).to.satisfy(([stored]: StoredJob[]) => stored!.id === ids[0] && stored!.name === 'Sum')
    await work(() => ran.includes('Sum'))
    expect(ran).to.deep.equal(['One', 'Two', 'Sum'])
    await work(isQuiet)
    expect(await backend.counts()).to.include({ 'waiting-children': 0, completed: 0 })
  })

  it('answers the ids of parents first, then those of children, level by level', async () => {
    const ids = await backend.add([parent('Sum', [parent('Middle', [job('Leaf')]), job('Two')]), job('Single')])
    const names = await Promise.all(ids.map(async (id) => (await backend.find!(id!))!.name))
    expect(names).to.deep.equal(['Sum', 'Single', 'Middle', 'Two', 'Leaf'])
  })

  it('runs a parent without children at once', async () => {
    await backend.add([parent('Sum', [])])
    await work(() => ran.includes('Sum'))
  })

  it('lets children have children', async () => {
    await backend.add([parent('Sum', [parent('Middle', [job('Leaf')]), job('Two')])])
    expect(await namesIn('waiting-children')).to.have.members(['Sum', 'Middle'])
    await work(() => ran.includes('Sum'))
    expect(ran.indexOf('Leaf')).to.be.lessThan(ran.indexOf('Middle'))
    expect(ran.at(-1)).to.equal('Sum')
  })

  it('tells which job a child belongs to, and what a parent waits for', async () => {
    const [id, childId] = await backend.add([parent('Sum', [job('One')], 'fail')])
    expect(await backend.find!(childId!)).to.include({ parent: id, state: 'waiting' })
    expect(await backend.find!(id!)).to.include({ onChildFailure: 'fail', state: 'waiting-children' })
    expect(brief(await backend.children!(id!))).to.deep.equal([['One', 'waiting']])
    expect(await backend.children!(childId!)).to.deep.equal([])
  })

  it('runs a parent in its queue, and by its priority', async () => {
    await backend.add([parent('Sum', [job('One')], 'wait', { queue: 'reports', priority: 7 })])
    await work(() => ran.includes('One'), undefined, ['default'])
    while ((await backend.counts()).prioritized === 0) await new Promise((resolve) => setTimeout(resolve, 5))
    const [stored] = await backend.list('prioritized')
    expect(stored).to.include({ name: 'Sum', queue: 'reports', priority: 7 })
    await work(() => ran.includes('Sum'), undefined, ['reports'])
  })

  it('does not run a parent before its time, nor later than that', async () => {
    const runAt = Date.now() + 700
    await backend.add([parent('Sum', [job('One')], 'wait', { runAt })])
    let startedAt = 0
    await work(
      () => startedAt > 0,
      ({ name }) => {
        if (name === 'Sum') startedAt = Date.now()
        return { kind: 'completed' }
      },
    )
    expect(startedAt).to.be.at.least(runAt)
  })

  it('counts a child that is retried when it is done in the end', async () => {
    await backend.add([parent('Sum', [job('One')])])
    await work(
      () => ran.includes('Sum'),
      ({ attempt, data, name }) =>
        name === 'One' && attempt < 3 ? { kind: 'retry', data, queue: 'default', priority: 0, runAt: 0 } : { kind: 'completed' },
    )
    expect(ran).to.deep.equal(['One', 'One', 'One', 'Sum'])
  })

  it('counts a child that is retried in another queue', async () => {
    await backend.add([parent('Sum', [job('One')])])
    let children: StoredJob[] = []
    await work(
      () => ran.includes('Sum'),
      async ({ data, name, queue, run }) => {
        if (name === 'Sum') children = await run!.children!()
        if (name === 'One' && queue === 'default') return { kind: 'retry', data, queue: 'retries', priority: 0, runAt: Date.now() + 50 }
        return { kind: 'completed', result: queue }
      },
    )
    expect(ran).to.deep.equal(['One', 'One', 'Sum'])
    expect(brief(children)).to.deep.equal([['One', 'completed', 'retries']])
  })

  it('lets a parent see what came of its children, also when it is retried', async () => {
    await backend.add([parent('Sum', [job('One'), job('Two'), job('Three')], 'run')])
    const seen: unknown[] = []
    await work(
      () => seen.length === 2,
      async ({ name, run, attempt, data }) => {
        if (name === 'Two') return failed
        if (name === 'Three') return { kind: 'discarded' }
        if (name !== 'Sum') return { kind: 'completed', result: { rows: 3 } }
        const children = await run!.children!()
        seen.push(brief(children))
        expect(children[1]!.error).to.include({ name: 'TypeError', message: 'no stock' })
        return attempt === 1 ? { kind: 'retry', data, queue: 'default', priority: 0, runAt: 0 } : { kind: 'completed' }
      },
    )
    const expected = [
      ['One', 'completed', { rows: 3 }],
      ['Two', 'failed'],
      ['Three', 'completed', 'discarded'],
    ]
    expect(seen).to.deep.equal([expected, expected])
    await work(isQuiet)
    while ((await backend.counts()).completed > 0) await new Promise((resolve) => setTimeout(resolve, 5))
    expect(await backend.counts()).to.include({ failed: 1, completed: 0, 'waiting-children': 0 })
  })

  it('lets a parent wait for a child that has failed, until it is run again', async () => {
    const [, child] = await backend.add([parent('Sum', [job('One')])])
    await work(
      async () => (await backend.counts()).failed === 1,
      () => failed,
    )
    expect(await backend.counts()).to.include({ 'waiting-children': 1, failed: 1 })
    expect(await backend.retry([child!])).to.equal(1)
    expect(await backend.counts()).to.include({ 'waiting-children': 1, waiting: 1 })
    await work(() => ran.includes('Sum'))
    expect(ran).to.deep.equal(['One', 'One', 'Sum'])
  })

  it('does not let a parent wait for a child that its class discarded', async () => {
    await backend.add([parent('Sum', [job('One')])])
    await work(
      () => ran.includes('Sum'),
      ({ name }) => (name === 'One' ? { kind: 'discarded' } : { kind: 'completed' }),
    )
  })

  it('fails a parent whose child has failed, when asked to, and those above it that ask for it too', async () => {
    await backend.add([parent('Top', [parent('Sum', [job('One'), job('Two')], 'fail')], 'fail')])
    await work(
      async () => (await backend.counts()).failed === 3,
      ({ name }) => (name === 'One' ? failed : { kind: 'completed' }),
    )
    const failures = await backend.list('failed')
    const child = failures.find(({ name }) => name === 'One')
    const sum = failures.find(({ name }) => name === 'Sum')
    expect(sum!.error!.name).to.equal('ChildFailed')
    expect(sum!.error!.message).to.equal(`Its child One (${child!.id}) failed with TypeError: no stock`)
    const top = failures.find(({ name }) => name === 'Top')
    expect(top!.error!.message).to.equal(`Its child Sum (${sum!.id}) failed with ChildFailed: ${sum!.error!.message}`)
    await work(isQuiet)
    expect(ran.toSorted()).to.deep.equal(['One', 'Two'])
  })

  it('fails a parent whose child was discarded, when asked to', async () => {
    const [id, child] = await backend.add([parent('Sum', [job('One')], 'fail')])
    await work(
      async () => (await backend.find!(id!))?.state === 'failed',
      () => ({ kind: 'discarded' }),
    )
    const { name, message } = (await backend.find!(id!))!.error!
    expect([name, message]).to.deep.equal(['ChildFailed', `Its child One (${child}) was discarded`])
    expect(ran).to.deep.equal(['One'])
  })

  it('fails a parent again that is retried without its child', async () => {
    const [id, child] = await backend.add([parent('Sum', [job('One')], 'fail')])
    const isFailed = async () => (await backend.find!(id!))?.state === 'failed'
    await work(isFailed, () => failed)
    expect(await backend.retry([id!])).to.equal(1)
    await work(isFailed)
    const { name, message } = (await backend.find!(id!))!.error!
    expect([name, message]).to.deep.equal(['ChildFailed', `Its child One (${child}) failed with TypeError: no stock`])
    expect(ran).to.deep.equal(['One'])
  })

  it('runs a parent that failed with its child when both are retried', async () => {
    const [id, child] = await backend.add([parent('Sum', [job('One')], 'fail')])
    await work(
      async () => (await backend.counts()).failed === 2,
      () => failed,
    )
    expect(await backend.retry([id!, child!])).to.equal(2)
    expect(await backend.counts()).to.include({ failed: 0 })
    await work(() => ran.includes('Sum'))
    expect(ran).to.deep.equal(['One', 'One', 'Sum'])
  })

  it('runs a parent whose child has failed all the same, when asked to', async () => {
    await backend.add([parent('Sum', [job('One')], 'run')])
    await work(
      () => ran.includes('Sum'),
      ({ name }) => (name === 'One' ? failed : { kind: 'completed' }),
    )
    expect(await backend.counts()).to.include({ failed: 1 })
  })

  it('does not let a parent wait for children that were removed', async () => {
    const [, first, second] = await backend.add([parent('Sum', [job('One'), job('Two', { runAt: Date.now() + 3_600_000 })])])
    expect(await backend.remove([first!])).to.equal(1)
    expect(await backend.counts()).to.include({ 'waiting-children': 1 })
    expect(await backend.remove([second!])).to.equal(1)
    expect(await backend.counts()).to.include({ 'waiting-children': 0, waiting: 1 })
    await work(() => ran.includes('Sum'))
  })

  it('does not let a parent wait for a failed child that was removed', async () => {
    const [, child] = await backend.add([parent('Sum', [job('One')])])
    await work(
      async () => (await backend.counts()).failed === 1,
      () => failed,
    )
    expect(await backend.remove([child!])).to.equal(1)
    await work(() => ran.includes('Sum'))
  })

  it('leaves the children of a parent that was removed', async () => {
    const [id] = await backend.add([parent('Sum', [job('One'), job('Two')])])
    expect(await backend.remove([id!])).to.equal(1)
    expect(await backend.counts()).to.include({ 'waiting-children': 0, waiting: 2 })
    await work(() => ran.length === 2)
    await work(isQuiet)
    expect(ran).to.deep.equal(['One', 'Two'])
    expect(await backend.counts()).to.include({ completed: 0 })
  })

  describe('with constraints', () => {
    const unique = (key: string, conflict: 'discard' | 'raise' = 'discard'): { constraints: JobConstraints } => ({
      constraints: { unique: { key, until: 'executed', conflict } },
    })

    it('leaves out a child that is there already', async () => {
      await backend.add([job('One', unique('one'))])
      const ids = await backend.add([parent('Sum', [job('One', unique('one')), job('Two')])])
      expect(ids.map((id) => id !== null)).to.deep.equal([true, false, true])
      await work(() => ran.includes('Sum'))
    })

    it('stores no children of a parent that is there already', async () => {
      await backend.add([parent('Sum', [job('One')], 'wait', unique('sum'))])
      expect(await backend.add([parent('Sum', [job('Two')], 'wait', unique('sum'))])).to.deep.equal([null, null])
      await work(() => ran.includes('Sum'))
      expect(ran).to.deep.equal(['One', 'Sum'])
      await work(isQuiet)
      expect((await backend.add([parent('Sum', [], 'wait', unique('sum'))]))[0]).to.be.a('string')
    })

    it('stores nothing when a child is refused', async () => {
      await backend.add([job('One', unique('one'))])
      const error = await backend.add([parent('Sum', [job('Two'), job('One', unique('one', 'raise'))])]).catch((thrown: unknown) => thrown)
      expect(error).to.have.property('name', 'DuplicateJob')
      expect(await backend.counts()).to.include({ waiting: 1, 'waiting-children': 0 })
    })

    it('runs no more children of a key at a time than its limit', async () => {
      const limited = { constraints: { limit: { key: 'rows', to: 1, duration: 60_000 } } }
      await backend.add([parent('Sum', [job('One', limited), job('Two', limited)], 'wait', limited)])
      await work(() => ran.includes('Sum'))
      expect(ran).to.deep.equal(['One', 'Two', 'Sum'])
    })
  })
}
