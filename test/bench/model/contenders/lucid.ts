import { importPeer } from '../../measuring/peers.ts'
import { articleId, listStart, newArticle, queryShape } from '../dataset.ts'
import type { Ground, Operations } from '../operations.ts'
import { type BetterSqlite, SETTING } from '../peers.ts'

interface Query extends PromiseLike<Row[]> {
  select(...columns: string[]): Query
  where(column: string, operator: unknown, value?: unknown): Query
  orderBy(column: string): Query
  limit(count: number): Query
  preload(relation: string): Query
}

interface Row {
  merge(values: object): Row
  save(): Promise<Row>
}

interface ModelClass {
  new (): Row
  findOrFail(id: number): Promise<Row>
  query(): Query
  create(values: object, options?: object): Promise<Row>
  transaction(work: (client: object) => Promise<unknown>): Promise<unknown>
}

type Decorator = (prototype: object, property: string) => void

interface Orm {
  BaseModel: ModelClass & { $adapter: object }
  Adapter: new (database: object) => object
  column: ((options?: object) => Decorator) & { dateTime(options?: object): Decorator }
  hasMany(other: () => ModelClass, options: object): Decorator
}

/** Lucid: AdonisJS's Active Record, on Knex. */
export async function lucid(ground: Ground): Promise<Operations | string> {
  if (Number.parseInt(process.versions.node, 10) < 24) return 'Lucid needs Node.js 24'
  const orm = await importPeer<Orm>('@adonisjs/lucid/orm')
  orm.BaseModel.$adapter = new orm.Adapter(await open(ground))
  const Article = articleOf(orm, await dateTimes(ground))
  const after = (id: number) => Article.query().where('id', '>', id).orderBy('id')
  return {
    'find by id': (turn) => Article.findOrFail(articleId(turn)),
    'list 100': async (turn) => await after(listStart(turn, 100)).limit(100),
    'include 20 × 5': async (turn) => await after(listStart(turn, 20)).limit(20).preload('comments'),
    async update(turn) {
      const article = await Article.findOrFail(articleId(turn))
      return article.merge({ title: `Title ${turn}` }).save()
    },
    create: (turn) => Article.create(newArticle(turn)),
    'transaction of 10': (turn) =>
      Article.transaction(async (client) => {
        for (let i = 0; i < 10; i++) await Article.create(newArticle(turn * 10 + i), { client })
      }),
    async '10,000 query shapes'(turn) {
      const { columns, order } = queryShape(turn)
      return await Article.query()
        .select(...columns)
        .where('id', articleId(turn))
        .orderBy(order)
    },
  }
}

/** Lucid reads what SQL writes, not the ISO 8601 of the others. */
async function dateTimes({ dialect }: Ground): Promise<object> {
  const { DateTime } = await importPeer<{ DateTime: { fromISO(text: string): object } }>('luxon')
  return dialect === 'sqlite' ? { consume: (text: string) => DateTime.fromISO(text) } : {}
}

function articleOf({ BaseModel, column, hasMany }: Orm, dateTimes: object): ModelClass {
  class Comment extends BaseModel {
    static table = 'comments'
  }
  class Article extends BaseModel {
    static table = 'articles'
  }
  const declare = (model: ModelClass, columns: Record<string, Decorator>) => {
    for (const [name, decorate] of Object.entries(columns)) decorate(model.prototype as object, name)
  }
  const key = () => column({ isPrimary: true, columnName: 'id' })
  declare(Comment, { id: key(), body: column(), article_id: column({ columnName: 'article_id' }) })
  declare(Article, {
    id: key(),
    ...Object.fromEntries(['slug', 'title', 'body', 'author', 'views', 'score', 'published'].map((name) => [name, column()])),
    created_at: column.dateTime({ ...dateTimes, autoCreate: true, columnName: 'created_at' }),
    updated_at: column.dateTime({ ...dateTimes, autoCreate: true, autoUpdate: true, columnName: 'updated_at' }),
    comments: hasMany(() => Comment, { foreignKey: 'article_id', localKey: 'id' }),
  })
  return Article
}

async function open({ dialect, file, url }: Ground): Promise<object> {
  const { Database } = await importPeer<{ Database: new (config: object, logger: object, emitter: object) => object }>(
    '@adonisjs/lucid/database',
  )
  const afterCreate = (connection: BetterSqlite, done: (error: null, connection: BetterSqlite) => void) => {
    connection.pragma(SETTING)
    done(null, connection)
  }
  const connection =
    dialect === 'sqlite'
      ? { client: 'better-sqlite3', connection: { filename: file }, useNullAsDefault: true, pool: { min: 1, max: 1, afterCreate } }
      : { client: 'pg', connection: { connectionString: url } }
  const silent = { trace() {}, debug() {}, info() {}, warn() {}, error() {}, fatal() {} }
  const emitter = { emit() {}, hasListeners: () => false }
  return new Database({ connection: 'main', connections: { main: connection } }, silent, emitter)
}
