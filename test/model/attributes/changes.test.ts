import { expect } from 'chai'
import { bindModels, InvalidArgument, modelOf, Rollback } from '../../../src/model/index.ts'
import { boundDatabase, testDatabase } from '../test_database.ts'

const schema = `
model Item {
  id Int @id @default(autoincrement())
  title String?
  views Int @default(0)
  data Json?
  options Json @default("{}")
  tags String?
  names String?
  settings String?
  /// @decimal(8, 2)
  price Decimal?
  status Int @default(0)
  at DateTime?
  created_at DateTime
  updated_at DateTime
}
`

interface Data {
  a?: number
  b?: number[]
}

class Item extends modelOf<{}>()('Item') {
  declare id: number
  declare title: string | null
  declare data: Data
  declare options: Record<string, unknown>
  declare tags: string[]
  declare names: string[]
  declare settings: Record<string, unknown>
  declare color: string | null
  declare heading: string | null
  declare stars: number | null
  declare price: unknown
  declare status: string
  declare at: unknown
  static {
    this.serialize('tags')
    this.serialize('names', { type: Array })
    this.store('settings', { accessors: ['color', 'size'] })
    this.aliasAttribute('heading', 'title')
    this.attribute('stars', 'integer', { default: 3 })
    this.attribute('note')
    this.validates('title', { confirmation: true })
    this.enum('status', { draft: 0, live: 1 })
  }
}

describe('changes', () => {
  const test = boundDatabase([Item], () => testDatabase(schema))
  const made = (attributes: object = {}) => Item.createOrThrow({ title: 'a', data: { a: 1 }, tags: ['x'], ...attributes })

  describe('inside of a value', () => {
    it('are seen and saved after the record was created, and after each save', async () => {
      const item = await made()
      item.data.a = 2
      item.tags.push('y')
      expect(item.changes).to.deep.equal({ data: [{ a: 1 }, { a: 2 }], tags: [['x'], ['x', 'y']] })
      await item.saveOrThrow()
      item.data.b = [1]
      expect(item.changed).to.deep.equal(['data'])
      expect(item.savedChangeTo('data')).to.deep.equal([{ a: 1 }, { a: 2 }])
      await item.saveOrThrow()
      const found = await Item.find(item.id)
      expect([found.data, found.tags]).to.deep.equal([{ a: 2, b: [1] }, ['x', 'y']])
    })

    it('are put back, and seen again after updateColumns and after a rollback', async () => {
      const item = await made()
      item.data.a = 5
      item.restoreAttributes()
      expect([item.data, item.changed]).to.deep.equal([{ a: 1 }, []])
      await item.updateColumns({ data: { a: 6 } })
      item.data.a = 7
      expect(item.changed).to.deep.equal(['data'])
      await Item.transaction(async () => {
        await item.saveOrThrow()
        throw new Rollback()
      })
      expect(item.changed).to.include('data')
    })

    it('reach neither what was assigned, nor a copy, nor the default of other records', async () => {
      const given: Data = { a: 1 }
      const item = await made({ data: given })
      given.a = 9
      const copy = item.dup()
      copy.data.a = 8
      expect([item.data, item.changed]).to.deep.equal([{ a: 1 }, []])
      const first = new Item()
      first.options['theme'] = 'dark'
      expect([first.changed, new Item().options]).to.deep.equal([['options'], {}])
    })

    it('are of a list or an object where the column is null', async () => {
      const item = new Item()
      expect([item.names, item.settings, item.changed]).to.deep.equal([[], {}, []])
      item.names.push('a')
      await item.saveOrThrow()
      expect((await Item.find(item.id)).names).to.deep.equal(['a'])
      await item.updateOrThrow({ names: [] })
      expect(await Item.connection.selectValue('select names from Item where id = ?', item.id)).to.equal(null)
      expect(() => new Item({ names: { a: 1 } })).to.throw(InvalidArgument, "'names' is serialized as an Array")
    })
  })

  describe('of a key of a store', () => {
    it('are told by its accessor', async () => {
      const item = await made({ color: 'red' })
      item.color = 'blue'
      expect([item.attributeChanged('color'), item.attributeWas('color'), item.attributeChange('color')]).to.deep.equal([
        true,
        'red',
        ['red', 'blue'],
      ])
      expect(item.attributeChanged('size')).to.equal(false)
      await item.saveOrThrow()
      expect([item.savedChangeTo('color'), item.savedChangeTo('size'), item.attributeBeforeLastSave('color')]).to.deep.equal([
        ['red', 'blue'],
        undefined,
        'red',
      ])
      expect(Item.storedAttributes).to.deep.equal({ settings: ['color', 'size'] })
    })
  })

  describe('of an attribute with another name', () => {
    it('are told by both', async () => {
      const item = await made()
      item.heading = 'z'
      expect([item.attributeChanged('heading'), item.attributeChange('heading'), item.changed]).to.deep.equal([true, ['a', 'z'], ['title']])
      item.restoreAttribute('heading')
      expect(item.title).to.equal('a')
      await item.updateOrThrow({ heading: 'y' })
      expect([item.savedChangeTo('heading'), item.attributePreviouslyWas('heading')]).to.deep.equal([['a', 'y'], 'a'])
      item.attributeWillChange('heading')
      expect(item.changed).to.deep.equal(['title'])
      expect(Item.attributeAliases).to.deep.equal({ heading: 'title' })
      await Item.insertAll([{ heading: 'inserted' }])
      expect(await Item.where({ heading: 'inserted' }).count()).to.equal(1)
    })
  })

  describe('of an attribute without a column', () => {
    it('are changes as others are, and have the record saved with a new time', async () => {
      const item = await made({ updated_at: new Date(0) })
      expect([item.stars, item.changed, new Item({ stars: 3 }).changed]).to.deep.equal([3, [], []])
      item.stars = 5
      expect([item.changes, item.attributeWas('stars')]).to.deep.equal([{ stars: [3, 5] }, 3])
      await item.saveOrThrow()
      expect([item.savedChangeTo('stars'), item.changed, item.isSavedChangeTo('updated_at')]).to.deep.equal([[3, 5], [], true])
      item.stars = 6
      item.restoreAttributes()
      expect(item.stars).to.equal(5)
      expect([item.dup().stars, (await item.reload()).stars]).to.deep.equal([5, 3])
    })

    it('have their default on records that were found, and are attributes in JSON, too', async () => {
      const item = await Item.find((await made()).id)
      expect([item.stars, item.hasAttribute('stars')]).to.deep.equal([3, true])
      expect(item.asJson({ only: ['title', 'stars', 'note'], root: true })).to.deep.equal({ item: { title: 'a', stars: 3, note: null } })
      expect(Object.keys(item.attributes)).to.include('stars').and.not.include('title_confirmation')
      expect({ ...Item.columnDefaults }).to.include({ views: 0, stars: 3 })
    })
  })

  it('are asked for from and to values as they are assigned', async () => {
    const item = await made({ price: '1.5', at: '2026-01-01' })
    item.assign({ price: 2.5, at: '2026-01-02', data: { a: 2 }, status: 'live' })
    expect(item.attributeChanged('price', { from: 1.5, to: '2.50' })).to.equal(true)
    expect(item.attributeChanged('at', { from: new Date('2026-01-01'), to: '2026-01-02' })).to.equal(true)
    expect(item.attributeChanged('data', { from: { a: 1 }, to: { a: 2 } })).to.equal(true)
    expect(item.attributeChanged('status', { from: 'draft', to: 1 })).to.equal(true)
    expect(item.attributeChanged('status', { to: 'gone' })).to.equal(false)
  })

  it('of a new record are the defaults that its class declares, as in Rails, and the name of its class', async () => {
    class Started extends modelOf<{}>()('Item') {
      declare title: string | null
      declare options: object
      declare status: string
      declare stars: number
      static inheritanceColumn = 'tags'
      static {
        this.attribute('title', { default: () => 'fresh' })
        this.attribute('views', { default: 0 })
        this.attribute('options', { default: { a: 1 } })
        this.attribute('stars', 'integer', { default: 3 })
        this.enum('status', { draft: 0, live: 1 }, { default: 'live' })
      }
    }
    class Below extends Started {}
    bindModels([Started], test().database, test().metadata)
    const defaults = { title: [null, 'fresh'], options: [{}, { a: 1 }], status: ['draft', 'live'] }
    expect(new Started().changes).to.deep.equal(defaults)
    expect(new Below().changes).to.deep.equal({ ...defaults, tags: [null, 'Below'] })
    expect(new Started({ title: 'given', status: 'draft' }).changes).to.deep.equal({ title: [null, 'given'], options: [{}, { a: 1 }] })
    const saved = await Started.createOrThrow()
    expect([saved.changes, saved.savedChanges]).to.deep.equal([
      {},
      { ...defaults, id: [null, saved.readAttribute('id')], ...timesOf(saved) },
    ])
    expect((await Started.last())?.changes).to.deep.equal({})
    expect(Object.keys(saved.dup().changes)).to.deep.equal(Object.keys(defaults))
    const restored = new Started()
    restored.restoreAttributes()
    expect([restored.title, restored.options, restored.status, restored.stars]).to.deep.equal([null, {}, 'draft', 3])
  })
})

function timesOf(record: { readAttribute(name: string): unknown }): Record<string, [null, unknown]> {
  return { created_at: [null, record.readAttribute('created_at')], updated_at: [null, record.readAttribute('updated_at')] }
}
