import { expect } from 'chai'
import { InvalidArgument, modelOf, RecordNotFound, UnknownColumn } from '../../src/model/index.ts'
import { rejection } from './rejection.ts'
import { boundDatabase, testDatabase } from './test_database.ts'

const schema = `
model Seat {
  row    String
  number Int
  taken  Boolean @default(false)
  @@id([row, number])
}
`
interface SeatPayload {
  name: 'Seat'
  objects: {}
  scalars: { row: string; number: number; taken: boolean }
}
interface Hall {
  types: { model: { Seat: { payload: SeatPayload } } }
}
class Seat extends modelOf<Hall>()('Seat') {}

describe('a key of several columns', () => {
  boundDatabase([Seat], () => testDatabase(schema))
  before(async () => {
    for (const row of ['A', 'B']) for (const number of [1, 2]) await Seat.createOrThrow({ row, number })
  })

  const named = (seats: readonly { row: string; number: number }[]) => seats.map(({ row, number }) => `${row}${number}`)
  /** What `find` takes is typed by a key of one column. */
  const find = (key: unknown): Promise<never> => Seat.find(key as string) as Promise<never>

  it('finds a record, and several in their order', async () => {
    expect(named([await find(['B', 2])])).to.deep.equal(['B2'])
    expect(
      named(
        await find([
          ['B', '2'],
          ['A', 1],
        ]),
      ),
    ).to.deep.equal(['B2', 'A1'])
    await rejection(find(['C', 1]), RecordNotFound)
    await rejection(find(7), InvalidArgument)
  })

  it('is a condition, as any columns are', async () => {
    const seats = await Seat.where(
      ['row', 'number'],
      [
        ['A', 2],
        ['B', 1],
      ],
    ).order('row')
    expect(named(seats)).to.deep.equal(['A2', 'B1'])
    expect(await Seat.where(['row', 'number'], []).count()).to.equal(0)
    expect(() => Seat.where(['row', 'nope' as 'number'], [['A', 1]])).to.throw(UnknownColumn)
    expect(() => Seat.where(['row', 'number'], [['A'] as never])).to.throw(InvalidArgument)
    // @ts-expect-error a number is no row
    Seat.where(['row', 'number'], [['A', 'x']])
  })

  it('is walked in batches, and written by', async () => {
    const seen: string[] = []
    await Seat.findEach((seat) => void seen.push(`${seat.row}${seat.number}`), { batchSize: 3 })
    expect(seen).to.deep.equal(['A1', 'A2', 'B1', 'B2'])
    const seat: InstanceType<typeof Seat> = await find(['A', 2])
    await seat.updateOrThrow({ taken: true })
    expect(named(await Seat.where({ taken: true }))).to.deep.equal(['A2'])
  })
})
