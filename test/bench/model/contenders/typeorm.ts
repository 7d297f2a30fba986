import { importPeer } from '../../measuring/peers.ts'
import { articleId, listStart, newArticle, queryShape } from '../dataset.ts'
import type { Ground, Operations } from '../operations.ts'
import { type BetterSqlite, noBetterSqlite, SETTING } from '../peers.ts'

interface Repository {
  findOneByOrFail(where: object): Promise<{ title: string }>
  find(options: object): Promise<object[]>
  create(values: object): object
  save(entity: object): Promise<unknown>
}

interface EntityManager {
  getRepository(name: string): Repository
}

interface DataSource extends EntityManager {
  initialize(): Promise<DataSource>
  transaction(work: (inside: EntityManager) => Promise<unknown>): Promise<unknown>
}

interface Package {
  DataSource: new (options: object) => DataSource
  EntitySchema: new (options: object) => object
  MoreThan(value: number): unknown
}

/** TypeORM: entities that a repository saves. */
export async function typeorm({ dialect, file, url }: Ground): Promise<Operations | string> {
  if (dialect === 'sqlite' && noBetterSqlite !== undefined) return noBetterSqlite
  const { DataSource, EntitySchema, MoreThan } = await importPeer<Package>('typeorm')
  const source = await new DataSource({
    ...(dialect === 'sqlite'
      ? { type: 'better-sqlite3', database: file, prepareDatabase: (database: BetterSqlite) => database.pragma(SETTING) }
      : { type: 'postgres', url }),
    entities: entities(dialect === 'sqlite').map((options) => new EntitySchema(options)),
  }).initialize()
  const articles = source.getRepository('Article')
  // Its dates of creation and change are the database's defaults, which these columns don't have.
  const create = (on: Repository, turn: number) => {
    const time = new Date()
    return on.save(on.create({ ...newArticle(turn), created_at: time, updated_at: time }))
  }
  const after = (id: number) => ({ where: { id: MoreThan(id) }, order: { id: 'ASC' } })
  return {
    'find by id': (turn) => articles.findOneByOrFail({ id: articleId(turn) }),
    'list 100': (turn) => articles.find({ ...after(listStart(turn, 100)), take: 100 }),
    // Beside `take`, its default is a join in two queries; this is the one that asks as the others do.
    'include 20 × 5': (turn) =>
      articles.find({ ...after(listStart(turn, 20)), take: 20, relations: { comments: true }, relationLoadStrategy: 'query' }),
    async update(turn) {
      const article = await articles.findOneByOrFail({ id: articleId(turn) })
      article.title = `Title ${turn}`
      return articles.save(article)
    },
    create: (turn) => create(articles, turn),
    'transaction of 10': (turn) =>
      source.transaction(async (inside) => {
        const repository = inside.getRepository('Article')
        for (let i = 0; i < 10; i++) await create(repository, turn * 10 + i)
      }),
    '10,000 query shapes'(turn) {
      const { columns, order } = queryShape(turn)
      const select = Object.fromEntries(columns.map((column) => [column, true]))
      return articles.find({ select, where: { id: articleId(turn) }, order: { [order]: 'ASC' } })
    },
  }
}

function entities(isSqlite: boolean): object[] {
  const key = { type: 'integer', primary: true, generated: 'increment' }
  const time = { type: isSqlite ? 'datetime' : 'timestamp' }
  return [
    {
      name: 'Article',
      tableName: 'articles',
      columns: {
        id: key,
        slug: { type: 'text' },
        title: { type: 'text' },
        body: { type: 'text' },
        author: { type: 'text' },
        views: { type: 'integer' },
        score: { type: isSqlite ? 'real' : 'double precision' },
        published: { type: 'boolean' },
        created_at: { ...time, createDate: true },
        updated_at: { ...time, updateDate: true },
      },
      relations: { comments: { type: 'one-to-many', target: 'Comment', inverseSide: 'article' } },
    },
    {
      name: 'Comment',
      tableName: 'comments',
      columns: { id: key, body: { type: 'text' }, article_id: { type: 'integer' } },
      relations: { article: { type: 'many-to-one', target: 'Article', joinColumn: { name: 'article_id' } } },
    },
  ]
}
