import { importPeer } from '../../measuring/peers.ts'
import { articleId, listStart, newArticle, queryShape } from '../dataset.ts'
import type { Ground, Operations } from '../operations.ts'
import { type Knex, openKnex } from './knex.ts'

interface Query extends PromiseLike<unknown> {
  findById(id: number): PromiseLike<Row>
  select(...columns: string[]): Query
  where(column: string, operator: unknown, value?: unknown): Query
  orderBy(column: string): Query
  limit(count: number): Query
  withGraphFetched(relation: string): Query
  insert(values: object): PromiseLike<unknown>
}

interface Row {
  $query(): { patch(values: object): PromiseLike<unknown> }
}

interface ModelClass {
  new (): object
  HasManyRelation: unknown
  knex(database: Knex): void
  query(inside?: Knex): Query
}

/** Objection: models on Knex. */
export async function objection(ground: Ground): Promise<Operations | string> {
  const database = await openKnex(ground)
  if (typeof database === 'string') return database
  const { Model } = await importPeer<{ Model: ModelClass }>('objection')
  class Comment extends Model {
    static tableName = 'comments'
  }
  class Article extends Model {
    static tableName = 'articles'
    static relationMappings = {
      comments: {
        relation: Model.HasManyRelation,
        modelClass: Comment,
        join: { from: 'articles.id', to: 'comments.article_id' },
      },
    }
  }
  Model.knex(database)
  const now = () => (ground.dialect === 'sqlite' ? new Date().toISOString() : new Date())
  const after = (id: number) => Article.query().where('id', '>', id).orderBy('id')
  const create = async (turn: number, inside?: Knex) => {
    const time = now()
    const published = ground.dialect === 'sqlite' ? 1 : true
    return await Article.query(inside).insert({ ...newArticle(turn), published, created_at: time, updated_at: time })
  }
  return {
    'find by id': async (turn) => await Article.query().findById(articleId(turn)),
    'list 100': async (turn) => await after(listStart(turn, 100)).limit(100),
    'include 20 × 5': async (turn) => await after(listStart(turn, 20)).limit(20).withGraphFetched('comments'),
    async update(turn) {
      const article = await Article.query().findById(articleId(turn))
      return await article.$query().patch({ title: `Title ${turn}`, updated_at: now() })
    },
    create: (turn) => create(turn),
    'transaction of 10': (turn) =>
      database.transaction(async (inside) => {
        for (let i = 0; i < 10; i++) await create(turn * 10 + i, inside)
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
