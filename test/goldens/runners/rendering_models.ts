import { bindModels, modelOf } from '../../../src/model/index.ts'
import { type TestDatabase, testDatabase } from '../../model/test_database.ts'

const schema = `
model User {
  id Int @id @default(autoincrement())
  name String?
  email String?
  admin Boolean? @default(false)
  role Int? @default(0)
  /// @decimal(12, 2)
  balance Decimal?
  score Float?
  /// @date
  born_on DateTime?
  wakes_at DateTime?
  prefs Json?
  big BigInt?
  blob Bytes?
  created_at DateTime?
  updated_at DateTime?
  @@map("users")
}
model Post {
  id Int @id @default(autoincrement())
  user_id Int?
  title String?
  body String?
  comments_count Int? @default(0)
  published_at DateTime?
  type String?
  created_at DateTime
  updated_at DateTime
  @@map("posts")
}
model Comment {
  id Int @id @default(autoincrement())
  post_id Int?
  user_id Int?
  text String?
  created_at DateTime
  updated_at DateTime
  @@map("comments")
}
`

type Macros = Record<string, (...args: unknown[]) => unknown>
type Attributes = Record<string, unknown>
/** A recorded model: its macros and queries are called by name. */
export type AnyModel = Macros & (new (attributes?: Attributes) => Attributes & Record<string, (...args: unknown[]) => unknown>)

/** The models of the recording, with its rows. */
export interface RenderingModels {
  readonly User: AnyModel
  readonly Post: AnyModel
  close(): Promise<void>
}

/** Makes the recorded tables, models and rows. */
export async function renderingModels(fixtures: Record<string, Attributes[]>): Promise<RenderingModels> {
  const database: TestDatabase = await testDatabase(schema)
  const { User, Post, Comment } = declareModels()
  bindModels([User, Post, Comment] as never, database.database, database.metadata)
  const models: Record<string, AnyModel> = { users: User, posts: Post, comments: Comment }
  for (const [table, rows] of Object.entries(fixtures))
    for (const row of rows) await new models[table]!(attributesOf(row))['save']!({ validate: false, touch: false })
  return { User, Post, close: () => database.close() }
}

function declareModels(): { User: AnyModel; Post: AnyModel; Comment: AnyModel } {
  const Model = modelOf<{}>()
  const inOrder = { scope: (records: Macros) => records['order']!('id') }
  class UserRecord extends (Model('User') as unknown as new () => Attributes) {
    initials(): string {
      return String(this['name'] ?? '')
        .split(' ')
        .map((word) => word[0])
        .join('')
    }
  }
  const User = Object.defineProperty(UserRecord, 'name', { value: 'User' }) as unknown as AnyModel
  const Post = class Post extends (Model('Post') as unknown as new () => object) {
    static inheritanceColumn = null
  } as unknown as AnyModel
  const Comment = class Comment extends (Model('Comment') as unknown as new () => object) {} as unknown as AnyModel
  User['hasMany']!('posts', inOrder)
  User['enum']!('role', { member: 0, editor: 1, owner: 2 })
  User['validates']!('name', { presence: true })
  User['validates']!('email', { format: { with: /@/ } })
  Post['belongsTo']!('user', { optional: true })
  Post['hasMany']!('comments', inOrder)
  Post['validates']!('title', { presence: true, length: { maximum: 20 } })
  Comment['belongsTo']!('post')
  Comment['belongsTo']!('user', { optional: true })
  return { User, Post, Comment }
}

function attributesOf(row: Attributes): Attributes {
  const attributes = Object.entries(row).map(([name, value]) => [name, name === 'wakes_at' ? timeOfDay(value) : plain(value)])
  return Object.fromEntries(attributes)
}

// Rails keeps a time of day on the first of January 2000.
function timeOfDay(value: unknown): unknown {
  return typeof value === 'string' ? new Date(`2000-01-01T${value}Z`) : value
}

function plain(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value
  const { $time, $int } = value as { $time?: string; $int?: string }
  if ($time !== undefined) return new Date($time)
  return $int === undefined ? value : BigInt($int)
}
