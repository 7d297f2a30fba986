import type * as Prisma from '../../../../adapters/prisma/index.ts'
import { importBuilt } from '../../measuring/built.ts'
import { articleId, listStart, newArticle, queryShape } from '../dataset.ts'
import type { Ground, Operations } from '../operations.ts'

interface Client {
  article: Record<'findUnique' | 'findMany' | 'create' | 'update', (args: object) => Promise<unknown>>
  $transaction(work: (client: Client) => Promise<unknown>): Promise<unknown>
}

/** The client that Prisma generates: on our driver adapter for SQLite, on Prisma's own for PostgreSQL. */
export async function prisma({ root, url }: Ground): Promise<Operations> {
  const { openDatabase } = await importBuilt<typeof Prisma>('adapters/prisma/index.ts')
  const client = (await openDatabase({ root, url })).client as Client
  const { article } = client
  const after = (id: number) => ({ where: { id: { gt: id } }, orderBy: { id: 'asc' } })
  // Prisma's promises are thenables of its own: they are awaited here.
  return {
    'find by id': async (turn) => await article.findUnique({ where: { id: articleId(turn) } }),
    'list 100': async (turn) => await article.findMany({ ...after(listStart(turn, 100)), take: 100 }),
    'include 20 × 5': async (turn) => await article.findMany({ ...after(listStart(turn, 20)), take: 20, include: { comments: true } }),
    async update(turn) {
      await article.findUnique({ where: { id: articleId(turn) } })
      return await article.update({ where: { id: articleId(turn) }, data: { title: `Title ${turn}` } })
    },
    create: async (turn) => await article.create({ data: newArticle(turn) }),
    'transaction of 10': async (turn) =>
      await client.$transaction(async (inside) => {
        for (let i = 0; i < 10; i++) await inside.article.create({ data: newArticle(turn * 10 + i) })
      }),
    async '10,000 query shapes'(turn) {
      const { columns, order } = queryShape(turn)
      const select = Object.fromEntries(columns.map((column) => [column, true]))
      return await article.findMany({ where: { id: articleId(turn) }, select, orderBy: { [order]: 'asc' } })
    },
  }
}
