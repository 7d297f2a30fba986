import { expect } from 'chai'
import type { NewJob } from '../../../src/jobs/index.ts'
import { numbered, QueueDirectory } from '../queue_directory.ts'

const text = 'x'.repeat(1000)

describe('data of jobs that run code while they are written', () => {
  let directory: QueueDirectory
  beforeEach(async () => (directory = await QueueDirectory.make()))
  afterEach(() => directory.dispose())

  /** The numbers of the jobs that a process finds which comes after this one. */
  async function found(): Promise<unknown[]> {
    const backend = directory.open()
    const page = { limit: 1000 }
    const jobs = [...(await backend.list('waiting', page)), ...(await backend.list('prioritized', page))]
    return jobs.map(({ data }) => data['number']).sort((a, b) => Number(a) - Number(b))
  }

  const failing: Readonly<Record<string, (last: NewJob) => NewJob[]>> = {
    'with a priority': (last) => [{ ...last, priority: 1 }],
    'with an id of its own': (last) => [{ ...last, id: 'mine' }],
    'in a call with others': (last) => [numbered(1), last],
    'behind so many that they are written meanwhile': (last) => [
      ...Array.from({ length: 100 }, () => numbered(1, { data: { number: 1, text } })),
      last,
    ],
  }
  for (const [what, jobs] of Object.entries(failing)) {
    it(`lose no job that a getter adds before it throws, and bring none of a refused call: ${what}`, async () => {
      const backend = directory.open()
      const inner: Promise<unknown>[] = []
      const data = {
        get text(): string {
          inner.push(backend.add([numbered(7, { data: { number: 7, text } })]))
          throw new Error('no')
        },
      }
      const outcome = await backend.add(jobs(numbered(2, { data }))).then(
        () => 'stored',
        (error: Error) => error.message,
      )
      expect(outcome).to.equal('no')
      await Promise.all(inner)
      expect(inner).not.to.have.length(0)
      await backend.add([numbered(8)])
      await backend.close()
      expect(await found()).to.deep.equal([...inner.map(() => 7), 8])
      expect(directory.log).to.deep.equal([])
    })
  }

  it('are stored whole where a getter has all written that was gathered', async () => {
    const backend = directory.open()
    const inner: Promise<unknown>[] = []
    const many = Array.from({ length: 100 }, (_, number) => numbered(number, { data: { number, text } }))
    const data = {
      number: 100,
      get text(): string {
        if (inner.length === 0) inner.push(backend.pause('some'))
        return text
      },
    }
    const behind = Array.from({ length: 5 }, (_, index) => numbered(101 + index))
    await backend.add([...many, numbered(100, { data }), ...behind])
    await Promise.all(inner)
    await backend.close()
    expect(await found()).to.deep.equal(Array.from({ length: 106 }, (_, number) => number))
    expect(directory.log).to.deep.equal([])
  })

  it('are what JSON says of arrays that are odd', async () => {
    const lying = (length: number) => new Proxy([1, 2, 3], { get: (list, key) => (key === 'length' ? length : Reflect.get(list, key)) })
    const values = [lying(1.5), lying(-1), lying(2), Object.setPrototypeOf([1, 2], Object.prototype)]
    const backend = directory.open()
    for (const value of values) await backend.add([numbered(1, { data: { value } })])
    const listed = await backend.list('waiting')
    expect(listed.map(({ data }) => data['value'])).to.deep.equal(JSON.parse(JSON.stringify(values)))
  })
})
