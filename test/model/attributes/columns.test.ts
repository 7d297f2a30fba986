import { expect } from 'chai'
import { modelOf, sql, UnknownColumn } from '../../../src/model/index.ts'
import { boundDatabase, testDatabase } from '../test_database.ts'

interface Shop {
  types: {
    model: {
      Item: {
        payload: {
          name: 'Item'
          objects: {}
          scalars: {
            id: number
            name: string
            kind: string | null
            views: number
            price: number | null
            made_at: Date | null
            data: object | null
          }
        }
      }
    }
  }
  models: { Item: Item }
}
class Item extends modelOf<Shop>()('Item') {
  static {
    this.attribute('draft')
  }
}

describe('what a class tells of its columns', () => {
  boundDatabase([Item], () =>
    testDatabase(`model Item {
  id      Int       @id @default(autoincrement())
  name    String    @default("none") @map("item_name")
  kind    String?
  views   Int       @default(0)
  price   Decimal?
  made_at DateTime? @default(now())
  data    Json?
}`),
  )
  before(async () => {
    for (const [name, kind, views] of [
      ['a', 'x', 1],
      ['b', 'y', 5],
      ['c', 'y', 1],
      ['d', 'z', 3],
    ] as const)
      await Item.createOrThrow({ name, kind, views })
  })

  it('are their names, types and defaults', () => {
    expect(Item.columnNames).to.deep.equal(['id', 'name', 'kind', 'views', 'price', 'made_at', 'data'])
    expect(Item.attributeNames).to.deep.equal([...Item.columnNames, 'draft'])
    expect(Item.columnsHash['name']).to.deep.equal({
      name: 'name',
      column: 'item_name',
      type: 'string',
      isNullable: false,
      isArray: false,
      default: 'none',
      nativeType: null,
    })
    expect(Object.values(Item.columnsHash).map(({ type }) => type)).to.deep.equal([
      'integer',
      'string',
      'string',
      'integer',
      'decimal',
      'datetime',
      'json',
    ])
    expect({ ...Item.columnDefaults }).to.include({ id: null, name: 'none', views: 0, made_at: null })
    expect(Item.columnsHash['toString']).to.equal(undefined)
  })

  it('are how values are cast and written', () => {
    expect(Item.attributeTypes['views']!.cast('7x')).to.equal(7)
    expect(Item.typeForAttribute('views').type).to.equal('integer')
    expect(Item.typeForAttribute('made_at').serialize(new Date(0))).to.equal('1970-01-01T00:00:00.000+00:00')
    expect(Item.typeForAttribute('nothing').cast('7')).to.equal('7')
    expect([Item.hasAttribute('views'), Item.hasAttribute('draft'), Item.hasAttribute('nothing')]).to.deep.equal([true, true, false])
  })

  describe('sorted by', () => {
    it('aggregates, under the names that Rails gives them', async () => {
      expect([...((await Item.group('kind').order({ count_all: 'desc' }, 'kind').count()) as Map<string, number>)]).to.deep.equal([
        ['y', 2],
        ['x', 1],
        ['z', 1],
      ])
      expect([...((await Item.group('kind').order('sum_views desc').sum('views')) as Map<string, number>).keys()]).to.deep.equal([
        'y',
        'z',
        'x',
      ])
      const kinds = Item.order({ maximum_views: 'asc' }, 'kind').group('kind')
      expect([...((await kinds.maximum('views')) as Map<string, number>).keys()]).to.deep.equal(['x', 'z', 'y'])
      const reversed = Item.order({ count_all: 'asc' }, 'kind').reverseOrder().group('kind')
      expect([...((await reversed.count()) as Map<string, number>).keys()]).to.deep.equal(['y', 'z', 'x'])
    })

    it('names that are selected', async () => {
      const kinds = await Item.select('kind', sql('max(views) as most'))
        .where({ name: ['a', 'b', 'd'] })
        .order('most desc' as never)
        .merge({ group: 'kind' })
      expect(kinds.map(({ kind }) => kind)).to.deep.equal(['y', 'z', 'x'])
    })

    it('nothing else', () => {
      for (const name of ['count_nothing', 'sum_all', 'count_', 'items', 'sum_views; drop', 'max_views'])
        expect(() => Item.group('kind').order(name as never), name).to.throw()
      expect(() => Item.order('sum_nope' as never)).to.throw(UnknownColumn)
    })
  })
})
