import { expect } from 'chai'
import { existsSync, readdirSync, rmSync, statSync } from 'node:fs'
import { generate, loadMetadata } from '../../../adapters/prisma/index.ts'
import { rejectionOf, sampleSchema, TemporaryApplication } from './application.ts'

describe('Generating from the schema', () => {
  let application: TemporaryApplication
  beforeEach(() => {
    application = new TemporaryApplication()
  })
  afterEach(() => application.remove())
  const run = (force = false) => generate({ root: application.root, force })

  it('writes the client, the metadata and the registration', async () => {
    expect(await run()).to.deep.equal({ client: true, register: true })
    expect(readdirSync(application.path('db/generated')).sort()).to.deep.equal(['.stamp.json', 'client', 'metadata.json', 'register.ts'])
    expect(existsSync(application.path('db/generated/client/client.ts'))).to.equal(true)
  })

  it('does nothing when nothing has changed', async () => {
    await run()
    const before = statSync(application.path('db/generated/metadata.json')).mtimeMs
    expect(await run()).to.deep.equal({ client: false, register: false })
    expect(statSync(application.path('db/generated/metadata.json')).mtimeMs).to.equal(before)
  })

  it('writes everything again when the schema has changed, when a part is missing, or when it must', async () => {
    await run()
    application.schema = `${sampleSchema()}\n// changed`
    expect(await run()).to.deep.equal({ client: true, register: true })
    rmSync(application.path('db/generated/client'), { recursive: true })
    expect(await run()).to.deep.equal({ client: true, register: true })
    expect(await run(true)).to.deep.equal({ client: true, register: true })
  })

  it('writes only the registration when a model class was added', async () => {
    await run()
    application.write('app/models/user.ts', "export class User extends Model('User') {}")
    expect(await run()).to.deep.equal({ client: false, register: true })
  })

  it('registers the classes under app/models that stand for a model', async () => {
    application.write('app/models/user.ts', "export class User extends Model('User') {}\nexport class Admin extends User {}")
    application.write('app/models/blog/article.ts', "export default class Article extends Model('Post') {}")
    application.write('app/models/money.ts', 'export class Money {}')
    await run()
    const register = application.read('db/generated/register.ts')
    expect(register).to.include("import type { User } from '../../app/models/user.ts'")
    expect(register).to.include("import type Article from '../../app/models/blog/article.ts'")
    expect(register).to.match(/types: Prisma\.TypeMap\s+models: \{\s+Post: typeof Article\s+User: typeof User\s+\}/)
    expect(register).not.to.match(/Admin|Money/)
  })

  it('registers a class that mixes in what is called after models', async () => {
    application.write('app/models/user.ts', "export class User extends DiscardModel(Model('User')) {}")
    await run()
    expect(application.read('db/generated/register.ts')).to.include('User: typeof User')
  })

  it('keeps what was generated when the schema is broken, and shows the line', async () => {
    await run()
    application.schema = sampleSchema().replace('email String', 'email Strnig')
    const error = await rejectionOf(run())
    expect(error.code).to.equal('REGAUGE_SCHEMA_INVALID')
    expect(error.message).to.include('Type "Strnig" is neither a built-in type').and.include('schema.prisma:13')
    expect(existsSync(application.path('db/generated/client/client.ts'))).to.equal(true)
    expect(readdirSync(application.path('db/generated')).filter((name) => name.endsWith('.tmp'))).to.deep.equal([])
  })

  it('says that the schema is missing, or has no provider that we know', async () => {
    rmSync(application.path('db/schema.prisma'))
    expect((await rejectionOf(run())).code).to.equal('REGAUGE_SCHEMA_MISSING')
    application.schema = 'model User {\n id Int @id\n}'
    expect((await rejectionOf(run())).message).to.include('It has no datasource block with a provider.')
    application.schema = sampleSchema().replace('"sqlite"', '"mongodb"')
    expect((await rejectionOf(run())).message).to.include("The provider mongodb isn't supported")
  })

  it('is not needed by a deployed application that has the metadata already', async () => {
    await run()
    application.write('app/models/user.ts', "export class User extends Model('User') {}")
    rmSync(application.path('db/schema.prisma'))
    expect((await loadMetadata(application.root)).models).to.have.length(2)
    expect(application.read('db/generated/register.ts')).not.to.include('User')
  })

  it('describes models, fields, keys, relations, defaults and enums', async () => {
    const metadata = await loadMetadata(application.root)
    expect(metadata.provider).to.equal('sqlite')
    expect(metadata.enums).to.deep.equal([
      {
        name: 'Status',
        values: [
          { name: 'draft', value: 'draft' },
          { name: 'published', value: 'live' },
        ],
      },
    ])
    const [user, post] = metadata.models
    expect(user).to.include({ name: 'User', table: 'users', documentation: 'Somebody who writes.' })
    expect(user).to.deep.include({ primaryKey: ['id'], uniques: [['email']], indexes: [] })
    expect(post).to.deep.include({ primaryKey: ['id'], uniques: [['user_id', 'title']], indexes: [['status']] })
    const field = (name: string) => post!.fields.find((candidate) => candidate.name === name)
    expect(field('id')).to.deep.include({ kind: 'scalar', type: 'Int', id: true, default: { function: 'autoincrement', args: [] } })
    expect(field('body_text')).to.deep.include({ column: 'body', type: 'String', required: false })
    expect(field('status')).to.deep.include({ kind: 'enum', type: 'Status', default: { value: 'draft' } })
    expect(field('updated_at')).to.deep.include({ type: 'DateTime', updatedAt: true })
    expect(field('user')).to.deep.include({
      kind: 'relation',
      type: 'User',
      relation: { name: 'PostToUser', fields: ['user_id'], references: ['id'], onDelete: 'Cascade' },
    })
  })

  it("describes columns of PostgreSQL that Prisma's client leaves out", async () => {
    application.schema = `datasource db {
  provider = "postgresql"
}
generator client {
  provider = "prisma-client"
  output   = "generated/client"
}
model Stay {
  id     Int  @id
  /// From when to when.
  nights Unsupported("daterange")? @map("period")
  seats  Unsupported("int4range")[]
  pause  Unsupported("interval(6)") @default(dbgenerated("'PT1H'"))
}
`
    await run()
    const [stay] = (await loadMetadata(application.root)).models
    const common = { kind: 'scalar', type: 'Unsupported', list: false, required: false, unique: false, id: false, updatedAt: false }
    expect(stay!.fields.slice(1)).to.deep.equal([
      { ...common, name: 'nights', column: 'period', nativeType: ['daterange', []], documentation: 'From when to when.' },
      { ...common, name: 'seats', column: 'seats', list: true, nativeType: ['int4range', []] },
      {
        ...common,
        name: 'pause',
        column: 'pause',
        required: true,
        default: { function: 'dbgenerated', args: [] },
        nativeType: ['interval', ['6']],
      },
    ])
  })
})
