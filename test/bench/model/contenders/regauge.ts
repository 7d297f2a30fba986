import type * as Prisma from '../../../../adapters/prisma/index.ts'
import { importBuilt } from '../../measuring/built.ts'
import { articleId, listStart, newArticle, queryShape } from '../dataset.ts'
import type { Ground, Operations } from '../operations.ts'

interface Relation extends PromiseLike<Row[]> {
  where(condition: object): Relation
  select(...columns: string[]): Relation
  order(order: object | string): Relation
  limit(count: number): Relation
  includes(...names: string[]): Relation
}

interface Row {
  updateOrThrow(attributes: object): Promise<unknown>
}

interface ModelClass {
  new (): Row
  find(id: number): Promise<Row>
  where(condition: object): Relation
  createOrThrow(attributes: object): Promise<unknown>
  transaction(work: () => Promise<unknown>): Promise<unknown>
  hasMany(name: string): void
  belongsTo(name: string): void
}

interface ModelRoom {
  Model(name: string): ModelClass
  useDatabase(database: unknown, metadata: unknown, classes: readonly unknown[]): void
}

/** Our own models, as an application uses them. */
export async function regauge({ root, url }: Ground): Promise<Operations> {
  const { Model, useDatabase } = await importBuilt<ModelRoom>('src/model/index.ts')
  const { loadMetadata, openDatabase } = await importBuilt<typeof Prisma>('adapters/prisma/index.ts')
  class Article extends Model('Article') {
    static {
      this.hasMany('comments')
    }
  }
  class Comment extends Model('Comment') {
    static {
      this.belongsTo('article')
    }
  }
  const metadata = await loadMetadata(root)
  useDatabase(await openDatabase({ root, url, metadata }), metadata, [Article, Comment])
  const after = (id: number) => Article.where({ id: { gt: id } }).order({ id: 'asc' })
  const create = (turn: number) => Article.createOrThrow(newArticle(turn))
  return {
    'find by id': (turn) => Article.find(articleId(turn)),
    'list 100': async (turn) => await after(listStart(turn, 100)).limit(100),
    'include 20 × 5': async (turn) => await after(listStart(turn, 20)).limit(20).includes('comments'),
    update: async (turn) => (await Article.find(articleId(turn))).updateOrThrow({ title: `Title ${turn}` }),
    create,
    'transaction of 10': (turn) =>
      Article.transaction(async () => {
        for (let i = 0; i < 10; i++) await create(turn * 10 + i)
      }),
    async '10,000 query shapes'(turn) {
      const { columns, order } = queryShape(turn)
      return await Article.where({ id: articleId(turn) })
        .select(...columns)
        .order(order)
    },
  }
}
