import type { Database } from '../../../src/model/index.ts'

/** The databases that are compared. */
export type Dialect = 'sqlite' | 'postgres'

/** Articles of ten columns, with comments. */
export function schemaFor(dialect: Dialect): string {
  return `datasource db {
  provider = "${dialect === 'sqlite' ? 'sqlite' : 'postgresql'}"
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
}

/** The columns of an article, in the order of the table. */
export const COLUMNS = ['id', 'slug', 'title', 'body', 'author', 'views', 'score', 'published', 'created_at', 'updated_at'] as const
export type Column = (typeof COLUMNS)[number]

export const ARTICLES = 1_000

/** The attributes of a new article. No other process has its slug. */
export function newArticle(turn: number) {
  return {
    slug: `new-${process.pid}-${turn}`,
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
  const isSqlite = database.dialect === 'sqlite'
  const time = isSqlite ? '2026-01-01T00:00:00.000+00:00' : new Date('2026-01-01')
  const placeholders = (count: number) => Array.from({ length: count }, (_, index) => (isSqlite ? '?' : `$${index + 1}`)).join(', ')
  const transaction = await database.begin()
  for (let id = 1; id <= ARTICLES; id++) {
    const values = [`article-${id}`, `Article ${id}`, 'Words. '.repeat(20), 'ann', id, 1.5, isSqlite ? 1 : true, time, time]
    await transaction.execute(`INSERT INTO articles (${COLUMNS.slice(1).join(', ')}) VALUES (${placeholders(9)})`, values)
    for (let i = 0; i < 5; i++) {
      await transaction.execute(`INSERT INTO comments (body, article_id) VALUES (${placeholders(2)})`, [`Comment ${i}`, id])
    }
  }
  await transaction.commit()
  await database.execute('ANALYZE', [])
}

/** The id of an existing article. */
export function articleId(turn: number): number {
  return 1 + ((turn * 7919) % ARTICLES)
}

/** After which id a list of so many articles starts. */
export function listStart(turn: number, count: number): number {
  return (turn * count) % (ARTICLES - count)
}

/** Queries that no two turns below 10,230 share: some of the columns, ordered by one of them. */
export function queryShape(turn: number): { columns: Column[]; order: Column } {
  const some = 1 + (turn % 1_023)
  return {
    columns: COLUMNS.filter((_, index) => (some >> index) % 2 === 1),
    order: COLUMNS[Math.floor(turn / 1_023) % 10]!,
  }
}
