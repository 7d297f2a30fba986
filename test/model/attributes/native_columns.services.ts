import { expect } from 'chai'
import { modelOf, RecordNotFound } from '../../../src/model/index.ts'
import { rejection } from '../rejection.ts'
import { boundDatabase, onPostgres } from '../test_database.ts'

const schema = `
enum Mood {
  happy
  sad @map("s")
}
model Item {
  id    String    @id @default(uuid()) @db.Uuid
  tags  String[]  @default(["a"])
  nums  Int[]
  bigs  BigInt[]
  costs Decimal[]
  times DateTime[]
  flags Boolean[]
  moods Mood[]
  other String?   @db.Uuid
  ip    String?   @db.Inet
  opens DateTime? @db.Time(6)
  data  Json      @default("{}")
}
`
class Item extends modelOf<{}>()('Item') {
  declare id: string
  declare tags: string[]
  declare nums: number[]
  declare data: Record<string, unknown>
}

describe('columns of PostgreSQL', () => {
  boundDatabase([Item], () => onPostgres(schema))

  it('of lists cast each element, and read texts as the database writes lists', async () => {
    const given = { nums: ['1', '2x', 3.7], bigs: ['9007199254740993'], costs: ['1.5'], times: ['2026-01-01 10:00'], flags: ['1', 'off'] }
    const { id } = await Item.createOrThrow({ ...given, tags: '{a,"b, \\"c",NULL}', moods: ['happy', 'sad'] })
    const item = await Item.find(id)
    expect([item.nums, item['bigs'], item['flags'], item['moods']]).to.deep.equal([
      [1, 2, 3],
      [9007199254740993n],
      [true, false],
      ['happy', 'sad'],
    ])
    expect([item['times'], (item['costs'] as unknown[]).map(String)]).to.deep.equal([[new Date('2026-01-01T10:00:00Z')], ['1.5']])
    expect([item.tags, item.changed]).to.deep.equal([['a', 'b, "c', null], []])
    expect(await Item.where({ id }).pluck('moods')).to.deep.equal([['happy', 'sad']])
  })

  it('of lists tell changes inside, after each save, and share no default', async () => {
    const item = await Item.createOrThrow({ nums: [1] })
    item.tags.push('z')
    item.nums.push(2)
    expect(item.changes).to.deep.equal({ tags: [['a'], ['a', 'z']], nums: [[1], [1, 2]] })
    await item.saveOrThrow()
    item.tags.push('w')
    await item.saveOrThrow()
    expect([(await Item.find(item.id)).tags, new Item().tags]).to.deep.equal([['a', 'z', 'w'], ['a']])
  })

  it('of addresses and UUIDs hold what is one, in one form', async () => {
    const uuid = 'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11'
    const item = await Item.createOrThrow({ other: `{${uuid.replaceAll('-', '').toUpperCase()}}`, ip: '192.168.0.1/24' })
    expect([item['other'], item['ip']]).to.deep.equal([uuid, '192.168.0.0/24'])
    const odd = new Item({ other: 'nope', ip: '1.2.3.4/33' })
    expect([odd['other'], odd['ip']]).to.deep.equal([null, null])
    expect([await Item.where({ other: 'nope' }).count(), await Item.where({ ip: 'nope' }).count()]).to.deep.equal([0, 0])
    await rejection(Item.find('nope'), RecordNotFound)
  })

  it('of times of day lie on the first of January 2000, as in Rails', async () => {
    const { id } = await Item.createOrThrow({ opens: '9:30 pm' })
    const item = await Item.find(id)
    expect(item['opens']).to.deep.equal(new Date('2000-01-01T21:30:00Z'))
    item['opens'] = new Date('2026-05-01T21:30:00Z')
    expect([item.changed, new Item({ opens: '25:00' })['opens']]).to.deep.equal([[], null])
  })
})
