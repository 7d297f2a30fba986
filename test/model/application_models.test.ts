import { expect } from 'chai'
import { checkModels, FormModel, modelOf } from '../../src/model/index.ts'
import { boundDatabase, testDatabase } from './test_database.ts'

const schema = `
model Shelf {
  id Int @id @default(autoincrement())
  label String @default("")
}
model Book {
  id Int @id @default(autoincrement())
  shelf_id Int?
  genre_id Int?
  kind_id Int?
}
model Genre {
  id Int @id @default(autoincrement())
  state Int?
  mood String?
}
`
const Model = modelOf<{}>()
class Shelf extends Model('Shelf') {
  static {
    this.hasMany('books')
    this.hasMany('genres', { through: 'books' })
  }
}
class Book extends Model('Book') {
  declare genres: PromiseLike<Genre[]> & { toSql(): string }
  static {
    this.belongsTo('shelf', { optional: true })
    this.belongsTo('genre', { optional: true })
    this.belongsTo('kind', { className: 'Genre', foreignKey: 'kind_id', optional: true })
    this.hasMany('neighbours', { className: 'Book', through: 'shelf', source: 'books' })
    this.hasMany('genres', { through: 'neighbours' })
  }
}
class Genre extends Model('Genre') {
  static {
    this.enum('state', { draft: 0, shown: 1 }, { validate: true })
    this.attribute('state', { default: 'shown' })
    this.attribute('mood', { default: () => 'calm' })
    this.enum('mood', { calm: 'c', wild: 'w' })
    this.hasMany('editions', { className: 'Book', inverseOf: 'kind' })
  }
}
class Search extends FormModel('Search') {
  declare words: string | null
  static {
    this.attribute('words', 'string')
    this.validates('words', { presence: true })
  }
}

describe('the models of an application together', () => {
  boundDatabase([Search, Shelf, Book, Genre], () => testDatabase(schema))

  it('may be some without a table', async () => {
    checkModels([Search, Shelf, Book, Genre])
    expect(await new Search({ words: '' }).isValid()).to.equal(false)
  })

  it('go through others to the single association first, as in Rails, also where the class between has one of the name itself', async () => {
    const shelf = await Shelf.createOrThrow({})
    const genre = await Genre.createOrThrow({})
    const book = await Book.createOrThrow({ shelf_id: shelf.id })
    await Book.createOrThrow({ shelf_id: shelf.id, genre_id: genre.id })
    expect((await book.genres).map(({ id }) => id)).to.deep.equal([genre.id])
  })

  it('start with the member that an attribute names, before or after its enum', async () => {
    const genre = await Genre.createOrThrow({})
    expect(genre).to.include({ state: 'shown', mood: 'calm' })
    expect(await Genre.find(genre.id)).to.include({ state: 'shown', mood: 'calm' })
  })

  it('have the key of the association that inverseOf names', async () => {
    const genre = await Genre.createOrThrow({})
    const book = await (
      genre as unknown as { editions: { createOrThrow(): Promise<{ kind_id: number; genre_id: null }> } }
    ).editions.createOrThrow()
    expect([book.kind_id, book.genre_id]).to.deep.equal([genre.id, null])
  })
})
