import { importBuilt } from '../measuring/built.ts'
import type { Ground, Operations } from './contender.ts'
import { ARTICLES, articleId, newArticle } from './dataset.ts'

interface Relation extends PromiseLike<Record<string, unknown>[]> {
  where(condition: object): Relation
  order(order: object): Relation
  limit(count: number): Relation
  includes(...names: string[]): Relation
}

interface ModelClass {
  new (): { updateOrThrow(attributes: object): Promise<unknown> }
  find(id: number): Promise<{ updateOrThrow(attributes: object): Promise<unknown> }>
  where(condition: object): Relation
  createOrThrow(attributes: object): Promise<unknown>
  hasMany(name: string): void
  belongsTo(name: string): void
}

interface ModelRoom {
  Model?(name: string): ModelClass
  useDatabase?(database: unknown, metadata: unknown, classes: readonly unknown[]): void
}

/** Our own models, as an application uses them. */
export async function ourModels({ database, metadata }: Ground): Promise<Operations | string> {
  const { Model, useDatabase } = await importBuilt<ModelRoom>('src/model/index.ts')
  if (Model === undefined || useDatabase === undefined) return 'the model room has no Model yet'
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
  useDatabase(database, metadata, [Article, Comment])
  const after = (id: number) => Article.where({ id: { gt: id } }).order({ id: 'asc' })
  return {
    'find by id': (turn) => Article.find(articleId(turn)),
    'list 100': async (turn) => await after((turn * 100) % (ARTICLES - 100)).limit(100),
    create: (turn) => Article.createOrThrow(newArticle(turn)),
    update: async (turn) => (await Article.find(articleId(turn))).updateOrThrow({ title: `Title ${turn}` }),
    'include 20 × 5': async (turn) =>
      await after((turn * 20) % (ARTICLES - 20))
        .limit(20)
        .includes('comments'),
  }
}
