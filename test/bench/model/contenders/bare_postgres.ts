import { articleId, listStart, newArticle, queryShape } from '../dataset.ts'
import type { Ground, Operations } from '../operations.ts'
import { importPeer } from '../../measuring/peers.ts'

interface Row {
  id: number
  article_id: number
  comments: unknown[]
}

interface Client {
  connect(): Promise<void>
  query(query: string | { name?: string; text: string; values: unknown[] }): Promise<{ rows: Row[] }>
}

const INSERT = `INSERT INTO articles (slug, title, body, author, views, score, published, created_at, updated_at)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) RETURNING id`

/** `pg` on one connection, its statements prepared by name. */
export async function preparedPg({ url }: Ground): Promise<Operations> {
  return operations(await connect(url), (name) => ({ name }))
}

/** `pg` on one connection as it is mostly used: the server plans each statement anew. */
export async function plainPg({ url }: Ground): Promise<Operations> {
  return operations(await connect(url), () => ({}))
}

async function connect(url: string): Promise<Client> {
  const { Client } = await importPeer<{ Client: new (options: object) => Client }>('pg')
  const client = new Client({ connectionString: url })
  await client.connect()
  return client
}

function operations(client: Client, preparation: (name: string) => { name?: string }): Operations {
  const ask = async (name: string, text: string, values: unknown[]): Promise<Row[]> =>
    (await client.query({ ...preparation(name), text, values })).rows
  const find = (turn: number) => ask('find', 'SELECT * FROM articles WHERE id = $1', [articleId(turn)])
  const create = (turn: number) => {
    const { slug, title, body, author, views, score, published } = newArticle(turn)
    const time = new Date()
    return ask('create', INSERT, [slug, title, body, author, views, score, published, time, time])
  }
  const placeholders = Array.from({ length: 20 }, (_, index) => `$${index + 1}`).join(', ')
  return {
    'find by id': find,
    'list 100': (turn) => ask('list', 'SELECT * FROM articles WHERE id > $1 ORDER BY id LIMIT $2', [listStart(turn, 100), 100]),
    async 'include 20 × 5'(turn) {
      const articles = await ask('some', 'SELECT * FROM articles WHERE id > $1 ORDER BY id LIMIT $2', [listStart(turn, 20), 20])
      const byId = new Map(articles.map((article) => [article.id, article]))
      for (const article of articles) article.comments = []
      const comments = await ask('theirs', `SELECT * FROM comments WHERE article_id IN (${placeholders})`, [...byId.keys()])
      for (const comment of comments) byId.get(comment.article_id)!.comments.push(comment)
      return articles
    },
    async update(turn) {
      const [found] = await find(turn)
      const values = [`Title ${turn}`, new Date(), found!.id]
      return ask('update', 'UPDATE articles SET title = $1, updated_at = $2 WHERE id = $3', values)
    },
    create,
    async 'transaction of 10'(turn) {
      await client.query('BEGIN')
      for (let i = 0; i < 10; i++) await create(turn * 10 + i)
      await client.query('COMMIT')
    },
    async '10,000 query shapes'(turn) {
      const { columns, order } = queryShape(turn)
      const text = `SELECT ${columns.join(', ')} FROM articles WHERE id = $1 ORDER BY ${order}`
      return (await client.query({ text, values: [articleId(turn)] })).rows
    },
  }
}
