import { Arel, modelOf, range, sql } from '../../src/model/index.ts'
import { Comment, Post } from './model_schema.ts'

type Equal<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false
const exactly = <_T extends true>(): void => {}

export async function columns(): Promise<void> {
  const posts = Post.arelTable
  const found = await Post.where(posts.views.gt(70).and(posts.status.eq('draft')).or(posts.title.matches('%a%'))).where({ views: 3 })
  exactly<Equal<typeof found, Post[]>>()
  const narrowed = await Post.published().where(Post.published().arelTable.views.between(range(1, 2)))
  exactly<Equal<typeof narrowed, Post[]>>()
  await Post.where({ views: posts.id, title: { not: posts.title } })
  await Post.order(posts.created_at.desc().nullsLast(), 'id').group(posts.status).having(posts.id.count().gt(2)).count()
  await Post.joins(Arel.outerJoin(Comment.arelTable).on(Comment.arelTable.post_id.eq(posts.id)))
  await Post.where(Arel.exists(Comment.where(Comment.arelTable.post_id.eq(posts.id))))
  await Post.where(posts.id.in(Comment.select('post_id')))
  await Post.updateAll({ views: posts.views.add(1) })
  // @ts-expect-error no such column
  posts.veiws
  // @ts-expect-error a number is compared with numbers
  posts.views.gt('many')
  // @ts-expect-error an enum has its members
  posts.status.eq('drafted')
  // @ts-expect-error a list of numbers
  posts.views.in(['a'])
  // @ts-expect-error an order is no condition of a relation between others
  posts.views.gt(1).and('views > 3')
  // @ts-expect-error a condition is a fragment
  Arel.exists('select 1')
}

export async function values(): Promise<void> {
  const posts = Post.arelTable
  const views = await Post.pluck(posts.views.multiply(2))
  exactly<Equal<typeof views, number[]>>()
  const times = await Post.pluck(posts.created_at, posts.title.lower(), posts.id.count().as('n'))
  exactly<Equal<typeof times, [Date, string, number][]>>()
  const kind = await Post.pick(Arel.case().when(posts.views.gt(3), 'hot').else('cold'))
  exactly<Equal<typeof kind, 'hot' | 'cold' | null>>()
  const text = await Post.pick(sql<string>('upper(title)'))
  exactly<Equal<typeof text, string | null>>()
}

class Anything extends modelOf<{}>()('Anything') {}
export const untyped = () => Anything.where(Anything.arelTable['views']!.gt(3))
