import { importPeer } from '../../measuring/peers.ts'
import { articleId, listStart, newArticle, queryShape } from '../dataset.ts'
import type { Ground, Operations } from '../operations.ts'
import { SETTING } from '../peers.ts'

interface ModelClass {
  findByPk(id: number): Promise<{ update(values: object): Promise<unknown> }>
  findAll(options: object): Promise<object[]>
  create(values: object, options?: object): Promise<unknown>
  hasMany(other: ModelClass, options: object): void
}

interface Sequelize {
  define(name: string, attributes: object, options: object): ModelClass
  query(sql: string): Promise<unknown>
  transaction(work: (transaction: object) => Promise<unknown>): Promise<unknown>
}

interface Package {
  Sequelize: new (options: object) => Sequelize
  DataTypes: Record<string, unknown>
  Op: { gt: symbol }
}

/** Sequelize: models whose instances know what changed. */
export async function sequelize(ground: Ground): Promise<Operations> {
  const { Op, ...rest } = await importPeer<Package>('sequelize')
  const { database, articles, comments } = await define(ground, rest)
  const after = (id: number) => ({ where: { id: { [Op.gt]: id } }, order: [['id', 'ASC']] })
  return {
    'find by id': (turn) => articles.findByPk(articleId(turn)),
    'list 100': (turn) => articles.findAll({ ...after(listStart(turn, 100)), limit: 100 }),
    // `separate` asks for the comments in a query of their own, as the others do.
    'include 20 × 5': (turn) =>
      articles.findAll({ ...after(listStart(turn, 20)), limit: 20, include: [{ model: comments, as: 'comments', separate: true }] }),
    async update(turn) {
      const article = await articles.findByPk(articleId(turn))
      return article.update({ title: `Title ${turn}` })
    },
    create: (turn) => articles.create(newArticle(turn)),
    'transaction of 10': (turn) =>
      database.transaction(async (transaction) => {
        for (let i = 0; i < 10; i++) await articles.create(newArticle(turn * 10 + i), { transaction })
      }),
    '10,000 query shapes'(turn) {
      const { columns, order } = queryShape(turn)
      return articles.findAll({ attributes: columns, where: { id: articleId(turn) }, order: [[order, 'ASC']] })
    },
  }
}

async function define({ dialect, file, url }: Ground, { Sequelize, DataTypes }: Omit<Package, 'Op'>) {
  const { hostname: host, port, username, password, pathname } = new URL(url.replace(/^file:/, 'file://'))
  const database = new Sequelize(
    dialect === 'sqlite'
      ? { dialect, storage: file, logging: false }
      : { dialect, host, port: Number(port), username, password, database: pathname.slice(1), logging: false },
  )
  if (dialect === 'sqlite') await database.query(`PRAGMA ${SETTING}`)
  const { INTEGER, TEXT, DOUBLE, BOOLEAN } = DataTypes
  const key = { type: INTEGER, primaryKey: true, autoIncrement: true }
  const articles = database.define(
    'articles',
    { id: key, slug: TEXT, title: TEXT, body: TEXT, author: TEXT, views: INTEGER, score: DOUBLE, published: BOOLEAN },
    { createdAt: 'created_at', updatedAt: 'updated_at' },
  )
  const comments = database.define('comments', { id: key, body: TEXT, article_id: INTEGER }, { timestamps: false })
  articles.hasMany(comments, { as: 'comments', foreignKey: 'article_id' })
  return { database, articles, comments }
}
