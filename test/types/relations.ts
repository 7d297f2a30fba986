import { type CollectionOf, type Ref, sql } from '../../src/model/index.ts'
import { modelOf } from '../../src/model/index.ts'
import { type Blog, Comment, Post, type User } from './model_schema.ts'

type Equal<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false
const exactly = <_T extends true>(): void => {}

class Profile extends modelOf<Blog>()('Profile') {}
const users = (): typeof User => undefined as never

export async function composing(): Promise<void> {
  const list = await Post.associated('user').missing('comments').inOrderOf('status', ['draft', 'archived']).without()
  exactly<Equal<typeof list, Post[]>>()
  const named = await Post.with({ popular: Post.popular() })
    .from('popular', 'posts')
    .annotate('front page')
    .references('users')
    .strictLoading()
  exactly<Equal<typeof named, Post[]>>()
  const parts = await Post.where({ views: 1 })
    .only('where')
    .except('order')
    .merge({ where: { views: 2 }, limit: 3 })
    .invertWhere()
  exactly<Equal<typeof parts, Post[]>>()
  const authors = await Post.published().extractAssociated('user')
  exactly<Equal<typeof authors, User[]>>()
  const [commented] = await Post.published().extractAssociated('comments')
  for (const comment of commented ?? []) exactly<Equal<typeof comment, Comment>>()
  const commenters = await Comment.extractAssociated('user')
  exactly<Equal<typeof commenters, (User | null)[]>>()
  const third = await Post.published().third()
  exactly<Equal<typeof third, Post | null>>()
  const second = await Post.secondOrThrow()
  exactly<Equal<typeof second, Post>>()
  await Post.any((post) => post.views > 3)
  await Post.published().many((post) => post.slug === 'x')
  const lines: string = await Post.published().explain('analyze')
  const regrouped = await Post.group('status').count()
  exactly<Equal<typeof regrouped, Map<'draft' | 'published' | 'archived', number>>>()
  const most = await Post.calculate('maximum', 'created_at')
  exactly<Equal<typeof most, Date | null>>()
  void lines
}

export async function extending(): Promise<void> {
  const paged = Post.extending({
    page(number: number) {
      return this.limit(20).offset(20 * (number - 1))
    },
  })
  const list = await paged.page(2).where({ views: 3 }).page(1)
  exactly<Equal<typeof list, Post[]>>()
  // @ts-expect-error the method takes a number
  paged.page('2')
  // @ts-expect-error a relation without them hasn't the methods
  Post.published().page(2)
  // @ts-expect-error a relation is thenable already
  Post.extending({ then: () => 1 })
  const counted: number = await Post.where({ views: 1 }).scoping(() => Post.unscoped(() => Post.count()))
  void counted
}

export async function filling(): Promise<void> {
  const made = await Post.findOrCreateBy({ title: 'a' }, (post) => {
    post.views = 3
  })
  exactly<Equal<typeof made, Post>>()
  const first = await Post.where({ title: 'a' }).firstOrCreate({ views: 3 }, (post) => post.slug)
  exactly<Equal<typeof first, Post>>()
  // @ts-expect-error no such column
  await Post.where({ title: 'a' }).firstOrCreate({ nope: 3 })
  // @ts-expect-error views is a number
  await Post.create({ title: 'a' }, (post) => (post.views = 'many'))
  const passing = await Post.published().select((post) => post.views > 3)
  exactly<Equal<typeof passing, Post[]>>()
  const sum: number = await Post.sum((post) => post.views)
  const count: number = await Post.published().count((post) => post.views > 3)
  void [sum, count]
}

export async function grouping(): Promise<void> {
  const counts = await Post.group('status').where({ views: 3 }).joins('user').having({ status: 'draft' }).count()
  exactly<Equal<typeof counts, Map<'draft' | 'published' | 'archived', number>>>()
  // @ts-expect-error no such column
  Post.group('status').where({ nope: 3 })
  // @ts-expect-error no such column
  Post.group('status').having({ nope: 3 })
  await Post.withRecursive({ tree: [Post.where({ id: 1 }), sql('select 1')] }, { materialized: true }).from('tree', 'posts')
  await Post.updateCounters([1, 2], { views: 1 }, { touch: true })
  await Post.updateCounters(1, { views: 1, touch: ['title', { time: new Date() }] })
  await Post.resetCounters(1, 'comments', { touch: true })
  // @ts-expect-error a title counts nothing
  await Post.updateCounters([1, 2], { title: 1 })
  await Post.touchAll('created_at', { time: new Date() })
  const size: number = await Post.findEach({ batchSize: 5 }).size()
  void size
}

export async function startingAtOnce(): Promise<void> {
  const posts = Post.published().loadAsync()
  exactly<Equal<Awaited<typeof posts>, Post[]>>()
  const made = Post.published().new({ title: 'a' })
  exactly<Equal<typeof made, Post>>()
  const [count, views, ids] = await Promise.all([Post.asyncCount(), posts.asyncPluck('views'), posts.asyncIds()])
  exactly<Equal<[typeof count, typeof views], [number, number[]]>>()
  void [ids, posts.isScheduled(), posts.isStructurallyCompatible(Post.all()), posts.optimizerHints('NO_BKA(posts)')]
  // @ts-expect-error no such column
  await posts.asyncSum('nope')
  Post.excluding(made, null, [made], Post.published()).without(Post.published())
  // @ts-expect-error a number is no record
  Post.excluding(7)
  const counts = await Post.group('title').regroup('status').count()
  exactly<Equal<typeof counts, Map<'draft' | 'published' | 'archived', number>>>()
  exactly<Equal<Awaited<ReturnType<typeof fromRows>>, Post[]>>()
  await Post.upsertAll([{ title: 'x' }], { uniqueBy: 'index_posts_on_title' })
  await Post.upsertAll([{ title: 'x' }], { uniqueBy: { index: 'by_title' } })
}

async function fromRows() {
  return await Post.fromSql('select * from posts where id = ?', 1).where({ views: 1 })
}

export async function walking(): Promise<void> {
  for await (const post of Post.findEach({ batchSize: 10, cursor: ['user_id', 'id'], order: ['asc', 'desc'] }))
    exactly<Equal<typeof post, Post>>()
  for await (const posts of Post.published().findInBatches()) exactly<Equal<typeof posts, Post[]>>()
  const changed: number = await Post.published().inBatches({ of: 100 }).updateAll({ views: 0 })
  await Post.inBatches().eachRecord((post) => post.slug)
  await Post.inBatches(async (batch) => batch.touchAll('created_at'))
  void changed
}

export async function writingRows(): Promise<void> {
  await Post.insertAll([{ title: 'a', views: 1 }], { returning: ['id', 'title'], uniqueBy: 'id' })
  await Post.upsertAll([{ id: 1, title: 'a' }], { uniqueBy: 'id', updateOnly: 'title', onDuplicate: 'update' })
  await Post.upsert({ id: 1, views: 2 }, { onDuplicate: sql('views = posts.views + 1') })
  await Post.incrementCounter('views', [1, 2], 5)
  await Post.resetCounters(1, 'comments')
  const updated = await Post.update(1, { title: 'b' })
  exactly<Equal<typeof updated, Post>>()
  const several = await Post.update([1, 2], [{ title: 'b' }, { views: 3 }])
  exactly<Equal<typeof several, Post[]>>()
  const destroyed = await Post.destroy(1)
  exactly<Equal<typeof destroyed, Post>>()
  const gone: number = await Post.delete([1, 2])
  const made = await Post.createOrFindBy({ title: 'x' })
  exactly<Equal<typeof made, Post>>()
  const found = await Post.findBySql('select * from posts where id = ?', 1)
  exactly<Equal<typeof found, Post[]>>()
  const names: string[] = Post.columnNames
  const key: string = Post.modelName.paramKey
  await Post.connection.selectValue('select 1')
  void [gone, names, key]
}

export async function recording(): Promise<void> {
  const post = await Post.find(1)
  const answer = await post.withLock(async () => 3)
  exactly<Equal<typeof answer, number | undefined>>()
  await (await post.lock('for share')).touch('created_at', { time: new Date() })
  const change = post.attributeChange('views')
  exactly<Equal<typeof change, [number | null, number | null] | undefined>>()
  const version: string | null = post.cacheVersion()
  const comment = post.becomes(Comment)
  exactly<Equal<typeof comment, Comment>>()
  post.strictLoading({ mode: 'n_plus_one_only' }).isStrictLoading()
  void version
}

export async function saidBesideTheSchema(): Promise<void> {
  const user = await users().find(1)
  const posts = await user.commented.where({ status: 'published' }).order('id')
  exactly<Equal<typeof posts, Post[]>>()
  await users()
    .joins('commented')
    .where({ commented: { title: 'x' } })
  const [loaded] = await users().includes({ commented: 'comments' })
  const titles: string[] = loaded!.commented.map((post) => post.title)
  const profile = await Profile.find(1)
  const subject = await profile.subject
  exactly<Equal<typeof subject, User | Post | null>>()
  exactly<Equal<typeof profile.level, 'basic' | 'pro'>>()
  await Profile.where({ level: ['basic'] })
  void titles
}

/** An association that is said on the class alone. */
export class Album extends modelOf<{}>()('Album') {
  declare readonly photos: CollectionOf<'Photo'>
  declare readonly owner: Ref<User | null>
  static {
    this.hasMany('photos', { through: 'pages', scope: (photos) => photos.where({ hidden: false }).order('place') })
    this.defaultScope((albums) => albums.where({ hidden: false }))
    this.scope('named', function (name: string) {
      return this.where({ name })
    })
  }
  async firstPhoto() {
    return (await this.photos.first()) ?? (await this.owner)
  }
}

export class Shelf extends modelOf<Blog>()('User') {
  static {
    this.hasMany('posts', { scope: (posts) => posts.where({ status: 'published' }).order({ views: 'desc' }) })
    this.hasMany('comments', { as: 'commentable', foreignType: 'commentable_class', inverseOf: false })
    this.hasMany('commented', { through: 'comments', source: 'post', sourceType: 'Post' })
    this.defaultScope((shelves) => shelves.where({ name: 'x' }))
  }
}

export async function refusing(): Promise<void> {
  // @ts-expect-error no such association
  Post.missing('author')
  // @ts-expect-error not a member of the column
  Post.inOrderOf('status', ['nope'])
  // @ts-expect-error no such part
  Post.all().only('wheres')
  // @ts-expect-error no such column
  Post.insertAll([{ nope: 1 }])
  // @ts-expect-error the wrong type
  Post.insert({ views: 'many' })
  // @ts-expect-error no such column
  Post.upsertAll([{ title: 'x' }], { uniqueBy: 'nope' })
  // @ts-expect-error no such column
  Post.upsertAll([{ title: 'x' }], { updateOnly: ['title', 'nope'] })
  // @ts-expect-error no such column to walk by
  Post.findEach({ cursor: 'nope' })
  // @ts-expect-error not a number
  Post.incrementCounter('title', 1)
  // @ts-expect-error no such association
  Post.resetCounters(1, 'author')
  // @ts-expect-error no such column
  Post.merge({ where: { nope: 1 } })
  // @ts-expect-error not a member
  Profile.where({ level: 'nope' })
  // @ts-expect-error a number is no member
  Profile.create({ level: 1 })
  // @ts-expect-error no such option
  Post.all().explain('everything')
  // @ts-expect-error no such column of the associated model
  Shelf.hasMany('posts', { scope: (posts) => posts.where({ nope: 1 }) })
}

export async function walkingBatches(): Promise<void> {
  for await (const batch of Post.inBatches({ of: 2 })) {
    const titles = await batch.order('id').pluck('title')
    exactly<Equal<typeof titles, string[]>>()
    for (const post of await batch.popular()) exactly<Equal<typeof post, Post>>()
  }
  for await (const batch of Post.published().inBatches()) exactly<Equal<ReturnType<typeof batch.updateAll>, Promise<number>>>()
  for await (const post of Post.findEach({ batchSize: 2 })) exactly<Equal<typeof post, Post>>()
  for await (const post of Post.published().findEach()) exactly<Equal<typeof post, Post>>()
  for await (const posts of Post.findInBatches()) exactly<Equal<typeof posts, Post[]>>()
  for await (const post of Post.published()) exactly<Equal<typeof post, Post>>()
  const user = await users().firstOrThrow()
  for await (const batch of user.posts.inBatches()) exactly<Equal<Awaited<ReturnType<typeof batch.toArray>>, Post[]>>()
  for await (const post of user.posts.findEach()) exactly<Equal<typeof post, Post>>()
  await Post.inBatches(async (batch) => void (await batch.popular().deleteAll()))
  // A relation is no array: a batch must be awaited.
  for await (const batch of Post.inBatches()) {
    // @ts-expect-error
    batch.map((post) => post.title)
  }
}
