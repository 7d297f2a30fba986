import { expect } from 'chai'
import { namesOfBinds } from '../../src/model/bind_names.ts'
import { bindModels, Rollback } from '../../src/model/index.ts'
import { type NotificationEvent, subscribed } from '../../src/notifications/index.ts'
import { blogModels, blogSchema, Post } from './blog_models.ts'
import { type TestDatabase, testDatabase } from './test_database.ts'

describe('the binds of a statement', () => {
  it('have the names of the columns that they are compared with or written to', () => {
    const named: Record<string, unknown[]> = {
      'select "posts".* from "posts" where "posts"."id" = ? limit ? offset ?': ['id', 'LIMIT', 'OFFSET'],
      'select * from "posts" where "posts"."id" in (?, ?) and "posts"."title" = ?': ['id', 'id', 'title'],
      'insert into "posts" ("title", "user_id") values (?, ?), (?, ?) returning "id"': ['title', 'user_id', 'title', 'user_id'],
      'update `posts` set `title` = ? where `id` = ?': ['title', 'id'],
      'select * from "users" where "name" = \'?\' and "users"."email" = $1 limit $2': ['email', 'LIMIT'],
      'select ?': [undefined],
    }
    for (const [sql, names] of Object.entries(named)) expect(namesOfBinds(sql), sql).to.deep.equal(names)
  })
})

describe('the events of a database', () => {
  let test: TestDatabase

  before(async () => {
    test = await testDatabase(blogSchema)
    bindModels(blogModels, test.database, test.metadata)
  })
  after(() => test.close())
  beforeEach(() => Post.deleteAll())

  async function eventsOf(work: () => Promise<unknown>, pattern: string | RegExp = 'sql.active_record'): Promise<NotificationEvent[]> {
    const events: NotificationEvent[] = []
    await subscribed(pattern, (event) => events.push(event), work)
    return events
  }

  it('name each statement as Rails does, with its binds and what came of it', async () => {
    const events = await eventsOf(async () => {
      const post = await Post.createOrThrow({ title: 'One' })
      await post.updateOrThrow({ title: 'Two' })
      await Post.where({ title: 'Two' }).toArray()
      await Post.find(post.id)
      await Post.pluck('title')
      await Post.count()
      await Post.exists()
      await Post.maximum('views')
      await post.destroy()
      await Post.where({ title: 'x' }).updateAll({ title: 'y' })
    })
    const names = events.map(({ payload }) => payload['name']).filter((name) => String(name).startsWith('Post '))
    expect(names).to.deep.equal(
      ['Create', 'Update', 'Load', 'Load', 'Pluck', 'Count', 'Exists?', 'Maximum', 'Destroy', 'Update All'].map((name) => `Post ${name}`),
    )
    const loaded = events.find(({ payload }) => payload['name'] === 'Post Load')!.payload
    expect(loaded).to.deep.include({
      binds: [{ name: 'title', value: 'Two' }],
      type_casted_binds: ['Two'],
      row_count: 1,
      transaction: null,
    })
    expect(events.find(({ payload }) => payload['name'] === 'Post Destroy')!.payload).to.include({ affected_rows: 1 })
  })

  it('count the rows that were written also where they are given back', async () => {
    const events = await eventsOf(async () => {
      await Post.insertAll([{ title: 'One' }, { title: 'Two' }])
      await Post.createOrThrow({ title: 'Three' })
    })
    const written = events.filter(({ payload }) => /^insert/i.test(String(payload['sql'])))
    expect(written.map(({ payload }) => payload['affected_rows'])).to.deep.equal([2, 1])
  })

  it('tell how many records were made', async () => {
    await Post.createOrThrow({ title: 'One' })
    const events = await eventsOf(() => Post.all().toArray(), 'instantiation.active_record')
    expect(events.map(({ payload }) => payload)).to.deep.equal([{ record_count: 1, class_name: 'Post' }])
  })

  it('tell how transactions and their savepoints end', async () => {
    const events = await eventsOf(
      () =>
        Post.transaction(async () => {
          await Post.createOrThrow({ title: 'a' })
          await Post.transaction(
            async () => {
              throw new Rollback()
            },
            { requiresNew: true },
          )
        }),
      /active_record$/,
    )
    const told = events.map(({ name, payload }) => [
      name.split('.')[0],
      String(payload['sql'] ?? payload['outcome'] ?? '').split(/[ _]/)[0],
    ])
    expect(told).to.deep.equal(
      [
        ['sql', 'BEGIN'],
        ['start', ''],
        ['sql', 'insert'],
        ['sql', 'SAVEPOINT'],
        ['start', ''],
        ['sql', 'ROLLBACK'],
        ['transaction', 'rollback'],
        ['sql', 'COMMIT'],
        ['transaction', 'commit'],
      ].map(([name, what]) => [name === 'start' ? 'start_transaction' : name, what]),
    )
  })

  it('tell of a statement that fails', async () => {
    const events = await eventsOf(() =>
      Post.where('nope = 1')
        .toArray()
        .catch(() => undefined),
    )
    expect(events[0]!.payload).to.have.property('exception_object').that.is.an('error')
  })
})
