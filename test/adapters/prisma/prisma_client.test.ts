import { expect } from 'chai'
import { openDatabase, push } from '../../../adapters/prisma/index.ts'
import type { Database, SchemaMetadata, SqlValue } from '../../../src/model/index.ts'
import { loadMetadata } from '../../../adapters/prisma/index.ts'
import { rejectionOf, TemporaryApplication } from './application.ts'

const url = 'file:storage/test.sqlite3'

/** The few calls of the generated client that these tests make. */
interface Client {
  user: { create(args: object): Promise<{ id: number }>; findMany(args?: object): Promise<{ email: string }[]>; count(): Promise<number> }
  post: { create(args: object): Promise<Record<string, unknown>>; findFirst(args?: object): Promise<Record<string, unknown>> }
  $transaction<T>(work: (client: Client) => Promise<T>): Promise<T>
}

describe("Prisma's client on the same database", () => {
  const application = new TemporaryApplication()
  let database: Database
  let client: Client
  let metadata: SchemaMetadata
  before(async () => {
    await push({ root: application.root, url })
    metadata = await loadMetadata(application.root)
    database = await openDatabase({ root: application.root, url, metadata, patience: 500 })
    client = database.client as Client
  })
  after(async () => {
    await database.close()
    application.remove()
  })
  beforeEach(async () => {
    await database.execute('DELETE FROM users', [])
    await database.execute('DELETE FROM posts', [])
  })

  const fieldsOfPost = () => metadata.models[1]!.fields.filter((field) => field.kind !== 'relation')
  const values = {
    title: 'Zoë ☃',
    body_text: null,
    price: '12.5',
    visits: 9007199254740993n,
    data: { a: [1, null] },
    raw: new Uint8Array([0, 255]),
    is_open: true,
    score: 2,
    status: 'published',
    created_at: new Date('2026-01-02T03:04:05.678Z'),
    updated_at: new Date('0099-12-31T00:00:00.000Z'),
  }

  function comparable(record: Record<string, unknown>): Record<string, unknown> {
    const { id: _, user_id: __, price, raw, ...rest } = record
    return { ...rest, price: String(price), raw: [...(raw as Uint8Array)] }
  }

  it('is the same one each time', () => {
    expect(database.client).to.equal(client)
  })

  it('writes rows that the codecs read', async () => {
    const user = await client.user.create({ data: { email: 'a', name: 'Ann' } })
    await client.post.create({ data: { ...values, user_id: user.id } })
    const fields = fieldsOfPost()
    const { rows } = await database.query(`SELECT ${fields.map((field) => `"${field.column}"`).join(', ')} FROM posts`, [])
    const read = fields.map((field, index) => {
      const value = rows[0]![index]!
      const decode = database.codec(field)?.decode
      return [field.name, value === null || decode === undefined ? value : decode(value)]
    })
    expect(comparable(Object.fromEntries(read))).to.deep.equal(comparable(values))
  })

  it('reads rows that the codecs wrote', async () => {
    const user = await client.user.create({ data: { email: 'a', name: 'Ann' } })
    const row: Record<string, unknown> = { ...values, user_id: user.id }
    const fields = fieldsOfPost().filter((field) => field.name !== 'id')
    const args = fields.map((field) => {
      const value = row[field.name]
      const encode = database.codec(field)?.encode
      return (value === null || encode === undefined ? value : encode(value)) as SqlValue
    })
    const columns = fields.map((field) => `"${field.column}"`).join(', ')
    await database.execute(`INSERT INTO posts (${columns}) VALUES (${fields.map(() => '?').join(', ')})`, args)
    expect(comparable(await client.post.findFirst())).to.deep.equal(comparable(values))
  })

  it('leaves values alone that need no codec', () => {
    const plain = fieldsOfPost().filter((field) => ['Int', 'String', 'Float', 'Bytes'].includes(field.type))
    expect(plain.map((field) => database.codec(field))).to.deep.equal(plain.map(() => undefined))
  })

  it('reads the times that Rails and SQLite write', () => {
    const { decode } = database.codec(fieldsOfPost().find((field) => field.name === 'created_at')!)!
    const read = (value: SqlValue) => (decode!(value) as Date).toISOString()
    expect(read('2026-01-02 03:04:05')).to.equal('2026-01-02T03:04:05.000Z')
    expect(read('2026-01-02 03:04:05.678912')).to.equal('2026-01-02T03:04:05.678Z')
    expect(read('2026-01-02T03:04:05.678Z')).to.equal('2026-01-02T03:04:05.678Z')
    expect(read('2026-01-02T05:04:05.678+02:00')).to.equal('2026-01-02T03:04:05.678Z')
    expect(read(1767323045678)).to.equal('2026-01-02T03:04:05.678Z')
    expect(read('2026-01-02')).to.equal('2026-01-02T00:00:00.000Z')
  })

  it('keeps its transactions apart from ours', async () => {
    const transaction = await database.begin()
    await transaction.execute("INSERT INTO users (email, name) VALUES ('ours', '')", [])
    expect(await client.user.count()).to.equal(0)
    const theirs = client.$transaction(async (inside) => {
      await inside.user.create({ data: { email: 'theirs', name: '' } })
      return inside.user.count()
    })
    await transaction.commit()
    expect(await theirs).to.equal(2)
  })

  it('rolls its transaction back when it fails', async () => {
    const failed = client.$transaction(async (inside) => {
      await inside.user.create({ data: { email: 'a', name: '' } })
      throw new Error('no')
    })
    expect((await rejectionOf(failed)).message).to.equal('no')
    expect(await client.user.count()).to.equal(0)
  })

  it("gets Prisma's own errors", async () => {
    await client.user.create({ data: { email: 'a', name: '' } })
    expect((await rejectionOf(client.user.create({ data: { email: 'a', name: '' } }))).code).to.equal('P2002')
    expect((await rejectionOf(client.post.create({ data: { user_id: 999 } }))).code).to.equal('P2003')
  })

  it('is an error when it was not generated', async () => {
    const other = await openDatabase({ root: application.root, url, metadata, schemaPath: 'elsewhere/schema.prisma' })
    expect(() => other.client).to.throw("The Prisma client isn't generated")
    await other.close()
  })
})
