import { expect } from 'chai'
import type { NewJob } from '../../../src/jobs/index.ts'
import { numbered, QueueDirectory } from '../queue_directory.ts'

describe('those who add jobs', () => {
  let directory: QueueDirectory
  beforeEach(async () => (directory = await QueueDirectory.make()))
  afterEach(() => directory.dispose())

  it('are answered in the order they came, whatever they add, also many at a time', async () => {
    const backend = directory.open()
    const answered: number[] = []
    const add = async (number: number): Promise<void> => {
      const kinds: Partial<NewJob>[] = [{}, {}, { id: `mine-${number}` }, {}, { priority: 1 }, { runAt: Date.now() + 60_000 }]
      await backend.add([numbered(number, kinds[number % kinds.length])])
      answered.push(number)
    }
    const numbers = Array.from({ length: 500 }, (_, number) => number)
    await Promise.all(numbers.map(add))
    expect(answered).to.deep.equal(numbers)
  })

  it('hear the ids of their own jobs, also where a call among them fails', async () => {
    const backend = directory.open({ maxDataLength: 1000 })
    const calls = Array.from({ length: 300 }, (_, number) => {
      const data = { number, text: 'x'.repeat(number % 7 === 3 ? 2000 : 10) }
      return backend.add([numbered(number, { data })]).then(
        async ([id]) => (await backend.find(id!))!.data['number'],
        (error: unknown) => Reflect.get(error as Error, 'code'),
      )
    })
    const expected = Array.from({ length: 300 }, (_, number) => (number % 7 === 3 ? 'REGAUGE_JOB_TOO_LARGE' : number))
    expect(await Promise.all(calls)).to.deep.equal(expected)
  })
})
