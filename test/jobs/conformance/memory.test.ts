import { expect } from 'chai'
import { EmbeddedBackend } from '../../../src/jobs/index.ts'
import { idsOf, numbered, numbersOf } from '../queue_directory.ts'

describe('a job queue in memory', () => {
  it('keeps the jobs that stay when it lets go of the memory of those that are gone', async () => {
    const backend = new EmbeddedBackend({ durability: 'memory' })
    const later = Date.now() + 3_600_000
    const text = 'x'.repeat(200_000)
    // One that stays among each 200 KB that don't, 200 MB in all.
    for (let number = 0; number < 1000; number++) {
      const [, passing] = await backend.add([numbered(number, { runAt: later + number }), numbered(-1, { runAt: later, data: { text } })])
      await backend.remove(idsOf([passing!]))
      await new Promise(setImmediate)
    }
    expect(numbersOf(await backend.list('delayed', { limit: 2000 }))).to.have.members(Array.from({ length: 1000 }, (_, number) => number))
    const taken: unknown[] = []
    await backend.add([numbered(1000)])
    await new Promise<void>((resolve) => {
      const handle = async ({ data }: { data: Record<string, unknown> }) => {
        taken.push(data['number'])
        resolve()
        return { kind: 'completed' } as const
      }
      void backend.process(handle, { queues: ['*'], concurrency: 1 })
    })
    expect(taken).to.deep.equal([1000])
    await backend.close()
  })
})
