import type { Database } from '../../../src/model/index.ts'

/** Articles of ten columns, with comments. */
export const schema = `datasource db {
  provider = "sqlite"
}

model Article {
  id         Int       @id @default(autoincrement())
  slug       String    @unique
  title      String
  body       String
  author     String
  views      Int       @default(0)
  score      Float     @default(0)
  published  Boolean   @default(true)
  created_at DateTime  @default(now())
  updated_at DateTime  @updatedAt
  comments   Comment[]

  @@map("articles")
}

model Comment {
  id         Int     @id @default(autoincrement())
  body       String
  article_id Int
  article    Article @relation(fields: [article_id], references: [id])

  @@index([article_id])
  @@map("comments")
}
`

export const ARTICLES = 1_000

/** The attributes of a new article. */
export function newArticle(turn: number) {
  return {
    slug: `new-${turn}`,
    title: 'A new article',
    body: 'Words. '.repeat(20),
    author: 'ann',
    views: turn,
    score: 1.5,
    published: true,
  }
}

/** A thousand articles with five comments each. */
export async function fill(database: Database): Promise<void> {
  const transaction = await database.begin()
  const time = '2026-01-01T00:00:00.000+00:00'
  for (let id = 1; id <= ARTICLES; id++) {
    const values = [id, `article-${id}`, `Article ${id}`, 'Words. '.repeat(20), 'ann', id, 1.5, 1, time, time]
    await transaction.execute(`INSERT INTO articles VALUES (${values.map(() => '?').join(', ')})`, values)
    for (let i = 0; i < 5; i++) await transaction.execute('INSERT INTO comments (body, article_id) VALUES (?, ?)', [`Comment ${i}`, id])
  }
  await transaction.commit()
}

/** The id of an existing article. */
export function articleId(turn: number): number {
  return 1 + ((turn * 7919) % ARTICLES)
}
