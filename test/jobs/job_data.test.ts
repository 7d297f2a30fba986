import { expect } from 'chai'
import type { EmbeddedBackend } from '../../src/jobs/index.ts'
import { QueueDirectory } from './queue_directory.ts'

/** What JSON doesn't write as it is, and what only looks like it. */
const characters = ['"', '\\', '\n', '\u0000', '\u001f', ' ', '!', '#', '[', ']', '~', '\u007f', '\u0080', 'é', '€', '😀', '\ud800']

describe('the data of a job', () => {
  let queues: QueueDirectory
  let backend: EmbeddedBackend

  beforeEach(async () => {
    queues = await QueueDirectory.make()
    backend = queues.open()
  })
  afterEach(() => queues.dispose())

  /** What is listed of jobs with these data. */
  const stored = async (values: readonly unknown[]): Promise<unknown[]> => {
    await Promise.all(values.map((value) => backend.add([{ queue: 'default', name: 'Example', data: { value } }])))
    return (await backend.list('waiting', { limit: values.length })).map(({ data }) => data['value'])
  }

  it('are those that JSON makes of them, whatever is at whichever place of a text', async () => {
    const texts = characters.flatMap((character) =>
      [0, 1, 7, 10, 11, 12, 13, 19, 20, 99, 100, 101, 115, 116, 300].flatMap((length) =>
        [0, length >> 1, length].map((place) => `${'a'.repeat(place)}${character}${'z'.repeat(length - place)}`),
      ),
    )
    expect(await stored(texts)).to.deep.equal(JSON.parse(JSON.stringify(texts)))
  })

  it('are those that JSON makes of objects, also of odd ones', async () => {
    class Price {
      readonly cents = 5
    }
    const values = [
      { constructor: 'a key like others', toString: 1, ['__proto__x']: [] },
      Object.assign(Object.create({ inherited: 1 }), { own: 2 }),
      Object.assign(Object.create({ toJSON: () => 'told' }), { own: 2 }),
      Object.assign(new Price(), { constructor: Object }),
      [Number.NaN, -0, 1e21, 0.1, -7, 9, 10, 99, 100, 4_294_967_295, 4_294_967_296],
    ]
    expect(await stored(values)).to.deep.equal(JSON.parse(JSON.stringify(values)))
  })
})

describe('the names of a job', () => {
  it('are kept, however long, and also where a name comes again in another queue', async () => {
    const queues = await QueueDirectory.make()
    const backend = queues.open()
    const names = ['A', 'Übung', 'Namespaced::LongerThanThatJob', 'x'.repeat(300), '任务', 'Übung']
    const all = names.flatMap((name) => ['default', 'höher', 'q'.repeat(90)].map((queue) => ({ queue, name })))
    for (const { queue, name } of [...all, ...all]) await backend.add([{ queue, name, data: {} }])
    const listed = await backend.list('waiting')
    expect(listed.map(({ queue, name }) => ({ queue, name }))).to.have.deep.members([...all, ...all])
    await queues.dispose()
  })
})
