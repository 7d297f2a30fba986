import { expect } from 'chai'
import { existsSync, writeFileSync } from 'node:fs'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { openDatabase, push, reset } from '../../../adapters/prisma/index.ts'
import { rejectionOf, sampleSchema, TemporaryApplication } from './application.ts'

const url = 'file:storage/test.sqlite3'

describe('Pushing the schema', () => {
  let application: TemporaryApplication
  beforeEach(() => {
    application = new TemporaryApplication()
  })
  afterEach(() => application.remove())
  const run = (options: { acceptDataLoss?: boolean; force?: boolean } = {}) => push({ root: application.root, url, ...options })
  const database = () => openDatabase({ root: application.root, url })
  const addUser = async () => {
    const open = await database()
    await open.execute("INSERT INTO users (email, name) VALUES ('ann@x', 'Ann')", [])
    await open.close()
  }

  it('makes the folder, the database and its tables', async () => {
    const result = await run()
    expect(result).to.include({ changed: true })
    expect(result.warnings).to.deep.equal([])
    await addUser()
  })

  it('does nothing when the database has the schema already, by its own word or by looking', async () => {
    await run()
    expect(await run()).to.include({ changed: false, steps: 0 })
    expect(await run({ force: true })).to.include({ changed: false, steps: 0 })
  })

  it('makes the tables again when the file is gone', async () => {
    await run()
    await reset({ root: application.root, url })
    expect(await (await database()).query('SELECT * FROM users', [])).to.deep.include({ rows: [] })
  })

  it('adds what the schema has gained and keeps the rows, while an application has the database open', async () => {
    await run()
    await addUser()
    const open = await database()
    await open.query('SELECT * FROM users', [])
    application.schema = sampleSchema().replace('name  String', 'name  String\n  age   Int?')
    expect(await run()).to.include({ changed: true })
    expect(await open.query('SELECT name, age FROM users', [])).to.deep.include({ rows: [['Ann', null]] })
    await open.close()
  })

  it('runs the SQL beside the schema, again when it changes, and pushes with its indexes there', async () => {
    const extras = (index: string) =>
      writeFileSync(
        join(application.root, 'db/schema_extras.sql'),
        `-- To be run when the tables are there:\n\nCREATE UNIQUE INDEX IF NOT EXISTS "${index}" ON "users" (lower(name)) WHERE (name <> '');\n`,
      )
    const indexes = async () => {
      const open = await database()
      const { rows } = await open.query("SELECT name FROM sqlite_master WHERE sql LIKE '%lower(%'", [])
      await open.close()
      return rows.flat()
    }
    extras('names')
    expect(await run()).to.include({ changed: true })
    expect(await indexes()).to.deep.equal(['names'])
    expect(await run()).to.include({ changed: false })
    extras('other_names')
    await run()
    expect(await indexes()).to.deep.equal(['other_names'])
    application.schema = sampleSchema().replace('name  String', 'name  String\n  age   Int?')
    expect(await run()).to.include({ changed: true })
    expect(await indexes()).to.deep.equal(['other_names'])
  })

  it('writes the defaults of JSON columns as texts', async () => {
    application.schema = sampleSchema().replace('name  String', 'name  String\n  notes Json @default("{\\"a\\": \\"it\'s\\"}")')
    await run()
    await addUser()
    const open = await database()
    expect(await open.query('SELECT notes FROM users', [])).to.deep.include({ rows: [['{"a": "it\'s"}']] })
    await open.close()
  })

  it('copies a table whole when a column changes', async () => {
    await run()
    await addUser()
    application.schema = sampleSchema().replace('name  String', 'name  String @default("nobody")')
    expect(await run()).to.include({ changed: true })
    const open = await database()
    expect(await open.query('SELECT email, name FROM users', [])).to.deep.include({ rows: [['ann@x', 'Ann']] })
    expect(await open.query('PRAGMA foreign_keys', [])).to.deep.include({ rows: [[1]] })
    await open.close()
  })

  it('refuses to lose data unless it is allowed to', async () => {
    await run()
    await addUser()
    application.schema = sampleSchema().replace('name  String\n', '')
    const error = await rejectionOf(run())
    expect(error.code).to.equal('REGAUGE_SCHEMA_DATA_LOSS')
    expect(error.message).to.include('drop the column `name` on the `users` table')
    expect(error.hint).to.include('--accept-data-loss')
    const result = await run({ acceptDataLoss: true })
    expect(result).to.include({ changed: true })
    expect(result.warnings).to.have.length(1)
  })

  it('refuses a change that the rows do not allow', async () => {
    await run()
    await addUser()
    application.schema = sampleSchema().replace('name  String', 'name  String\n  age   Int')
    const error = await rejectionOf(run())
    expect(error.code).to.equal('REGAUGE_SCHEMA_UNEXECUTABLE')
    expect(error.message).to.include('Added the required column `age`')
  })

  it('refuses a URL for another kind of database', async () => {
    const error = await rejectionOf(push({ root: application.root, url: 'postgresql://ann:s3cret@h/d' }))
    expect(error.message).to.equal("The database URL postgresql://ann:…@h/d can't be used: the schema is written for sqlite.")
  })

  it('leaves the database alone when the schema is broken', async () => {
    application.schema = sampleSchema().replace('email String', 'email Strnig')
    expect((await rejectionOf(run())).code).to.equal('REGAUGE_SCHEMA_INVALID')
    expect(existsSync(application.path('storage/test.sqlite3'))).to.equal(false)
  })

  it('lets one process at a time change a schema', async () => {
    application.write('storage/keep', '')
    writeFileSync(application.path('storage/test.sqlite3.schema-lock'), `${process.ppid} ${hostname()}`)
    expect((await rejectionOf(run())).code).to.equal('REGAUGE_SCHEMA_LOCKED')
  })

  it('takes over the lock of a process that was killed', async () => {
    application.write('storage/test.sqlite3.schema-lock', `${2 ** 22 + 1} ${hostname()}`)
    expect(await run()).to.include({ changed: true })
    expect(existsSync(application.path('storage/test.sqlite3.schema-lock'))).to.equal(false)
  })
})
