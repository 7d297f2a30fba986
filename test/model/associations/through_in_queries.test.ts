import { expect } from 'chai'
import { modelOf } from '../../../src/model/index.ts'
import { boundDatabase, testDatabase } from '../test_database.ts'

const schema = `
model User {
  id Int @id @default(autoincrement())
}
model Story {
  id      Int    @id @default(autoincrement())
  title   String
  user_id Int?
}
model Comment {
  id Int @id @default(autoincrement())
}
model Vote {
  id         Int  @id @default(autoincrement())
  user_id    Int
  story_id   Int
  comment_id Int?
}
model Mail {
  id Int @id @default(autoincrement())
}
model Sheet {
  id      Int @id @default(autoincrement())
  mail_id Int
}
model Line {
  id       Int @id @default(autoincrement())
  sheet_id Int
  place    Int
}
model Mention {
  id        Int    @id @default(autoincrement())
  mail_id   Int
  item_type String
  item_id   Int
}
`
const Model = modelOf<{}>()

class User extends Model('User') {
  static {
    this.hasMany('votes')
    this.hasMany('stories', { through: 'votes', source: 'story' })
    this.hasMany('voted_stories', { through: 'votes', source: 'story', scope: (stories) => stories.where({ votes: { comment_id: null } }) })
    this.hasMany('good_stories', { through: 'votes', source: 'story', scope: (stories) => stories.where({ title: 'good' }) })
    this.hasMany('sorted_stories', { through: 'votes', source: 'story', scope: (stories) => stories.order({ title: 'desc' }) })
    this.hasMany('distinct_stories', { through: 'votes', source: 'story', scope: (stories) => stories.distinct() })
    this.hasMany('authors', { through: 'good_stories', source: 'user' })
  }
}
class Story extends Model('Story') {
  static {
    this.belongsTo('user', { optional: true })
    this.hasMany('votes')
  }
}
class Comment extends Model('Comment') {}
class Vote extends Model('Vote') {
  static {
    this.belongsTo('user')
    this.belongsTo('story')
  }
}
class Mail extends Model('Mail') {
  static {
    this.hasMany('mentions')
    this.hasMany('sheets', { scope: (sheets) => sheets.order('id') })
    this.hasMany('lines', { through: 'sheets' })
    this.hasMany('mentioned_stories', { through: 'mentions', source: 'item', sourceType: 'Story' })
    this.hasMany('mentioned_comments', { through: 'mentions', source: 'item', sourceType: 'Comment' })
  }
}
class Sheet extends Model('Sheet') {
  static {
    this.hasMany('lines', { scope: (lines) => lines.order('place') })
  }
}
class Line extends Model('Line') {}
class Mention extends Model('Mention') {
  static {
    this.belongsTo('mail')
    this.belongsTo('item', { polymorphic: true })
  }
}
type Row = Record<string, unknown> & { id: number }

describe('associations through others in queries', () => {
  boundDatabase([User, Story, Comment, Vote, Mail, Mention, Sheet, Line], () => testDatabase(schema))
  before(async () => {
    for (let count = 0; count < 3; count++) for (const model of [User, Comment, Mail]) await model.createOrThrow({})
    for (const [title, user_id] of [
      ['good', 3],
      ['bad', null],
      ['good', null],
    ] as const)
      await Story.createOrThrow({ title, user_id })
    for (const [user_id, story_id, comment_id] of [
      [1, 3, null],
      [1, 1, 1],
      [1, 3, null],
      [2, 2, 2],
      [2, 1, null],
    ] as const)
      await Vote.insert({ user_id, story_id, comment_id })
    for (const [mail_id, item_type, item_id] of [
      [1, 'Story', 2],
      [1, 'Comment', 2],
      [2, 'Comment', 1],
      [2, 'Comment', 3],
    ] as const)
      await Mention.insert({ mail_id, item_type, item_id })
  })

  const ids = async (relation: PromiseLike<readonly unknown[]>) => ((await relation) as Row[]).map(({ id }) => id)
  /** By owner, the keys of what an association leads to, read one by one, preloaded and joined. */
  const ways = async (model: typeof User | typeof Mail, name: string) => {
    const keys = async (owners: PromiseLike<readonly unknown[]>) => {
      const all: number[][] = []
      for (const owner of (await owners) as Row[]) all.push(((await owner[name]) as Row[]).map(({ id }) => id))
      return all
    }
    const owners = model.order('id')
    return { read: await keys(owners), preloaded: await keys(owners.preload(name)), joined: await keys(owners.eagerLoad(name)) }
  }
  const sortedLists = (lists: readonly number[][]) => lists.map((list) => [...new Set(list)].sort())

  it('are joined with what their own scope asks for', async () => {
    expect(await ids(User.joins('good_stories').order('id'))).to.deep.equal([1, 1, 1, 2])
    expect(await ids(User.joins('voted_stories').order('id'))).to.deep.equal([1, 1, 2])
    expect(await ids(User.joins('authors').order('id'))).to.deep.equal([1, 2])
    expect(
      await ids(
        User.missing('authors' as never)
          .distinct()
          .order('id'),
      ),
    ).to.deep.equal([1, 2, 3])
  })

  it('lead to the same records read, preloaded and joined, though their scope names the rows between', async () => {
    for (const name of ['voted_stories', 'good_stories', 'authors']) {
      const { read, preloaded, joined } = await ways(User, name)
      expect(preloaded.map((list) => [...list].sort())).to.deep.equal(
        read.map((list) => [...list].sort()),
        name,
      )
      expect(sortedLists(joined)).to.deep.equal(sortedLists(read), name)
    }
    expect((await ways(User, 'voted_stories')).preloaded).to.deep.equal([[3, 3], [1], []])
  })

  it('lead to a record as often as there are rows between, unless their scope says distinct', async () => {
    expect((await ways(User, 'stories')).preloaded).to.deep.equal([[3, 1, 3], [2, 1], []])
    expect((await ways(User, 'distinct_stories')).preloaded).to.deep.equal([[3, 1], [2, 1], []])
    expect((await ways(User, 'sorted_stories')).preloaded[1]).to.deep.equal([1, 2])
  })

  it('are in the order of their source, over all of the rows between', async () => {
    for (let count = 0; count < 2; count++) await Sheet.insert({ mail_id: 2 })
    for (const [sheet_id, place] of [
      [1, 1],
      [1, 3],
      [2, 2],
    ] as const)
      await Line.insert({ sheet_id, place })
    const { read, preloaded } = await ways(Mail, 'lines')
    expect(read[1]).to.deep.equal([1, 3, 2])
    expect(preloaded).to.deep.equal(read)
  })

  it('to one class of several leave out the rows of the others', async () => {
    expect((await ways(Mail, 'mentioned_stories')).preloaded).to.deep.equal([[2], [], []])
    expect((await ways(Mail, 'mentioned_comments')).preloaded).to.deep.equal([[2], [1, 3], []])
    expect(await ids(Mail.leftJoins('mentioned_stories').order('id'))).to.deep.equal([1, 2, 3])
    expect(await ids(Mail.missing('mentioned_stories' as never).order('id'))).to.deep.equal([2, 3])
    expect(await ids(Mail.joins('mentioned_comments').order('id'))).to.deep.equal([1, 2, 2])
  })
})
