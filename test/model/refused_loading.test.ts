import { expect } from 'chai'
import { bindModels, checkModels, InvalidArgument, modelOf, StrictLoadingViolation, SubclassNotFound } from '../../src/model/index.ts'
import { BlogModel, blogModels, blogSchema, Post } from './blog_models.ts'
import { rejection } from './rejection.ts'
import { type TestDatabase, testDatabase } from './test_database.ts'

describe('loading that is refused', () => {
  let test: TestDatabase
  before(async () => {
    test = await testDatabase(blogSchema)
    bindModels(blogModels, test.database, test.metadata)
  })
  after(() => test.close())

  it('leaves nothing of a row whose class is not there to the next record', async () => {
    await Post.createOrThrow({ title: 'odd' })
    await Post.updateAll({ type: 'Nowhere' })
    await rejection(Post.first(), SubclassNotFound)
    const next = new Post({ title: 'next' })
    expect([next.id, next.title, next.isNewRecord()]).to.deep.equal([null, 'next', true])
    await Post.deleteAll()
  })

  it('is that of an association that is declared so, unless it was included', async () => {
    class Strict extends BlogModel('Post') {
      static {
        this.hasMany('remarks', { strictLoading: true, foreignKey: 'post_id' })
        this.belongsTo('author', { optional: true })
      }
    }
    bindModels([Strict], test.database, test.metadata)
    const post = await Strict.createOrThrow({ title: 'x' })
    await rejection(Promise.resolve(post.remarks), StrictLoadingViolation)
    expect(await post.author).to.equal(null)
    expect((await Strict.includes('remarks').find(post.id)).remarks.length).to.equal(0)
  })

  it('is that of an association whose key has several columns, when it is used', async () => {
    const seats = await testDatabase(`
model Hall {
  city  String
  name  String
  seats Seat[]
  @@id([city, name])
}
model Seat {
  id   Int    @id @default(autoincrement())
  city String
  name String
  hall Hall   @relation(fields: [city, name], references: [city, name])
}
`)
    try {
      class Hall extends modelOf<{}>()('Hall') {}
      class Seat extends modelOf<{}>()('Seat') {}
      bindModels([Hall, Seat], seats.database, seats.metadata)
      checkModels([Hall, Seat])
      await Hall.createOrThrow({ city: 'Bern', name: 'A' })
      const seat = await Seat.createOrThrow({ city: 'Bern', name: 'A' })
      await rejection(Promise.resolve(seat['hall'] as PromiseLike<unknown>), InvalidArgument)
    } finally {
      await seats.close()
    }
  })
})
