import { modelOf } from '../../src/model/index.ts'

/** A schema with what the sample application doesn't have: enums, JSON, decimals, bigints, hasOne, self joins, subclasses. */
export const blogSchema = `
enum Visibility {
  visible
  hidden @map("h")
}
model Author {
  id Int @id @default(autoincrement())
  name String
  manager_id Int?
  manager Author? @relation("reports", fields: [manager_id], references: [id])
  reports Author[] @relation("reports")
  profile Profile?
  posts Post[]
  @@map("authors")
}
model Profile {
  id Int @id @default(autoincrement())
  author_id Int @unique
  bio String?
  author Author @relation(fields: [author_id], references: [id])
  @@map("profiles")
}
model Post {
  id Int @id @default(autoincrement())
  author_id Int?
  type String?
  title String
  status Int @default(0)
  visibility Visibility @default(visible)
  views Int @default(0)
  score Float?
  price Decimal?
  hits BigInt @default(0)
  settings Json?
  featured Boolean @default(false)
  published_at DateTime?
  created_at DateTime
  updated_at DateTime
  author Author? @relation(fields: [author_id], references: [id])
  remarks Remark[]
  @@map("posts")
}
model Remark {
  id Int @id @default(autoincrement())
  post_id Int
  body String
  post Post @relation(fields: [post_id], references: [id])
  @@map("remarks")
}
`

interface AuthorPayload {
  name: 'Author'
  objects: { manager: AuthorPayload | null; reports: AuthorPayload[]; profile: ProfilePayload | null; posts: PostPayload[] }
  scalars: { id: number; name: string; manager_id: number | null }
}
interface ProfilePayload {
  name: 'Profile'
  objects: { author: AuthorPayload }
  scalars: { id: number; author_id: number; bio: string | null }
}
interface PostPayload {
  name: 'Post'
  objects: { author: AuthorPayload | null; remarks: RemarkPayload[] }
  scalars: {
    id: number
    author_id: number | null
    type: string | null
    title: string
    status: 'draft' | 'published' | 'archived'
    visibility: 'visible' | 'hidden'
    views: number
    score: number | null
    price: number | { toFixed(places: number): string } | null
    hits: bigint
    settings: { theme?: string; tags?: string[] } | null
    featured: boolean
    published_at: Date | null
    created_at: Date
    updated_at: Date
  }
}
interface RemarkPayload {
  name: 'Remark'
  objects: { post: PostPayload }
  scalars: { id: number; post_id: number; body: string }
}

export interface Blog {
  types: {
    model: {
      Author: { payload: AuthorPayload }
      Profile: { payload: ProfilePayload }
      Post: { payload: PostPayload }
      Remark: { payload: RemarkPayload }
    }
  }
  models: { Author: Author; Profile: Profile; Post: Post; Remark: Remark }
}

export const BlogModel = modelOf<Blog>()

export class Author extends BlogModel('Author') {
  static {
    this.belongsTo('manager', { className: 'Author', optional: true })
    this.hasMany('reports', { className: 'Author', foreignKey: 'manager_id', dependent: 'nullify' })
    this.hasOne('profile', { dependent: 'destroy' })
    this.hasMany('posts', { dependent: 'restrictWithError' })
  }
}

export class Profile extends BlogModel('Profile') {
  static {
    this.belongsTo('author')
  }
}

export class Post extends BlogModel('Post') {
  static {
    this.belongsTo('author', { optional: true })
    this.hasMany('remarks', { dependent: 'deleteAll' })
    this.enum('status', ['draft', 'published', 'archived'])
    this.validates('title', { presence: true })
  }

  declare isPublished: () => boolean
  declare publishedOrThrow: () => Promise<this>

  static popular(min = 10) {
    return this.where({ views: { gte: min } })
  }
}

export class Poll extends Post {
  static open() {
    return this.where({ published_at: null })
  }
}

export class Remark extends BlogModel('Remark') {
  static {
    this.belongsTo('post', { touch: true })
  }
}

export const blogModels = [Author, Profile, Post, Poll, Remark]
