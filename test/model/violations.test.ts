import { expect } from 'chai'
import { bindModels, ForeignKeyViolation, modelOf, NotNullViolation, RecordNotUnique } from '../../src/model/index.ts'
import { rejection } from './rejection.ts'
import { type TestDatabase, testDatabase } from './test_database.ts'

const Model = modelOf<{}>()
class Shelf extends Model('Shelf') {
  static {
    this.hasMany('books')
  }
}
class Book extends Model('Book') {}

describe('what a constraint of the database refuses', () => {
  let test: TestDatabase
  before(async () => {
    test = await testDatabase(`model Shelf {
  id    Int    @id @default(autoincrement())
  name  String @unique
  books Book[]
}
model Book {
  id       Int   @id @default(autoincrement())
  shelf_id Int
  shelf    Shelf @relation(fields: [shelf_id], references: [id], onDelete: Restrict)
}`)
    bindModels([Shelf, Book], test.database, test.metadata)
    const shelf = await Shelf.createOrThrow({ name: 'a' })
    await Shelf.createOrThrow({ name: 'b' })
    await Book.createOrThrow({ shelf_id: shelf['id'] })
  })
  after(() => test.close())

  it('is the same error for a record that is destroyed or deleted as for all that are deleted at once', async () => {
    await rejection((await Shelf.findByOrThrow({ name: 'a' })).destroy(), ForeignKeyViolation)
    await rejection((await Shelf.findByOrThrow({ name: 'a' })).delete(), ForeignKeyViolation)
    await rejection(Shelf.deleteAll(), ForeignKeyViolation)
    expect(await Shelf.count()).to.equal(2)
  })

  it('is the same error for rows that are updated at once', async () => {
    await rejection(Shelf.updateAll({ name: null }), NotNullViolation)
    await rejection(Shelf.updateAll({ name: 'same' }), RecordNotUnique)
  })
})
