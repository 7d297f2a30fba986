import { expect } from 'chai'
import { InvalidArgument, modelOf } from '../../../src/model/index.ts'
import { boundDatabase, testDatabase } from '../test_database.ts'

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
class Writer extends Model('Writer') {
  declare cover: unknown
  declare firstCover: PromiseLike<Cover | null>
  static {
    this.hasMany('essays')
    this.hasOne('essay')
    this.hasOne('cover', { through: 'essays' })
    this.hasOne('firstCover', { through: 'essay', source: 'cover' })
  }
}
class Essay extends Model('Essay') {
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

describe('a hasOne through a collection', () => {
  boundDatabase([Writer, Essay, Cover], () => testDatabase(schema))

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
