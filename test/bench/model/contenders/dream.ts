import { mkdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { importPeer } from '../../measuring/peers.ts'
import { articleId, COLUMNS, listStart, newArticle, queryShape } from '../dataset.ts'
import type { Ground, Operations } from '../operations.ts'

interface Query {
  where(condition: object): Query
  order(order: object): Query
  limit(count: number): Query
  preload(association: string): Query
  all(): Promise<object[]>
  pluck(...columns: string[]): Promise<unknown[]>
}

interface Row {
  update(values: object): Promise<unknown>
}

interface ModelClass {
  new (...args: unknown[]): object
  findOrFail(id: number): Promise<Row>
  where(condition: object): Query
  create(values: object): Promise<unknown>
  txn(transaction: object): { create(values: object): Promise<unknown> }
  transaction(work: (transaction: object) => Promise<unknown>): Promise<unknown>
}

type Decorator = (value: undefined, context: { name: string; addInitializer(initialize: () => void): void }) => void

interface App {
  set(option: string, value: unknown): void
  load(kind: 'models' | 'serializers', folder: string, load: (file: string) => Promise<ModelClass>): Promise<void>
}

interface Package {
  Dream: ModelClass
  DreamApp: { init(prepare: (app: App) => Promise<void>): Promise<void> }
  Decorators: new () => Record<'HasMany' | 'BelongsTo', (model: string, options?: object) => Decorator>
  ops: { greaterThan(value: number): unknown }
}

/** Dream: Active Record for Psychic, on Kysely and PostgreSQL. It selects whole rows or plucks columns. */
export async function dream(ground: Ground): Promise<Operations> {
  const package_ = await importPeer<Package>('@rvoh/dream')
  const Article = await start(package_, ground)
  const after = (id: number) => Article.where({ id: package_.ops.greaterThan(id) }).order({ id: 'asc' })
  const attributes = (turn: number) => ({ ...newArticle(turn) })
  return {
    'find by id': (turn) => Article.findOrFail(articleId(turn)),
    'list 100': (turn) => after(listStart(turn, 100)).limit(100).all(),
    'include 20 × 5': (turn) => after(listStart(turn, 20)).limit(20).preload('comments').all(),
    update: async (turn) => (await Article.findOrFail(articleId(turn))).update({ title: `Title ${turn}` }),
    create: (turn) => Article.create(attributes(turn)),
    'transaction of 10': (turn) =>
      Article.transaction(async (transaction) => {
        for (let i = 0; i < 10; i++) await Article.txn(transaction).create(attributes(turn * 10 + i))
      }),
    '10,000 query shapes'(turn) {
      const { columns, order } = queryShape(turn)
      return Article.where({ id: articleId(turn) })
        .order({ [camelCase(order)]: 'asc' })
        .pluck(...columns.map(camelCase))
    },
  }
}

async function start({ Dream, DreamApp, Decorators }: Package, { root, url }: Ground): Promise<ModelClass> {
  const decorators = new Decorators()
  const Article = decorated(Dream, 'articles', 'comments', decorators.HasMany('Comment', { on: 'articleId' }))
  const Comment = decorated(Dream, 'comments', 'article', decorators.BelongsTo('Article', { on: 'articleId' }))
  const models: { [file: string]: ModelClass } = { 'Article.js': Article, 'Comment.js': Comment }
  const folder = path.join(root, 'models')
  mkdirSync(folder, { recursive: true })
  for (const file of Object.keys(models)) writeFileSync(path.join(folder, file), '')
  const { hostname: host, port, username: user, password, pathname } = new URL(url)
  await DreamApp.init(async (app) => {
    app.set('projectRoot', root)
    app.set('packageManager', 'npm')
    app.set('primaryKeyType', 'integer')
    app.set('db', { primary: { host, port: Number(port), user, password, name: pathname.slice(1), useSsl: false } })
    await app.load('serializers', path.join(root, 'none'), async () => Article)
    await app.load('models', folder, async (file) => models[path.basename(file)]!)
  })
  return Article
}

/** A model whose association is declared by a decorator, applied by hand as the compiler applies it. */
function decorated(Dream: ModelClass, table: string, association: string, decorate: Decorator): ModelClass {
  const initializers: (() => void)[] = []
  decorate(undefined, { name: association, addInitializer: (initialize) => initializers.push(initialize) })
  class Model extends Dream {
    constructor(...args: unknown[]) {
      super(...args)
      for (const initialize of initializers) initialize.call(this)
    }
  }
  Object.defineProperties(Model.prototype, {
    table: { get: () => table },
    schema: { get: () => SCHEMA },
  })
  return Model
}

const TYPES: Readonly<Record<string, string>> = {
  id: 'integer',
  views: 'integer',
  score: 'double precision',
  published: 'boolean',
  created_at: 'timestamp without time zone',
  updated_at: 'timestamp without time zone',
}

const SCHEMA = {
  articles: { columns: columns(COLUMNS) },
  comments: { columns: { ...columns(['id', 'body']), articleId: { dbType: 'integer', allowNull: false } } },
}

function columns(names: readonly string[]): object {
  return Object.fromEntries(names.map((name) => [camelCase(name), { dbType: TYPES[name] ?? 'text', allowNull: false }]))
}

function camelCase(name: string): string {
  return name.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase())
}
