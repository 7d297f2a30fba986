import { modelOf } from '../../src/model/index.ts'

// The part of Prisma's generated types that `Model` reads, written out for a small blog.
interface UserPayload {
  name: 'User'
  objects: { posts: PostPayload[]; comments: CommentPayload[]; profile: ProfilePayload | null }
  scalars: { id: number; email: string; name: string | null; password_digest: string; created_at: Date }
}
interface ProfilePayload {
  name: 'Profile'
  objects: { user: UserPayload }
  scalars: { id: number; user_id: number; bio: string | null; level: number; links: { url: string }[]; links_digest: string | null }
}
interface PostPayload {
  name: 'Post'
  objects: { user: UserPayload; comments: CommentPayload[] }
  scalars: { id: number; user_id: number; title: string; status: 'draft' | 'published' | 'archived'; views: number; created_at: Date }
}
interface CommentPayload {
  name: 'Comment'
  objects: { post: PostPayload; user: UserPayload | null }
  scalars: { id: number; post_id: number; user_id: number | null; body: string }
}

export interface Blog {
  types: {
    model: {
      User: { payload: UserPayload }
      Post: { payload: PostPayload }
      Comment: { payload: CommentPayload }
      Profile: { payload: ProfilePayload }
    }
  }
  models: { User: User; Post: Post; Comment: Comment }
  // What the schema doesn't say, as an application adds it to Register.
  associations: { User: { commented: 'Post'[] }; Profile: { subject: 'User' | 'Post' | null } }
  attributes: { Profile: { level: 'basic' | 'pro' } }
}

const Model = modelOf<Blog>()

export class User extends Model('User') {
  static {
    this.hasMany('posts', { dependent: 'destroy' })
    this.hasSecurePassword()
    this.validates('email', { presence: true, uniqueness: { caseSensitive: false } })
    this.normalizes('email', { with: (email) => email.trim().toLowerCase() })
    this.validates('password', { length: { minimum: 8 }, if: (user) => user.password !== null })
  }
  get display() {
    return this.name ?? this.email
  }
  async recentPosts() {
    return Post.where({ user: this }).order({ created_at: 'desc' }).limit(5)
  }
}

export class Post extends Model('Post') {
  static {
    this.validates('title', { presence: true, length: { maximum: 120 } })
    this.beforeSave((post) => {
      post.title = post.title.trim()
    })
    this.aroundSave(async (post, proceed) => {
      if (post.isNewRecord()) await proceed()
    })
  }
  static published() {
    return this.where({ status: 'published' })
  }
  static by(user: User) {
    return this.where({ user })
  }
  static popular(min = 10) {
    return this.published()
      .where({ views: { gte: min } })
      .order({ views: 'desc' })
  }
  get slug() {
    return this.title.toLowerCase()
  }
  override async save() {
    if (this.title === '') return false
    return super.save()
  }
}

export class Comment extends Model('Comment') {}

export class Spam extends Comment {
  static purgeable() {
    return this.where({ body: ['x', 'y'] })
  }
  flag() {
    return this.id
  }
}

export class Story extends Model('Post', { enums: ['status'] }) {
  static hot() {
    return this.published().where({ views: { gte: 10 } })
  }
  get isLive() {
    return this.isPublished() && !this.isDraft()
  }
}

/** A schema without registered classes. */
export class Loose extends modelOf<{}>()('Anything') {}
