import { expect } from 'chai'
import { createLogger, useLogger } from '../../../src/logging/index.ts'
import { InvalidArgument, modelOf, UnknownColumn } from '../../../src/model/index.ts'
import { rejection } from '../rejection.ts'
import { boundDatabase, testDatabase } from '../test_database.ts'

const schema = `
model Seat {
  row    String
  number Int
  taken  Boolean @default(false)
  @@id([row, number])
}
model Item {
  id    Int    @id @default(autoincrement())
  code  String @unique
  group Int
}
`
interface Hall {
  types: {
    model: {
      Seat: { payload: { name: 'Seat'; objects: {}; scalars: { row: string; number: number; taken: boolean } } }
      Item: { payload: { name: 'Item'; objects: {}; scalars: { id: number; code: string; group: number } } }
    }
  }
  models: { Seat: Seat; Item: Item }
}
class Seat extends modelOf<Hall>()('Seat') {}
class Item extends modelOf<Hall>()('Item') {}

type Walk = { batchSize?: number; order?: 'asc' | 'desc' | ('asc' | 'desc')[]; start?: unknown; finish?: unknown }

describe('batches', () => {
  const test = boundDatabase([Seat, Item], () => testDatabase(schema))
  before(async () => {
    for (const row of ['A', 'B', 'C']) for (const number of [1, 2]) await Seat.createOrThrow({ row, number })
    for (const [place, code] of ['e', 'd', 'c', 'b', 'a'].entries()) await Item.createOrThrow({ code, group: place % 2 })
  })
  beforeEach(() => (test().database.statements.length = 0))

  const named = (seats: readonly { row: string; number: number }[]) => seats.map(({ row, number }) => `${row}${number}`)
  const seats = async (options: Walk): Promise<string[]> => {
    const found: Seat[] = []
    await Seat.findEach((seat) => found.push(seat), options)
    return named(found)
  }

  describe('by a key of several columns', () => {
    it('walk up, down, and each column its own way', async () => {
      expect(await seats({ batchSize: 4 })).to.deep.equal(['A1', 'A2', 'B1', 'B2', 'C1', 'C2'])
      expect(await seats({ batchSize: 4, order: 'desc' })).to.deep.equal(['C2', 'C1', 'B2', 'B1', 'A2', 'A1'])
      expect(await seats({ batchSize: 1, order: ['desc', 'asc'] })).to.deep.equal(['C1', 'C2', 'B1', 'B2', 'A1', 'A2'])
      expect(await seats({ batchSize: 3, order: ['asc', 'desc'] })).to.deep.equal(['A2', 'A1', 'B2', 'B1', 'C2', 'C1'])
    })

    it('begin and end with the rows that are said, in the direction that is walked', async () => {
      expect(await seats({ batchSize: 2, start: ['A', 2], finish: ['B', 2] })).to.deep.equal(['A2', 'B1', 'B2'])
      expect(await seats({ batchSize: 2, start: ['B', 1], order: 'desc' })).to.deep.equal(['B1', 'A2', 'A1'])
      expect(await seats({ batchSize: 2, start: ['B', 1], finish: ['A', 2], order: ['desc', 'asc'] })).to.deep.equal([
        'B1',
        'B2',
        'A1',
        'A2',
      ])
    })

    it('are relations that write to their rows', async () => {
      expect(
        await Seat.where({ row: ['A', 'B'] })
          .inBatches({ of: 3 })
          .updateAll({ taken: true }),
      ).to.equal(4)
      expect(named(await Seat.where({ taken: true }).order('row', 'number'))).to.deep.equal(['A1', 'A2', 'B1', 'B2'])
      const sizes: number[] = []
      await Seat.where({ taken: true }).inBatches(async (batch) => sizes.push((await batch.count()) as number), { of: 3 })
      expect(sizes).to.deep.equal([3, 1])
      await Seat.updateAll({ taken: false })
    })
  })

  describe('of inBatches', () => {
    it('tell their rows by a range when the whole table is walked, else by their keys', async () => {
      const texts = async (batches: AsyncIterable<{ toSql(): string }>): Promise<string[]> => {
        const found: string[] = []
        for await (const batch of batches) found.push(batch.toSql().replace(/^.* where /, ''))
        return found
      }
      expect(await texts(Item.inBatches({ of: 3 }))).to.deep.equal(['"Item"."id" <= 3', '"Item"."id" > 3 and "Item"."id" <= 5'])
      expect(await texts(Item.inBatches({ of: 3, useRanges: false }))).to.deep.equal(['"Item"."id" in (1, 2, 3)', '"Item"."id" in (4, 5)'])
      expect(await texts(Item.where({ group: 0 }).inBatches({ of: 2 }))).to.deep.equal([
        '"Item"."group" = 0 and "Item"."id" in (1, 3)',
        '"Item"."group" = 0 and "Item"."id" = 5',
      ])
      expect(await texts(Item.where({ group: 0 }).inBatches({ of: 2, useRanges: true, order: 'desc' }))).to.deep.equal([
        '"Item"."group" = 0 and "Item"."id" >= 3',
        '"Item"."group" = 0 and "Item"."id" < 3 and "Item"."id" >= 1',
      ])
    })

    it('have their records already with load', async () => {
      const found: string[] = []
      for await (const batch of Item.inBatches({ of: 3, load: true })) for (const item of await batch) found.push(item.code)
      expect([found, test().database.statements.length]).to.deep.equal([['e', 'd', 'c', 'b', 'a'], 2])
    })

    it('still ask for the conditions, so that a row that was changed meanwhile is left alone', async () => {
      const deleted: number[] = []
      await Item.where({ group: 1 }).inBatches(
        async (batch) => {
          await Item.where({ code: 'd' }).updateAll({ group: 7 })
          deleted.push((await batch.count()) as number)
        },
        { of: 5 },
      )
      await Item.where({ code: 'd' }).updateAll({ group: 1 })
      expect(deleted).to.deep.equal([1])
    })

    it('keep to the limit of the relation', async () => {
      const sizes: number[] = []
      await Item.limit(4).inBatches(async (batch) => sizes.push((await batch.ids()).length), { of: 3 })
      expect(sizes).to.deep.equal([3, 1])
    })
  })

  it('walk by columns that are unique together, and refuse others', async () => {
    const codes: string[] = []
    await Item.findEach((item) => codes.push(item.code), { cursor: 'code', batchSize: 2 })
    expect(codes).to.deep.equal(['a', 'b', 'c', 'd', 'e'])
    codes.length = 0
    await Item.findEach((item) => codes.push(item.code), { cursor: ['group', 'id'], order: ['desc', 'asc'], batchSize: 2 })
    expect(codes).to.deep.equal(['d', 'b', 'e', 'c', 'a'])
    await rejection(
      Item.findEach(() => {}, { cursor: 'group' }),
      InvalidArgument,
    )
    await rejection(
      Item.findEach(() => {}, { cursor: 'grup' as 'group' }),
      UnknownColumn,
    )
  })

  it('refuse directions and ends that do not fit the cursor', async () => {
    await rejection(seats({ order: 'up' as 'asc' }), InvalidArgument)
    await rejection(seats({ order: ['asc', 'down' as 'asc'] }), InvalidArgument)
    await rejection(seats({ start: 'A' }), InvalidArgument)
    await rejection(seats({ finish: ['A', 1, 2] }), InvalidArgument)
  })

  it('need the columns of the cursor to be selected', async () => {
    await rejection(
      Item.select('code').findEach(() => {}),
      InvalidArgument,
    )
  })

  it('take the records of a relation that is loaded, without asking again', async () => {
    const relation = Item.where({ group: [0, 1] })
    await relation.load()
    const batches: string[][] = []
    await relation.findInBatches((items) => batches.push(items.map((item) => item.code)), { batchSize: 2, order: 'desc', finish: 2 })
    expect([batches, test().database.statements.length]).to.deep.equal([
      [
        ['a', 'b'],
        ['c', 'd'],
      ],
      1,
    ])
  })

  it('warn about an order that they do not keep, or refuse it', async () => {
    let lines = ''
    useLogger(createLogger({ level: 'warn', stream: { write: (line: string) => void (lines += line) } }))
    const ordered = Item.order({ code: 'asc' })
    const ids: number[] = []
    await ordered.findEach((item) => ids.push(item.id))
    expect([ids, lines.includes('is ignored in batches')]).to.deep.equal([[1, 2, 3, 4, 5], true])
    lines = ''
    await ordered.findEach(() => {}, { errorOnIgnore: false })
    expect(lines).to.equal('')
    await rejection(
      ordered.findEach(() => {}, { errorOnIgnore: true }),
      InvalidArgument,
    )
    useLogger(undefined)
  })
})
