import { sqliteDriver } from '../../../adapters/prisma/sqlite/drivers.ts'
import type { Ground, Operations } from './contender.ts'
import { ARTICLES, articleId, newArticle } from './dataset.ts'

/** Statements prepared once, rows made objects by hand: what the driver itself allows. */
export async function bareDriver({ file }: Ground): Promise<Operations> {
  const handle = sqliteDriver().open(file, 5_000)
  handle.exec('PRAGMA synchronous = NORMAL')
  const find = handle.prepare('SELECT * FROM articles WHERE id = ?')
  const list = handle.prepare('SELECT * FROM articles WHERE id > ? ORDER BY id LIMIT 100')
  const some = handle.prepare('SELECT * FROM articles WHERE id > ? ORDER BY id LIMIT 20')
  const comments = handle.prepare(`SELECT * FROM comments WHERE article_id IN (${Array(20).fill('?').join(', ')})`)
  const insert = handle.prepare(
    'INSERT INTO articles (slug, title, body, author, views, score, published, created_at, updated_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)',
  )
  const change = handle.prepare('UPDATE articles SET title = ?, updated_at = ? WHERE id = ?')
  const now = () => `${new Date().toISOString().slice(0, -1)}+00:00`
  return {
    'find by id': (turn) => objects(find.all([articleId(turn)]), find.columns),
    'list 100': (turn) => objects(list.all([(turn * 100) % (ARTICLES - 100)]), list.columns),
    create: (turn) => {
      const { slug, title, body, author, views, score } = newArticle(turn)
      return insert.run([slug, title, body, author, views, score, 1, now(), now()])
    },
    update: (turn) => change.run([`Title ${turn}`, now(), articleId(turn)]),
    'include 20 × 5': (turn) => {
      const articles = objects(some.all([(turn * 20) % (ARTICLES - 20)]), some.columns)
      const byId = new Map(articles.map((article) => [article['id'], article]))
      for (const article of articles) article['comments'] = []
      for (const comment of objects(comments.all([...byId.keys()] as number[]), comments.columns)) {
        ;(byId.get(comment['article_id'])!['comments'] as unknown[]).push(comment)
      }
      return articles
    },
  }
}

function objects(rows: readonly (readonly unknown[])[], columns: readonly string[]): Record<string, unknown>[] {
  return rows.map((row) => Object.fromEntries(columns.map((name, index) => [name, row[index]])))
}
