import { expect } from 'chai'
import { bindModels, InvalidArgument, modelOf } from '../../src/model/index.ts'
import { type TestDatabase, testDatabase } from './test_database.ts'

const schema = `
model Writer {
  id Int @id @default(autoincrement())
}
model Essay {
  id Int @id @default(autoincrement())
  writer_id Int?
  title String?
}
model Cover {
  id Int @id @default(autoincrement())
  essay_id Int?
}
`
const Model = modelOf<{}>()
interface Essays {
  readonly target: readonly Essay[]
  where(conditions: object): Essays
  order(name: string): Essays
  build(): Essay
  findOrInitializeBy(attributes: object): Promise<Essay>
  count(): Promise<number>
}
class Writer extends Model('Writer') {
  declare cover: unknown
  declare essays: Essays
  declare firstCover: PromiseLike<Cover | null>
  static {
    this.hasMany('essays')
    this.hasOne('essay')
    this.hasOne('cover', { through: 'essays' })
    this.hasOne('firstCover', { through: 'essay', source: 'cover' })
  }
}
class Essay extends Model('Essay') {
  declare title: string | null
  declare writer: PromiseLike<Writer | null>
  static {
    this.belongsTo('writer')
    this.hasOne('cover')
  }
}
class Cover extends Model('Cover') {
  static {
    this.belongsTo('essay')
  }
}

describe('a collection that was narrowed', () => {
  let test: TestDatabase
  before(async () => {
    test = await testDatabase(schema)
    bindModels([Writer, Essay, Cover], test.database, test.metadata)
  })
  after(() => test.close())

  it('has what is built on it', async () => {
    for (const writer of [new Writer(), await Writer.createOrThrow({})]) {
      const essay = writer.essays.where({ title: 't' }).order('id').build()
      expect([essay.title, writer.essays.target, await essay.writer]).to.deep.equal(['t', [essay], writer])
      await writer.saveOrThrow()
      const other = await writer.essays.where({ title: 'u' }).findOrInitializeBy({ title: 'u' })
      expect([other.isNewRecord(), writer.essays.target.at(-1)]).to.deep.equal([true, other])
      expect([essay.isPersisted(), await writer.essays.where({ title: 't' }).count()]).to.deep.equal([true, 1])
    }
  })
})

describe('a hasOne through a collection', () => {
  let test: TestDatabase
  before(async () => {
    test = await testDatabase(schema)
    bindModels([Writer, Essay, Cover], test.database, test.metadata)
  })
  after(() => test.close())

  it('is refused when it is used, and one through a single record isn’t', async () => {
    const writer = await Writer.createOrThrow({})
    const reason = "hasOne 'cover' of Writer goes through 'essays', which is a collection: go through a hasOne or belongsTo."
    for (const use of [
      () => writer.cover,
      () => (writer.cover = null),
      () => Writer.joins('cover').toSql(),
      () => Writer.leftJoins('cover').toSql(),
    ])
      expect(use).to.throw(InvalidArgument, reason)
    const cover = await Cover.createOrThrow({ essay: await Essay.createOrThrow({ writer }) })
    expect((await writer.firstCover)?.equals(cover)).to.equal(true)
  })
})
