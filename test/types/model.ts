import { Model as RegisteredModel, range, sql } from '../../src/model/index.ts'
import type { Errors } from '../../src/model/index.ts'
import type { RecordInvalid } from '../../src/model/errors.ts'
import { Comment, Loose, Post, Spam, Story, User } from './model_schema.ts'

type Equal<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false
const exactly = <_T extends true>(): void => {}

export async function finding(): Promise<void> {
  const post = await Post.find(1)
  exactly<Equal<typeof post, Post>>()
  const several = await Post.find([1, 2])
  exactly<Equal<typeof several, Post[]>>()
  const maybe = await Post.findBy({ title: 'x' })
  exactly<Equal<typeof maybe, Post | null>>()
  const first = await Post.published().first()
  exactly<Equal<typeof first, Post | null>>()
  const three = await Post.first(3)
  exactly<Equal<typeof three, Post[]>>()
  const found = await Post.findByOrThrow({ views: range(1, null) })
  exactly<Equal<typeof found, Post>>()
  exactly<Equal<typeof found.status, 'draft' | 'published' | 'archived'>>()
  for await (const each of Post.published()) exactly<Equal<typeof each.slug, string>>()
}

export async function chaining(): Promise<void> {
  const list = await Post.where({ status: ['draft', 'published'], views: 3 }).order('id', { created_at: 'desc' })
  exactly<Equal<typeof list, Post[]>>()
  const user = await User.find(1)
  const chained = await Post.published().by(user).popular().limit(3)
  exactly<Equal<typeof chained, Post[]>>()
  const spam = await Spam.purgeable()
  exactly<Equal<typeof spam, Spam[]>>()
  spam[0]!.flag()
  let scope = Post.all()
  scope = scope.popular()
  scope = scope.where('views > ?', 3).where(sql('title <> ?', 'x'))
  await scope.merge(Post.published()).or(Post.by(user))
  await Post.where({ id: Comment.where({ body: 'x' }).select('post_id') })
  await Comment.joins('post').where({ post: { user: { email: 'a' } } })
  const live = await Story.published().hot()
  exactly<Equal<typeof live, Story[]>>()
  await live[0]!.draftOrThrow()
}

export async function calculating(): Promise<void> {
  const rows = await Post.published().pluck('id', 'title', 'status')
  exactly<Equal<(typeof rows)[number], [number, string, 'draft' | 'published' | 'archived']>>()
  const keys = await Post.published().ids()
  exactly<Equal<typeof keys, number[]>>()
  const ids = await Post.pluck('id')
  exactly<Equal<typeof ids, number[]>>()
  const counts = await Post.published().group('status').count()
  exactly<Equal<typeof counts, Map<'draft' | 'published' | 'archived', number>>>()
  const latest = await Post.maximum('created_at')
  exactly<Equal<typeof latest, Date | null>>()
  const total: number = await Post.sum('views')
  const count: number = await Post.published().count()
  void [total, count]
}

export async function associating(): Promise<void> {
  const post = await Post.find(1)
  const user = await post.user
  exactly<Equal<typeof user, User>>()
  const comments = await post.comments
  exactly<Equal<typeof comments, Comment[]>>()
  const profile = await user.profile
  const bio: string | null | undefined = profile?.bio
  const author = await (await Comment.find(1)).user
  exactly<Equal<typeof author, User | null>>()
  const built = post.comments.build({ body: 'x', user })
  exactly<Equal<typeof built, Comment>>()
  await post.comments.findOrCreateByOrThrow({ user })
  await post.comments.where({ user }).destroyAll()
  await user.posts.replace([...(await user.posts), Post.build({ title: 'x' })])
  const loaded = await Post.includes('user', { comments: { user: 'profile' } })
  const email: string = loaded[0]!.user.email
  const display: string = loaded[0]!.user.display
  const slug: string = loaded[0]!.slug
  const deep: string | null | undefined = [...loaded[0]!.comments][0]!.user?.profile?.bio
  const bodies: string[] = loaded[0]!.comments.map((comment) => comment.body)
  void [bio, email, display, slug, deep, bodies]
}

export async function writing(): Promise<void> {
  const user = await User.createOrThrow({ email: 'a@example.com', password: 'correct horse', password_confirmation: 'correct horse' })
  exactly<Equal<typeof user, User>>()
  const post = new Post({ title: 'x', user })
  post.status = 'archived'
  const was = post.attributeWas('status')
  exactly<Equal<typeof was, 'draft' | 'published' | 'archived' | null>>()
  const password = user.password
  exactly<Equal<typeof password, string | null>>()
  const slice = post.slice('id', 'title', 'slug')
  exactly<Equal<typeof slice.slug, string>>()
  await User.authenticateBy({ email: 'a@example.com', password: 'x' })
  await Post.transaction(async () => post.saveOrThrow())
  await Post.findOrCreateBy({ title: 'x' })
  const made = await Post.create([{ title: 'a' }, { title: 'b' }])
  made[0]?.title satisfies string | undefined
  const loose = new Loose({ anything: 1 })
  loose.isNewRecord()
}

export async function refusing(): Promise<void> {
  const post = await Post.find(1)
  // @ts-expect-error no such column
  Post.where({ nope: 1 })
  // @ts-expect-error not a member
  Post.where({ status: 'zzz' })
  // @ts-expect-error a list with a wrong member
  Post.where({ status: ['draft', 'zzz'] })
  // @ts-expect-error an operator with the wrong type
  Post.where({ views: { gte: 'a' } })
  // @ts-expect-error a column of another model
  Comment.joins('post').where({ post: { body: 'x' } })
  // @ts-expect-error a record of another model
  Post.where({ user: post })
  // @ts-expect-error the wrong type
  Post.create({ views: 'many' })
  // @ts-expect-error no such column
  Post.create({ nope: 1 })
  // @ts-expect-error no such column in one of several
  Post.create([{ title: 'a' }, { nope: 1 }])
  // @ts-expect-error no such association
  Post.includes('author')
  // @ts-expect-error no such association below
  Post.includes({ comments: 'nope' })
  // @ts-expect-error no such association
  Post.joins('author')
  // @ts-expect-error no such column
  Post.order('nope')
  // @ts-expect-error no such direction
  Post.order({ id: 'down' })
  // @ts-expect-error no such column
  Post.pluck('nope')
  // @ts-expect-error not a number
  Post.sum('title')
  // @ts-expect-error not loaded
  post.user.email
  // @ts-expect-error not loaded collections aren't iterable
  void [...post.comments]
  // @ts-expect-error not a member
  post.status = 'nope'
  // @ts-expect-error never null
  post.title = null
  // @ts-expect-error no such column
  post.attributeWas('nope')
  // @ts-expect-error no such column
  post.touch('nope')
  // @ts-expect-error a column to normalize must exist
  User.normalizes('nope', { with: (value) => value })
  // @ts-expect-error no such rule
  Post.validates('title', { presense: true })
  // @ts-expect-error no such option
  Post.validates('title', { length: { maximal: 3 } })
  // @ts-expect-error no such option
  Post.hasMany('comments', { dependant: 'destroy' })
  void RegisteredModel
}

export function rescuing({ record }: RecordInvalid): void {
  exactly<Equal<typeof record.errors, Errors>>()
  exactly<Equal<typeof record.errors.attributeNames, string[]>>()
}
