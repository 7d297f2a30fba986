import { expect } from 'chai'
import { ActiveRecordError, StatementInvalid } from '../../src/errors/index.ts'
import {
  ForeignKeyViolation,
  InvalidArgument,
  modelOf,
  NotNullViolation,
  RecordNotFound,
  RecordNotUnique,
  sql,
  UnknownColumn,
} from '../../src/model/index.ts'
import { rejection } from './rejection.ts'
import { boundDatabase, testDatabase } from './test_database.ts'

const Model = modelOf<{}>()
class Shelf extends Model('Shelf') {
  static {
    this.hasMany('books')
  }
}
class Book extends Model('Book') {}

describe('what a constraint of the database refuses', () => {
  boundDatabase([Shelf, Book], () =>
    testDatabase(`model Shelf {
  id    Int    @id @default(autoincrement())
  name  String @unique
  books Book[]
}
model Book {
  id       Int   @id @default(autoincrement())
  shelf_id Int
  shelf    Shelf @relation(fields: [shelf_id], references: [id], onDelete: Restrict)
}`),
  )
  before(async () => {
    const shelf = await Shelf.createOrThrow({ name: 'a' })
    await Shelf.createOrThrow({ name: 'b' })
    await Book.createOrThrow({ shelf_id: shelf['id'] })
  })

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

  it('is a statement that is invalid, as is what the database refuses for another reason', async () => {
    const refused = await rejection(Shelf.updateAll({ name: 'same' }), StatementInvalid)
    expect(refused).to.be.instanceOf(RecordNotUnique)
    expect(refused.sql).to.match(/^update "Shelf"/)
    const unknown = await rejection(Shelf.where(sql('nmae = ?', 'a')), StatementInvalid)
    expect(unknown).to.be.instanceOf(ActiveRecordError)
    expect(unknown.sql).to.include('nmae')
    await rejection(Shelf.connection.selectAll('select from'), StatementInvalid)
    expect(() => Shelf.where({ nmae: 'a' }))
      .to.throw(StatementInvalid)
      .and.be.instanceOf(UnknownColumn)
  })

  it('is told apart from what the database was never asked, and from a record that is not there', async () => {
    const missing = await rejection(Shelf.find(99), RecordNotFound)
    expect(missing).to.be.instanceOf(ActiveRecordError).and.not.instanceOf(StatementInvalid)
    expect(() => Shelf.order())
      .to.throw(InvalidArgument)
      .and.not.be.instanceOf(ActiveRecordError)
  })
})
