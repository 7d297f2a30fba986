import { articleId, listStart, newArticle, queryShape } from '../dataset.ts'
import type { Ground, Operations } from '../operations.ts'
import { noBetterSqlite, openBetterSqlite } from '../peers.ts'

interface Row {
  id: number
  article_id: number
  comments: unknown[]
}

/** The driver of the peers, with statements prepared once. */
export async function betterSqlite({ file }: Ground): Promise<Operations | string> {
  if (noBetterSqlite !== undefined) return noBetterSqlite
  const database = await openBetterSqlite(file)
  const find = database.prepare('SELECT * FROM articles WHERE id = ?')
  const list = database.prepare('SELECT * FROM articles WHERE id > ? ORDER BY id LIMIT 100')
  const some = database.prepare('SELECT * FROM articles WHERE id > ? ORDER BY id LIMIT 20')
  const theirs = database.prepare(`SELECT * FROM comments WHERE article_id IN (${Array(20).fill('?').join(', ')})`)
  const change = database.prepare('UPDATE articles SET title = ?, updated_at = ? WHERE id = ?')
  const insert = database.prepare(
    'INSERT INTO articles (slug, title, body, author, views, score, published, created_at, updated_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)',
  )
  const create = (turn: number) => {
    const { slug, title, body, author, views, score } = newArticle(turn)
    const time = new Date().toISOString()
    return insert.run(slug, title, body, author, views, score, 1, time, time)
  }
  return {
    'find by id': (turn) => find.get(articleId(turn)),
    'list 100': (turn) => list.all(listStart(turn, 100)),
    'include 20 × 5'(turn) {
      const articles = some.all(listStart(turn, 20)) as Row[]
      const byId = new Map(articles.map((article) => [article.id, article]))
      for (const article of articles) article.comments = []
      for (const comment of theirs.all(...byId.keys()) as Row[]) byId.get(comment.article_id)!.comments.push(comment)
      return articles
    },
    update(turn) {
      const found = find.get(articleId(turn)) as Row
      return change.run(`Title ${turn}`, new Date().toISOString(), found.id)
    },
    create,
    'transaction of 10'(turn) {
      database.exec('BEGIN IMMEDIATE')
      for (let i = 0; i < 10; i++) create(turn * 10 + i)
      database.exec('COMMIT')
    },
    '10,000 query shapes'(turn) {
      const { columns, order } = queryShape(turn)
      return database.prepare(`SELECT ${columns.join(', ')} FROM articles WHERE id = ? ORDER BY ${order}`).get(articleId(turn))
    },
  }
}
