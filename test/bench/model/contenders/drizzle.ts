import { importPeer } from '../../measuring/peers.ts'
import { articleId, listStart, newArticle, queryShape } from '../dataset.ts'
import type { Ground, Operations } from '../operations.ts'
import { noBetterSqlite, openBetterSqlite } from '../peers.ts'

type Row = Record<string, unknown>
type Columns = Record<string, object>
type Build = Record<string, (name?: string, options?: object) => Column>

interface Column {
  primaryKey(options?: object): Column
  notNull(): Column
}

interface Query extends PromiseLike<Row[]> {
  from(table: object): Query
  where(condition: object): Query
  orderBy(...columns: object[]): Query
  limit(count: number): Query
  set(values: object): Query
  values(values: object): Query
  returning(columns: object): Query
}

interface Database {
  select(columns?: object): Query
  update(table: object): Query
  insert(table: object): Query
  /** A promise on PostgreSQL; on SQLite the work itself must be synchronous. */
  transaction(work: (inside: Database) => unknown): unknown
  query: { articles: { findMany(options: object): PromiseLike<Row[]> } }
}

interface Package {
  eq(column: object, value: unknown): object
  gt(column: object, value: unknown): object
  asc(column: object): object
  relations(table: object, declare: (kinds: { many(table: object): object; one(table: object, options: object): object }) => object): object
}

/** Drizzle: queries built of typed tables, whose answers are plain rows. */
export async function drizzle(ground: Ground): Promise<Operations | string> {
  if (ground.dialect === 'sqlite' && noBetterSqlite !== undefined) return noBetterSqlite
  const { eq, gt, asc, relations } = await importPeer<Package>('drizzle-orm')
  const { articles, comments } = await tables(ground)
  const schema = {
    articles,
    comments,
    articlesRelations: relations(articles, ({ many }) => ({ comments: many(comments) })),
    commentsRelations: relations(comments, ({ one }) => ({
      article: one(articles, { fields: [comments['article_id']], references: [articles['id']] }),
    })),
  }
  const database = await open(ground, schema)
  const id = articles['id']!
  const now = () => (ground.dialect === 'sqlite' ? new Date().toISOString() : new Date())
  const find = async (turn: number) =>
    await database
      .select()
      .from(articles)
      .where(eq(id, articleId(turn)))
      .limit(1)
  const inserting = (on: Database, turn: number) => {
    const time = now()
    return on
      .insert(articles)
      .values({ ...newArticle(turn), created_at: time, updated_at: time })
      .returning({ id })
  }
  return {
    'find by id': find,
    'list 100': async (turn) =>
      await database
        .select()
        .from(articles)
        .where(gt(id, listStart(turn, 100)))
        .orderBy(id)
        .limit(100),
    'include 20 × 5': async (turn) =>
      await database.query.articles.findMany({ where: gt(id, listStart(turn, 20)), orderBy: asc(id), limit: 20, with: { comments: true } }),
    async update(turn) {
      const [found] = await find(turn)
      return await database
        .update(articles)
        .set({ title: `Title ${turn}`, updated_at: now() })
        .where(eq(id, found!['id']))
    },
    create: async (turn) => await inserting(database, turn),
    'transaction of 10': (turn) => tenIn(database, ground, (inside, index) => inserting(inside, turn * 10 + index)),
    async '10,000 query shapes'(turn) {
      const { columns, order } = queryShape(turn)
      const selected = Object.fromEntries(columns.map((column) => [column, articles[column]]))
      return await database
        .select(selected)
        .from(articles)
        .where(eq(id, articleId(turn)))
        .orderBy(articles[order]!)
    },
  }
}

async function tenIn(database: Database, { dialect }: Ground, work: (inside: Database, index: number) => Query): Promise<unknown> {
  if (dialect === 'postgres') {
    return database.transaction(async (inside) => {
      for (let index = 0; index < 10; index++) await work(inside, index)
    })
  }
  return database.transaction((inside) => {
    for (let index = 0; index < 10; index++) (work(inside, index) as unknown as { all(): Row[] }).all()
  })
}

async function open({ dialect, file, url }: Ground, schema: object): Promise<Database> {
  if (dialect === 'sqlite') {
    const package_ = await importPeer<{ drizzle(client: object, options: object): Database }>('drizzle-orm/better-sqlite3')
    return package_.drizzle(await openBetterSqlite(file), { schema })
  }
  const { Pool } = await importPeer<{ Pool: new (options: object) => object }>('pg')
  const package_ = await importPeer<{ drizzle(client: object, options: object): Database }>('drizzle-orm/node-postgres')
  return package_.drizzle(new Pool({ connectionString: url }), { schema })
}

async function tables({ dialect }: Ground): Promise<{ articles: Columns; comments: Columns }> {
  const build = await importPeer<Build>(`drizzle-orm/${dialect === 'sqlite' ? 'sqlite' : 'pg'}-core`)
  const table = build[dialect === 'sqlite' ? 'sqliteTable' : 'pgTable'] as unknown as (name: string, columns: object) => Columns
  const { integer, text, serial, boolean, real, doublePrecision, timestamp } = build as Record<string, NonNullable<Build[string]>>
  const key = () => (dialect === 'sqlite' ? integer!().primaryKey({ autoIncrement: true }) : serial!().primaryKey())
  const time = () => (dialect === 'sqlite' ? text!() : timestamp!(undefined, { precision: 3 })).notNull()
  const articles = table('articles', {
    id: key(),
    slug: text!().notNull(),
    title: text!().notNull(),
    body: text!().notNull(),
    author: text!().notNull(),
    views: integer!().notNull(),
    score: (dialect === 'sqlite' ? real : doublePrecision)!().notNull(),
    published: (dialect === 'sqlite' ? integer!(undefined, { mode: 'boolean' }) : boolean!()).notNull(),
    created_at: time(),
    updated_at: time(),
  })
  return { articles, comments: table('comments', { id: key(), body: text!().notNull(), article_id: integer!().notNull() }) }
}
