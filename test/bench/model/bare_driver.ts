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
    'find by id': (turn) => find.all([articleId(turn)]).map(article),
    'list 100': (turn) => list.all([(turn * 100) % (ARTICLES - 100)]).map(article),
    create: (turn) => {
      const { slug, title, body, author, views, score } = newArticle(turn)
      return insert.run([slug, title, body, author, views, score, 1, now(), now()])
    },
    update: (turn) => change.run([`Title ${turn}`, now(), articleId(turn)]),
    'include 20 × 5': (turn) => {
      const articles = some.all([(turn * 20) % (ARTICLES - 20)]).map(article)
      const byId = new Map(articles.map((found) => [found['id'], found]))
      for (const found of articles) found['comments'] = []
      for (const found of comments.all([...byId.keys()] as number[]).map(comment)) {
        ;(byId.get(found['article_id'])!['comments'] as unknown[]).push(found)
      }
      return articles
    },
  }
}

type Row = readonly unknown[]

function article([id, slug, title, body, author, views, score, published, created_at, updated_at]: Row): Record<string, unknown> {
  return { id, slug, title, body, author, views, score, published, created_at, updated_at }
}

function comment([id, body, article_id]: Row): Record<string, unknown> {
  return { id, body, article_id }
}
