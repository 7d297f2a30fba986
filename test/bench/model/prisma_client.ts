import type { Ground, Operations } from './contender.ts'
import { ARTICLES, articleId, newArticle } from './dataset.ts'

interface Client {
  article: Record<'findUnique' | 'findMany' | 'create' | 'update', (args: object) => Promise<unknown>>
}

/** The client that Prisma generates, on our driver adapter. */
export async function prismaClient({ database }: Ground): Promise<Operations> {
  const { article } = database.client as Client
  // Prisma's promises are thenables of its own: `await` them here.
  return {
    'find by id': async (turn) => await article.findUnique({ where: { id: articleId(turn) } }),
    'list 100': async (turn) =>
      await article.findMany({ where: { id: { gt: (turn * 100) % (ARTICLES - 100) } }, orderBy: { id: 'asc' }, take: 100 }),
    create: async (turn) => await article.create({ data: newArticle(turn) }),
    update: async (turn) => await article.update({ where: { id: articleId(turn) }, data: { title: `Title ${turn}` } }),
    'include 20 × 5': async (turn) =>
      await article.findMany({
        where: { id: { gt: (turn * 20) % (ARTICLES - 20) } },
        orderBy: { id: 'asc' },
        take: 20,
        include: { comments: true },
      }),
  }
}
