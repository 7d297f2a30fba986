import { expect } from 'chai'
import pg from 'pg'
import { loadMetadata, migrate, openDatabase, push, reset } from '../../../adapters/prisma/index.ts'
import type { Database, SchemaMetadata, SqlValue } from '../../../src/model/index.ts'
import { rejectionOf, sampleSchema, TemporaryApplication } from './application.ts'

const server = process.env['DATABASE_SERVER'] ?? 'postgresql://postgres@127.0.0.1:5432'

async function asAdministrator(...statements: string[]): Promise<void> {
  const client = new pg.Client(`${server}/postgres`)
  await client.connect()
  for (const statement of statements) await client.query(statement)
  await client.end()
}

interface Client {
  user: { create(args: object): Promise<{ id: number }>; count(): Promise<number> }
  post: { create(args: object): Promise<unknown>; findFirst(): Promise<Record<string, unknown>> }
  $disconnect(): Promise<void>
}

describe('PostgreSQL', () => {
  const name = `regauge_test_${process.pid}`
  const url = `${server}/${name}`
  const application = new TemporaryApplication(sampleSchema('postgresql'))
  const target = { root: application.root, url }
  let database: Database
  let metadata: SchemaMetadata

  before(async () => {
    await asAdministrator(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`, `CREATE DATABASE ${name}`)
    await push(target)
    metadata = await loadMetadata(application.root)
    database = await openDatabase({ ...target, metadata })
  })
  after(async () => {
    await database.close()
    await asAdministrator(`DROP DATABASE ${name} WITH (FORCE)`)
    application.remove()
  })
  beforeEach(async () => {
    await database.execute('TRUNCATE users, posts RESTART IDENTITY', [])
  })

  const addUser = (to: Pick<Database, 'query'>, email: string) =>
    to.query("INSERT INTO users (email, name) VALUES ($1, '') RETURNING id", [email])
  const emails = async () => (await database.query('SELECT email FROM users ORDER BY id', [])).rows.map(([email]) => email)
  const values = {
    title: 'Zoë ☃',
    price: '12.5',
    visits: 9007199254740993n,
    data: { a: [1, null] },
    raw: new Uint8Array([0, 255]),
    is_open: true,
    score: 2,
    status: 'published',
    tags: ['a', 'b"c'],
    seen_on: new Date('2026-01-02T00:00:00.000Z'),
    created_at: new Date('2026-01-02T03:04:05.678Z'),
    updated_at: new Date('2026-01-02T03:04:05.000Z'),
  }
  const fields = () => metadata.models[1]!.fields.filter((field) => field.name in values)
  const comparable = (record: Record<string, unknown>) => ({
    ...record,
    price: String(record['price']),
    raw: [...(record['raw'] as Uint8Array)],
  })
  const pick = (record: Record<string, unknown>) => Object.fromEntries(Object.keys(values).map((key) => [key, record[key]]))

  it("reads what Prisma's client writes", async () => {
    const client = database.client as Client
    const user = await client.user.create({ data: { email: 'a', name: '' } })
    await client.post.create({ data: { ...values, user_id: user.id } })
    const { rows } = await database.query(
      `SELECT ${fields()
        .map((field) => `"${field.column}"`)
        .join(', ')} FROM posts`,
      [],
    )
    const read = fields().map((field, index) => [field.name, database.codec(field)?.decode?.(rows[0]![index]!) ?? rows[0]![index]])
    expect(comparable(Object.fromEntries(read))).to.deep.equal(comparable(values))
  })

  it("writes what Prisma's client reads", async () => {
    await addUser(database, 'a')
    const columns = fields().map((field) => `"${field.column}"`)
    const args = fields().map((field) => {
      const value = values[field.name as keyof typeof values]
      return (database.codec(field)?.encode?.(value) ?? value) as SqlValue
    })
    const places = args.map((_, index) => `$${index + 1}`)
    await database.execute(`INSERT INTO posts (user_id, ${columns.join(', ')}) VALUES (1, ${places.join(', ')})`, args)
    expect(comparable(pick(await (database.client as Client).post.findFirst()))).to.deep.equal(comparable(values))
  })

  it('keeps transactions apart', async () => {
    const transaction = await database.begin()
    await addUser(transaction, 'a')
    expect(await emails()).to.deep.equal([])
    await transaction.commit()
    expect(await emails()).to.deep.equal(['a'])
    const second = await database.begin({ isolation: 'serializable' })
    await addUser(second, 'b')
    await second.rollback()
    expect(await emails()).to.deep.equal(['a'])
    expect((await rejectionOf(() => second.query('SELECT 1', []))).code).to.equal('REGAUGE_TRANSACTION_OVER')
  })

  it('nests transactions through savepoints', async () => {
    const transaction = await database.begin()
    await addUser(transaction, 'a')
    await transaction.savepoint('s')
    await rejectionOf(Promise.resolve(addUser(transaction, 'a')))
    await transaction.rollbackToSavepoint('s')
    await transaction.releaseSavepoint('s')
    await transaction.commit()
    expect(await emails()).to.deep.equal(['a'])
  })

  it("tells refusals by kind, and Prisma's client gets its own errors", async () => {
    await addUser(database, 'a')
    expect((await rejectionOf(Promise.resolve(addUser(database, 'a')))).details).to.include({
      kind: 'unique',
      constraint: 'users_email_key',
    })
    const notNull = await rejectionOf(Promise.resolve(database.execute('INSERT INTO users (email) VALUES ($1)', ['b'])))
    expect(notNull.details).to.deep.include({ kind: 'not_null', columns: ['name'], table: 'users' })
    const orphan = database.execute('INSERT INTO posts (user_id, updated_at) VALUES (9, now())', [])
    expect((await rejectionOf(Promise.resolve(orphan))).details).to.include({ kind: 'foreign_key' })
    expect((await rejectionOf(Promise.resolve(database.query('SELECT * FROM nobody', [])))).details).to.include({ kind: 'no_table' })
    expect((await rejectionOf((database.client as Client).user.create({ data: { email: 'a', name: '' } }))).code).to.equal('P2002')
  })

  it('keeps its connections when the client disconnects', async () => {
    await (database.client as Client).user.count()
    await (database.client as Client).$disconnect()
    expect(await emails()).to.deep.equal([])
  })

  it('has nothing to push a second time', async () => {
    expect(await push(target)).to.include({ changed: false, steps: 0 })
  })

  it('makes a database that is missing and migrates it, with a shadow of its own', async () => {
    const fresh = `${name}_fresh`
    const other = { root: application.root, url: `${server}/${fresh}` }
    const first = await migrate.create({ ...other, name: 'a create' })
    expect(first.applied).to.deep.equal([first.created])
    application.schema = sampleSchema('postgresql').replace('name  String', 'name  String\n  age   Int?')
    expect((await migrate.diff(other)).script).to.include('ADD COLUMN     "age"')
    const second = await migrate.create({ ...other, name: 'b add age' })
    expect(await migrate.status(other)).to.deep.include({ isUpToDate: true, hasLedger: true })
    expect(await reset(other)).to.deep.equal({ applied: [first.created, second.created] })
    await asAdministrator(`DROP DATABASE ${fresh}`)
  })
})
