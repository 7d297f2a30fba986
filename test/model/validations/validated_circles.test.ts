import { expect } from 'chai'
import { modelOf } from '../../../src/model/index.ts'
import { boundDatabase, testDatabase } from '../test_database.ts'

const schema = `
model Person {
  id           Int     @id @default(autoincrement())
  name         String?
  last_post_id Int?    @unique
  last_post    Post?   @relation("last", fields: [last_post_id], references: [id])
  posts        Post[]  @relation("held")
}
model Post {
  id        Int     @id @default(autoincrement())
  title     String?
  person_id Int?
  person    Person? @relation("held", fields: [person_id], references: [id])
  last_of   Person? @relation("last")
}
`

class Person extends modelOf<{}>()('Person') {
  static {
    this.belongsTo('last_post', { className: 'Post', optional: true, inverseOf: 'person' })
    this.acceptsNestedAttributesFor('last_post')
    this.validates('name', { presence: true })
  }
}
class Post extends modelOf<{}>()('Post') {
  static {
    this.belongsTo('person', { optional: true, inverseOf: 'last_post' })
    this.acceptsNestedAttributesFor('person')
    this.validates('title', { presence: true })
  }
}

describe('records that are saved with each other', () => {
  boundDatabase([Person, Post], () => testDatabase(schema))

  it('are validated without going round for ever, and what is wrong is said once, as in Rails', async () => {
    const person = new Person()
    const post = new Post({ person, title: 'a' } as never)
    person.assign({ last_post: post })
    expect([await post.isValid(), post.errors.fullMessages]).to.deep.equal([false, ["Person name can't be blank"]])
    expect([await person.isValid(), person.errors.fullMessages]).to.deep.equal([
      false,
      ["Name can't be blank", "Last post person name can't be blank"],
    ])
    person.assign({ name: 'Ann' })
    post.assign({ title: null })
    expect([await post.isValid(), post.errors.fullMessages]).to.deep.equal([
      false,
      ["Title can't be blank", "Person last post title can't be blank"],
    ])
    expect([await person.isValid(), person.errors.fullMessages]).to.deep.equal([false, ["Last post title can't be blank"]])
  })
})
