import { importPeer } from '../../measuring/peers.ts'
import { articleId, listStart, newArticle, queryShape } from '../dataset.ts'
import type { Ground, Operations } from '../operations.ts'
import { noBetterSqlite, SETTING } from '../peers.ts'

interface EntityManager {
  findOneOrFail(entity: object, id: number): Promise<{ title: string }>
  find(entity: object, where: object, options: object): Promise<object[]>
  create(entity: object, values: object): object
  flush(): Promise<void>
  transactional(work: (inside: EntityManager) => Promise<unknown>): Promise<unknown>
}

interface MikroOrm {
  em: { fork(): EntityManager; getConnection(): { execute(sql: string): Promise<unknown> } }
}

interface Driver {
  MikroORM: { init(options: object): Promise<MikroOrm> }
}

/** MikroORM: a unit of work for each operation, as a request has it. */
export async function mikroOrm({ dialect, file, url }: Ground): Promise<Operations | string> {
  if (noBetterSqlite !== undefined) return 'MikroORM needs Node.js 22'
  const { EntitySchema } = await importPeer<{ EntitySchema: new (options: object) => object }>('@mikro-orm/core')
  const { MikroORM } = await importPeer<Driver>(dialect === 'sqlite' ? '@mikro-orm/sqlite' : '@mikro-orm/postgresql')
  const { article, comment } = entities(EntitySchema, dialect === 'sqlite')
  const { em } = await MikroORM.init({
    entities: [article, comment],
    ...(dialect === 'sqlite' ? { dbName: file } : { clientUrl: url }),
  })
  if (dialect === 'sqlite') await em.getConnection().execute(`PRAGMA ${SETTING}`)
  const create = (on: EntityManager, turn: number) => {
    const time = new Date()
    on.create(article, { ...newArticle(turn), created_at: time, updated_at: time })
    return on.flush()
  }
  const list = (start: number, options: object) => em.fork().find(article, { id: { $gt: start } }, { orderBy: { id: 'asc' }, ...options })
  return {
    'find by id': (turn) => em.fork().findOneOrFail(article, articleId(turn)),
    'list 100': (turn) => list(listStart(turn, 100), { limit: 100 }),
    'include 20 × 5': (turn) => list(listStart(turn, 20), { limit: 20, populate: ['comments'], strategy: 'select-in' }),
    async update(turn) {
      const unit = em.fork()
      const found = await unit.findOneOrFail(article, articleId(turn))
      found.title = `Title ${turn}`
      return unit.flush()
    },
    create: (turn) => create(em.fork(), turn),
    'transaction of 10': (turn) =>
      em.fork().transactional(async (inside) => {
        for (let i = 0; i < 10; i++) await create(inside, turn * 10 + i)
      }),
    '10,000 query shapes'(turn) {
      const { columns, order } = queryShape(turn)
      return em.fork().find(article, { id: articleId(turn) }, { fields: columns, orderBy: { [order]: 'asc' } })
    },
  }
}

function entities(Schema: new (options: object) => object, isSqlite: boolean): { article: object; comment: object } {
  const key = { type: 'integer', primary: true, autoincrement: true }
  const text = { type: 'text' }
  const time = { type: 'datetime', ...(!isSqlite && { columnType: 'timestamp(3)' }) }
  const article: object = new Schema({
    name: 'Article',
    tableName: 'articles',
    properties: {
      id: key,
      slug: text,
      title: text,
      body: text,
      author: text,
      views: { type: 'integer' },
      score: { type: 'double' },
      published: { type: 'boolean' },
      created_at: time,
      updated_at: { ...time, onUpdate: () => new Date() },
      comments: { kind: '1:m', entity: () => comment, mappedBy: 'article' },
    },
  })
  const comment: object = new Schema({
    name: 'Comment',
    tableName: 'comments',
    properties: { id: key, body: text, article: { kind: 'm:1', entity: () => article, joinColumn: 'article_id' } },
  })
  return { article, comment }
}
