import { expect } from 'chai'
import { AttributeAssignmentError, modelOf, MultiparameterAssignmentErrors } from '../../../src/model/index.ts'
import { boundDatabase, testDatabase } from '../test_database.ts'

const schema = `
model Post {
  id    Int       @id @default(autoincrement())
  at    DateTime?
  /// @date
  day   DateTime?
  title String?
  n     Int?
}
`
class Post extends modelOf<{}>()('Post') {
  static {
    this.attribute('virtual', 'datetime')
  }
  declare id: number
  declare at: Date | null
  declare day: Date | null
  declare title: string | null
  declare n: number | null
  declare virtual: Date | null
}

/** `{ at: ['2026', '5'] }` as a form sends it: `at(1i)`, `at(2i)`. */
function sent(parts: Record<string, readonly unknown[]>): never {
  const entries = Object.entries(parts).flatMap(([name, values]) =>
    values.map((value, place) => [`${name}(${place + 1}i)`, value] as const),
  )
  return Object.fromEntries(entries) as never
}

function failure(work: () => unknown): MultiparameterAssignmentErrors {
  try {
    work()
  } catch (error) {
    if (error instanceof MultiparameterAssignmentErrors) return error
    throw error
  }
  throw new Error('nothing failed')
}

describe('the parts of a day or time that a form sends', () => {
  boundDatabase([Post], () => testDatabase(schema))

  const timeOf = (...parts: unknown[]) => new Post(sent({ at: parts })).at?.toISOString() ?? null
  const dayOf = (...parts: unknown[]) => new Post(sent({ day: parts })).day?.toJSON() ?? null

  it('make a time together, whatever their order, and days beyond a month those of the next', () => {
    expect(timeOf('2026', '5', '1', '10', '30', '15')).to.equal('2026-05-01T10:30:15.000Z')
    expect(timeOf('2026', '5', '1')).to.equal('2026-05-01T00:00:00.000Z')
    expect(timeOf('2026', '5', '1', '', '')).to.equal('2026-05-01T00:00:00.000Z')
    expect(timeOf('2026', '2', '31')).to.equal('2026-03-03T00:00:00.000Z')
    expect(timeOf('2026', '5', '1', '24', '0')).to.equal('2026-05-02T00:00:00.000Z')
    const turned = new Post({ 'at(3i)': '1', 'at(6f)': '1.5', title: 't', 'at(2i)': '5', 'at(1)': '2026' } as never)
    expect([turned.at?.toISOString(), turned.title]).to.deep.equal(['2026-05-01T00:00:01.500Z', 't'])
    expect(new Post(sent({ virtual: ['2026', '5', '1'] })).virtual).to.deep.equal(new Date('2026-05-01'))
  })

  it('make a day, and nothing where one is empty', () => {
    expect([dayOf('2026', '5', '1'), dayOf('2026', '2', '31')]).to.deep.equal(['2026-05-01', '2026-03-03'])
    expect([dayOf('2026', '5', ''), dayOf('2026', '5'), dayOf('', '', '')]).to.deep.equal([null, null, null])
    expect([timeOf('', '', ''), timeOf('2026', '', '')]).to.deep.equal([null, null])
    expect(new Post(sent({ n: ['7'] })).n).to.equal(null)
  })

  it('are saved, and clear what was there', async () => {
    const post = await Post.createOrThrow(sent({ at: ['2026', '5', '1', '10', '30'], day: ['2026', '5', '1'] }))
    expect((await Post.find(post.id)).at).to.deep.equal(new Date('2026-05-01T10:30:00Z'))
    await post.updateOrThrow(sent({ at: ['', '', ''] }))
    expect([(await Post.find(post.id)).at, post.day?.toJSON()]).to.deep.equal([null, '2026-05-01'])
  })

  it('that make none are told together, each with its values', () => {
    const error = failure(() => new Post(sent({ at: ['2026', '13', '1'], day: ['2026', '14', '31'] })))
    expect(error.message).to.equal(
      '2 error(s) on assignment of multiparameter attributes [error on assignment [2026, 13, 1, 0, 0] to at (mon out of range),' +
        'error on assignment [2026, 14, 31] to day (mon out of range)]',
    )
    expect(error.errors.map((each) => [each instanceof AttributeAssignmentError, each.attribute])).to.deep.equal([
      [true, 'at'],
      [true, 'day'],
    ])
    const message = (...parts: unknown[]) => failure(() => timeOf(...parts)).errors[0]!.message
    expect(message('2026', '2', '32')).to.equal('error on assignment [2026, 2, 32, 0, 0] to at (argument out of range)')
    expect(message('2026', '5', '1', '25', '0')).to.equal('error on assignment [2026, 5, 1, 25, 0] to at (hour out of range)')
    expect(message('2026', '5')).to.equal(
      "error on assignment [2026, 5] to at (Provided hash {1=>2026, 2=>5} doesn't contain necessary keys: [3])",
    )
    const unknown = failure(() => new Post(sent({ title: ['1'], nope: ['1'] }))).errors[0]!
    expect(unknown.message).to.equal("error on assignment [1] to nope (unknown attribute 'nope' for Post.)")
  })
})
