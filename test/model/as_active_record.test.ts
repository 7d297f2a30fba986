import { expect } from 'chai'
import { InvalidEnumValue, modelOf, StaleObject, SubclassNotFound } from '../../src/model/index.ts'
import { rejection } from './rejection.ts'
import { boundDatabase, testDatabase } from './test_database.ts'

interface Press {
  types: {
    model: {
      Writer: {
        payload: {
          name: 'Writer'
          objects: { essays: EssayPayload[] }
          scalars: { id: number; name: string; essays_count: number; lock_version: number; created_at: Date; updated_at: Date }
        }
      }
      Essay: { payload: EssayPayload }
    }
  }
  models: { Writer: Writer; Essay: Essay }
}
interface EssayPayload {
  name: 'Essay'
  objects: { writer: Press['types']['model']['Writer']['payload'] | null }
  scalars: {
    id: number
    title: string
    type: string | null
    views: number
    status: 'draft' | 'live'
    prefs: object | null
    color: string | null
    writer_id: number | null
    created_at: Date
    updated_at: Date
  }
}

const Model = modelOf<Press>()
class Writer extends Model('Writer') {
  static {
    this.hasMany('essays', { autosave: true })
    this.acceptsNestedAttributesFor('essays', { allowDestroy: true })
    this.validates('name', { presence: true })
  }
}
class Essay extends Model('Essay') {
  static {
    this.belongsTo('writer', { optional: true, counterCache: true, touch: true })
    this.storeAccessor('prefs', 'color')
    this.validates('title', { presence: true })
    this.enum('status', ['draft', 'live'])
  }
}
class Special extends Essay {}

/** Answers that were asked of Active Record on SQLite. */
describe('records as Active Record has them', () => {
  boundDatabase([Writer, Essay, Special], () =>
    testDatabase(`model Writer {
  id           Int      @id @default(autoincrement())
  name         String
  essays_count Int      @default(0)
  lock_version Int      @default(0)
  created_at   DateTime
  updated_at   DateTime
  essays       Essay[]
}
model Essay {
  id         Int      @id @default(autoincrement())
  title      String
  type       String?
  views      Int      @default(0)
  status     Int      @default(0)
  prefs      Json?
  writer_id  Int?
  created_at DateTime
  updated_at DateTime
  writer     Writer?  @relation(fields: [writer_id], references: [id])
}`),
  )
  let ann: Writer
  let bob: Writer
  beforeEach(async () => {
    await Essay.deleteAll()
    await Writer.deleteAll()
    ann = await Writer.createOrThrow({ name: 'Ann' })
    bob = await Writer.createOrThrow({ name: 'Bob' })
  })

  it('tell of nested attributes that are not valid, and keep the records', async () => {
    expect(await ann.update({ essays_attributes: [{ title: '' }] } as never)).to.equal(false)
    expect(ann.errors.fullMessages).to.deep.equal(["Essays title can't be blank"])
    expect(await ann.essays.size()).to.equal(1)
  })

  it('count for the new owner when they change it, and for nobody when they have none', async () => {
    const essay = await ann.essays.createOrThrow({ title: 'x' })
    await essay.updateOrThrow({ writer: bob })
    expect([(await ann.reload()).essays_count, (await bob.reload()).essays_count]).to.deep.equal([0, 1])
    await essay.updateOrThrow({ writer: null })
    expect((await bob.reload()).essays_count).to.equal(0)
  })

  it('are not destroyed by one that is stale', async () => {
    const [first, second] = [await Writer.find(ann.id), await Writer.find(ann.id)]
    await first.updateOrThrow({ name: 'Anna' })
    await rejection(second.destroy(), StaleObject)
    expect(await Writer.exists(ann.id)).to.equal(true)
  })

  it('have changes for autosave in records that they are given', () => {
    ann.essays.build({ title: 'n' })
    expect([ann.isChangedForAutosave(), ann.isChanged()]).to.deep.equal([true, false])
  })

  it('know the changes of what is kept in a store', async () => {
    const essay = await Essay.createOrThrow({ title: 's', color: 'red' } as never)
    Reflect.set(essay, 'color', 'blue')
    expect(essay.changed).to.deep.equal(['prefs'])
    await essay.saveOrThrow()
    expect((await Essay.find(essay.id)).prefs).to.deep.equal({ color: 'blue' })
  })

  it('become another class, and share their attributes with it', async () => {
    const essay = await Essay.createOrThrow({ title: 'b' })
    const special = essay.becomes(Special)
    expect([special.constructor.name, special.type, special.id]).to.deep.equal(['Special', null, essay.id])
  })

  it('are copied as new ones without key and times', async () => {
    const copy = (await Essay.createOrThrow({ title: 'd' })).dup()
    expect([copy.id, copy.isNewRecord(), copy.created_at, copy.title, copy.changed]).to.deep.equal([null, true, null, 'd', ['title']])
  })

  it('are of the class that the type says when the base creates, builds and finds them', async () => {
    expect((await Essay.createOrThrow({ type: 'Special', title: 'z' })).constructor.name).to.equal('Special')
    expect((await Essay.findOrInitializeBy({ type: 'Special', title: 'none' })).constructor.name).to.equal('Special')
    expect(Essay.build({ type: 'Special' }).constructor.name).to.equal('Special')
    expect(ann.essays.build({ type: 'Special', title: 'q' }).constructor.name).to.equal('Special')
    expect(() => Essay.build({ type: 'Writer' })).to.throw(SubclassNotFound)
    expect(() => ann.essays.build({ type: 'Bogus' })).to.throw(SubclassNotFound)
  })

  it('are found in the order of values, null among them', async () => {
    await Essay.createOrThrow([{ title: 'x' }, { title: 's', writer: ann }])
    expect(await Essay.inOrderOf('title', ['s', 'x']).pluck('title')).to.deep.equal(['s', 'x'])
    expect(await Essay.inOrderOf('writer_id', [null, ann.id]).pluck('title')).to.deep.equal(['x', 's'])
    expect(await Essay.inOrderOf('status', ['live', 'draft']).count()).to.equal(2)
  })

  it('are counted once with what is included', async () => {
    await ann.essays.createOrThrow([{ title: 'x' }, { title: 'y' }])
    expect(await Writer.includes('essays').count('id')).to.equal(2)
  })

  it('know what was saved with their owner', async () => {
    const writer = await Writer.createOrThrow({ name: 'N', essays_attributes: [{ title: 'q' }] } as never)
    expect(Object.keys(writer.savedChanges).sort()).to.deep.equal(['created_at', 'id', 'name', 'updated_at'])
    expect((await writer.reload()).essays_count).to.equal(1)
  })

  it('refuse members of an enum that it has not', () => {
    for (const status of ['1', 'bogus']) expect(() => new Essay({ status } as never)).to.throw(InvalidEnumValue)
    expect(new Essay({ status: 1 } as never).status).to.equal('live')
  })
})
