import { importPeer } from '../../measuring/peers.ts'
import { articleId, listStart, newArticle, queryShape } from '../dataset.ts'
import type { Ground, Operations } from '../operations.ts'
import { noBetterSqlite, openBetterSqlite } from '../peers.ts'

interface Row {
  id: number
  article_id: number
}

interface Query {
  selectAll(): Query
  select(columns: readonly string[]): Query
  where(column: string, operator: string, value: unknown): Query
  orderBy(column: string): Query
  limit(count: number): Query
  set(values: object): Query
  values(values: object): Query
  returning(column: string): Query
  execute(): Promise<Row[]>
  executeTakeFirst(): Promise<Row | undefined>
  executeTakeFirstOrThrow(): Promise<Row>
}

interface Database {
  selectFrom(table: string): Query
  updateTable(table: string): Query
  insertInto(table: string): Query
  transaction(): { execute(work: (inside: Database) => Promise<unknown>): Promise<unknown> }
}

interface Package {
  Kysely: new (options: { dialect: object }) => Database
  SqliteDialect: new (options: object) => object
  PostgresDialect: new (options: object) => object
}

/** Kysely: a typed builder of SQL, whose answers are plain rows. */
export async function kysely({ dialect, file, url }: Ground): Promise<Operations | string> {
  if (dialect === 'sqlite' && noBetterSqlite !== undefined) return noBetterSqlite
  const { Kysely, SqliteDialect, PostgresDialect } = await importPeer<Package>('kysely')
  const { Pool } = await importPeer<{ Pool: new (options: object) => object }>('pg')
  const database = new Kysely({
    dialect:
      dialect === 'sqlite'
        ? new SqliteDialect({ database: await openBetterSqlite(file) })
        : new PostgresDialect({ pool: new Pool({ connectionString: url }) }),
  })
  const published = dialect === 'sqlite' ? 1 : true
  const now = () => (dialect === 'sqlite' ? new Date().toISOString() : new Date())
  const find = (turn: number) => database.selectFrom('articles').selectAll().where('id', '=', articleId(turn)).executeTakeFirstOrThrow()
  const after = (id: number) => database.selectFrom('articles').selectAll().where('id', '>', id).orderBy('id')
  const create = (on: Database, turn: number) => {
    const time = now()
    const values = { ...newArticle(turn), published, created_at: time, updated_at: time }
    return on.insertInto('articles').values(values).returning('id').executeTakeFirstOrThrow()
  }
  return {
    'find by id': find,
    'list 100': (turn) => after(listStart(turn, 100)).limit(100).execute(),
    async 'include 20 × 5'(turn) {
      const articles = await after(listStart(turn, 20)).limit(20).execute()
      const byId = new Map(articles.map((article) => [article.id, { ...article, comments: [] as Row[] }]))
      const comments = await database
        .selectFrom('comments')
        .selectAll()
        .where('article_id', 'in', [...byId.keys()])
        .execute()
      for (const comment of comments) byId.get(comment.article_id)!.comments.push(comment)
      return [...byId.values()]
    },
    async update(turn) {
      const { id } = await find(turn)
      const set = { title: `Title ${turn}`, updated_at: now() }
      return database.updateTable('articles').set(set).where('id', '=', id).executeTakeFirst()
    },
    create: (turn) => create(database, turn),
    'transaction of 10': (turn) =>
      database.transaction().execute(async (inside) => {
        for (let i = 0; i < 10; i++) await create(inside, turn * 10 + i)
      }),
    '10,000 query shapes'(turn) {
      const { columns, order } = queryShape(turn)
      return database.selectFrom('articles').select(columns).where('id', '=', articleId(turn)).orderBy(order).execute()
    },
  }
}
