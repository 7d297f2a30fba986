import { importPeer } from '../../measuring/peers.ts'
import { articleId, listStart, newArticle, queryShape } from '../dataset.ts'
import type { Ground, Operations } from '../operations.ts'
import { type BetterSqlite, noBetterSqlite, SETTING } from '../peers.ts'

interface Row {
  id: number
  article_id: number
  comments: Row[]
}

interface Query extends PromiseLike<Row[]> {
  select(...columns: string[]): Query
  where(column: string, operator: unknown, value?: unknown): Query
  whereIn(column: string, values: readonly unknown[]): Query
  orderBy(column: string): Query
  limit(count: number): Query
  first(): PromiseLike<Row>
  update(values: object): PromiseLike<number>
  insert(values: object, returning: string): PromiseLike<unknown>
}

export interface Knex {
  (table: string): Query
  transaction<T>(work: (inside: Knex) => Promise<T>): Promise<T>
}

/** Opens a database through Knex, whose pool has one connection to a SQLite file. */
export async function openKnex({ dialect, file, url }: Ground): Promise<Knex | string> {
  if (dialect === 'sqlite' && noBetterSqlite !== undefined) return noBetterSqlite
  const knex = await importPeer<(options: object) => Knex>('knex')
  if (dialect === 'postgres') return knex({ client: 'pg', connection: url })
  const afterCreate = (connection: BetterSqlite, done: (error: null, connection: BetterSqlite) => void) => {
    connection.pragma(SETTING)
    done(null, connection)
  }
  return knex({ client: 'better-sqlite3', connection: { filename: file }, useNullAsDefault: true, pool: { afterCreate } })
}

/** Knex: a builder of SQL, whose answers are plain rows. */
export async function knex(ground: Ground): Promise<Operations | string> {
  const database = await openKnex(ground)
  if (typeof database === 'string') return database
  const now = () => (ground.dialect === 'sqlite' ? new Date().toISOString() : new Date())
  const find = (turn: number) => database('articles').where('id', articleId(turn)).first()
  const after = (id: number) => database('articles').where('id', '>', id).orderBy('id')
  const create = async (on: Knex, turn: number) => {
    const time = now()
    const published = ground.dialect === 'sqlite' ? 1 : true
    return await on('articles').insert({ ...newArticle(turn), published, created_at: time, updated_at: time }, 'id')
  }
  return {
    'find by id': async (turn) => await find(turn),
    'list 100': async (turn) => await after(listStart(turn, 100)).limit(100),
    async 'include 20 × 5'(turn) {
      const articles = await after(listStart(turn, 20)).limit(20)
      const byId = new Map(articles.map((article) => [article.id, article]))
      for (const article of articles) article.comments = []
      for (const comment of await database('comments').whereIn('article_id', [...byId.keys()])) {
        byId.get(comment.article_id)!.comments.push(comment)
      }
      return articles
    },
    async update(turn) {
      const { id } = await find(turn)
      return await database('articles')
        .where('id', id)
        .update({ title: `Title ${turn}`, updated_at: now() })
    },
    create: (turn) => create(database, turn),
    'transaction of 10': (turn) =>
      database.transaction(async (inside) => {
        for (let i = 0; i < 10; i++) await create(inside, turn * 10 + i)
      }),
    async '10,000 query shapes'(turn) {
      const { columns, order } = queryShape(turn)
      return await database('articles')
        .select(...columns)
        .where('id', articleId(turn))
        .orderBy(order)
    },
  }
}
