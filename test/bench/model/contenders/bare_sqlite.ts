import { sqliteDriver } from '../../../../adapters/prisma/sqlite/drivers.ts'
import type { SqliteHandle, SqliteStatement } from '../../../../adapters/prisma/sqlite/driver.ts'
import { articleId, listStart, newArticle, queryShape } from '../dataset.ts'
import type { Ground, Operations } from '../operations.ts'

/** Statements prepared once, rows made objects by hand: what our driver itself allows. */
export async function bareSqlite({ file }: Ground): Promise<Operations> {
  const handle = sqliteDriver().open(file, 5_000)
  handle.exec('PRAGMA synchronous = NORMAL')
  const find = handle.prepare('SELECT * FROM articles WHERE id = ?')
  const list = handle.prepare('SELECT * FROM articles WHERE id > ? ORDER BY id LIMIT 100')
  const insert = inserting(handle)
  const change = handle.prepare('UPDATE articles SET title = ?, updated_at = ? WHERE id = ?')
  return {
    'find by id': (turn) => find.all([articleId(turn)]).map(article),
    'list 100': (turn) => list.all([listStart(turn, 100)]).map(article),
    'include 20 × 5': including(handle),
    update(turn) {
      const [found] = find.all([articleId(turn)]).map(article)
      return change.run([`Title ${turn}`, now(), found!['id'] as number])
    },
    create: insert,
    'transaction of 10'(turn) {
      handle.exec('BEGIN IMMEDIATE')
      for (let i = 0; i < 10; i++) insert(turn * 10 + i)
      handle.exec('COMMIT')
    },
    '10,000 query shapes'(turn) {
      const { columns, order } = queryShape(turn)
      return named(handle.prepare(`SELECT ${columns.join(', ')} FROM articles WHERE id = ? ORDER BY ${order}`), [articleId(turn)])
    },
  }
}

function inserting(handle: SqliteHandle): (turn: number) => unknown {
  const insert = handle.prepare(
    'INSERT INTO articles (slug, title, body, author, views, score, published, created_at, updated_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)',
  )
  return (turn) => {
    const { slug, title, body, author, views, score } = newArticle(turn)
    const time = now()
    return insert.run([slug, title, body, author, views, score, 1, time, time])
  }
}

function including(handle: SqliteHandle): (turn: number) => unknown {
  const some = handle.prepare('SELECT * FROM articles WHERE id > ? ORDER BY id LIMIT 20')
  const theirs = handle.prepare(`SELECT * FROM comments WHERE article_id IN (${Array(20).fill('?').join(', ')})`)
  return (turn) => {
    const articles = some.all([listStart(turn, 20)]).map(article)
    const byId = new Map(articles.map((found) => [found['id'], found]))
    for (const found of articles) found['comments'] = []
    for (const found of theirs.all([...byId.keys()] as number[]).map(comment)) {
      ;(byId.get(found['article_id'])!['comments'] as unknown[]).push(found)
    }
    return articles
  }
}

type Row = readonly unknown[]

function now(): string {
  return `${new Date().toISOString().slice(0, -1)}+00:00`
}

function article([id, slug, title, body, author, views, score, published, created_at, updated_at]: Row): Record<string, unknown> {
  return { id, slug, title, body, author, views, score, published, created_at, updated_at }
}

function comment([id, body, article_id]: Row): Record<string, unknown> {
  return { id, body, article_id }
}

function named(statement: SqliteStatement, args: readonly number[]): Record<string, unknown>[] {
  return statement.all(args).map((row) => Object.fromEntries(statement.columns.map((column, index) => [column, row[index]])))
}
