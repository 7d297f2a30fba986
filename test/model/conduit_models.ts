import { randomBytes } from 'node:crypto'
import { modelOf } from '../../src/model/index.ts'
import { parameterize } from '../../src/naming/index.ts'
import { presence } from '../../src/values/index.ts'

// The sample application's models over its own schema, with the part of Prisma's generated types that `Model` reads.
interface Stamped {
  id: number
  created_at: Date
  updated_at: Date
}
interface ArticlePayload {
  name: 'Article'
  objects: { author: UserPayload; comments: CommentPayload[]; favorites: FavoritePayload[]; taggings: TaggingPayload[] }
  scalars: Stamped & { author_id: number; slug: string; title: string; description: string; body: string; favorites_count: number }
}
interface CommentPayload {
  name: 'Comment'
  objects: { article: ArticlePayload; author: UserPayload }
  scalars: Stamped & { article_id: number; author_id: number; body: string }
}
interface FavoritePayload {
  name: 'Favorite'
  objects: { article: ArticlePayload; user: UserPayload }
  scalars: Stamped & { article_id: number; user_id: number }
}
interface FollowPayload {
  name: 'Follow'
  objects: { follower: UserPayload; followed: UserPayload }
  scalars: Stamped & { follower_id: number; followed_id: number }
}
interface TagPayload {
  name: 'Tag'
  objects: { taggings: TaggingPayload[] }
  scalars: { id: number; name: string }
}
interface TaggingPayload {
  name: 'Tagging'
  objects: { article: ArticlePayload; tag: TagPayload }
  scalars: { id: number; article_id: number; tag_id: number }
}
interface UserPayload {
  name: 'User'
  objects: { articles: ArticlePayload[]; comments: CommentPayload[]; favorites: FavoritePayload[]; follows: FollowPayload[] }
  scalars: Stamped & { username: string; email: string; password_digest: string; bio: string | null; image: string | null }
}

interface Conduit {
  types: {
    model: {
      Article: { payload: ArticlePayload }
      Comment: { payload: CommentPayload }
      Favorite: { payload: FavoritePayload }
      Follow: { payload: FollowPayload }
      Tag: { payload: TagPayload }
      Tagging: { payload: TaggingPayload }
      User: { payload: UserPayload }
    }
  }
  models: { Article: Article; Comment: Comment; Favorite: Favorite; Follow: Follow; Tag: Tag; Tagging: Tagging; User: User }
}

const Model = modelOf<Conduit>()

/** The slugs of the articles whose creation was committed, in order: what the sample's job would broadcast. */
export const announced: string[] = []

export class User extends Model('User') {
  static {
    this.hasSecurePassword()
    this.hasMany('articles', { foreignKey: 'author_id', dependent: 'destroy', inverseOf: 'author' })
    this.hasMany('comments', { foreignKey: 'author_id', dependent: 'destroy', inverseOf: 'author' })
    this.hasMany('favorites', { dependent: 'destroy' })
    this.hasMany('favorite_articles', { through: 'favorites', source: 'article' })
    this.hasMany('follows', { foreignKey: 'follower_id', dependent: 'destroy', inverseOf: 'follower' })
    this.hasMany('following', { through: 'follows', source: 'followed' })
    this.normalizes('bio', 'image', { with: (value) => presence(value) })
    this.validates('username', 'email', { presence: true, uniqueness: true })
    this.validates('password', { length: { minimum: 8, maximum: 72 }, if: (user) => presence(user.password) })
  }

  declare readonly favorite_articles: PromiseLike<Article[]> & {
    toSql(): string
    order(name: string): PromiseLike<Article[]>
    include(article: Article): Promise<boolean>
  }
  declare readonly following: PromiseLike<User[]> & { push(...users: User[]): Promise<unknown>; delete(...users: User[]): Promise<unknown> }

  async follow(other: User) {
    return this.follows.findOrCreateByOrThrow({ followed: other })
  }

  async unfollow(other: User) {
    return this.follows.where({ followed: other }).destroyAll()
  }

  async isFollowing(other: User) {
    return this.follows.exists({ followed: other })
  }
}

export class Article extends Model('Article') {
  static {
    this.belongsTo('author', { className: 'User', inverseOf: 'articles' })
    this.hasMany('comments', { dependent: 'destroy' })
    this.hasMany('favorites', { dependent: 'destroy' })
    this.hasMany('taggings', { dependent: 'destroy' })
    this.hasMany('tags', { through: 'taggings' })
    this.validates('title', 'description', 'body', { presence: true })
    this.beforeValidation('assignSlug', { on: 'create' })
    this.afterCreateCommit((article) => announced.push(article.slug))
  }

  declare readonly tags: PromiseLike<Tag[]>

  static recent() {
    return this.order({ created_at: 'desc', id: 'desc' })
  }

  static tagged(name: string) {
    return this.where({ id: Tagging.joins('tag').where({ tag: { name } }).select('article_id') })
  }

  static by(username: string) {
    return this.joins('author').where({ author: { username } })
  }

  static favoritedBy(username: string) {
    return this.where({ id: Favorite.joins('user').where({ user: { username } }).select('article_id') })
  }

  async tagList() {
    const taggings = await this.taggings
    return (await Promise.all(taggings.map(async (tagging) => (await tagging.tag).name))).sort()
  }

  async setTagList(names: readonly string[]) {
    const taggings = []
    for (const name of new Set(names)) {
      taggings.push((await this.taggingNamed(name)) ?? this.taggings.build({ tag: await Tag.findOrCreateByOrThrow({ name }) }))
    }
    await this.taggings.replace(taggings)
  }

  private async taggingNamed(name: string) {
    for (const tagging of await this.taggings) if ((await tagging.tag).name === name) return tagging
    return null
  }

  protected assignSlug() {
    this.slug = [presence(parameterize(String(this.title ?? ''))) ?? 'article', randomBytes(3).toString('hex')].join('-')
  }
}

export class Comment extends Model('Comment') {
  static {
    this.belongsTo('article')
    this.belongsTo('author', { className: 'User', inverseOf: 'comments' })
    this.validates('body', { presence: true })
  }
}

export class Favorite extends Model('Favorite') {
  static {
    this.belongsTo('user')
    this.belongsTo('article', { counterCache: true })
  }
}

export class Follow extends Model('Follow') {
  static {
    this.belongsTo('follower', { className: 'User' })
    this.belongsTo('followed', { className: 'User' })
  }
}

export class Tag extends Model('Tag') {
  static {
    this.hasMany('taggings', { dependent: 'destroy' })
    this.hasMany('articles', { through: 'taggings' })
  }
}

export class Tagging extends Model('Tagging') {
  static {
    this.belongsTo('article')
    this.belongsTo('tag')
  }
}

export const conduitModels = [User, Article, Comment, Favorite, Follow, Tag, Tagging]
