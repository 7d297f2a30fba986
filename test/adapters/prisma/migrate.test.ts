import { expect } from 'chai'
import { readdirSync, rmSync } from 'node:fs'
import { migrate, openDatabase, push, reset } from '../../../adapters/prisma/index.ts'
import { rejectionOf, sampleSchema, TemporaryApplication } from './application.ts'

const url = 'file:storage/test.sqlite3'

describe('Migrations', () => {
  let application: TemporaryApplication
  beforeEach(() => {
    application = new TemporaryApplication()
  })
  afterEach(() => application.remove())
  const target = (to = url) => ({ root: application.root, url: to })
  const create = (name: string, options: { acceptDataLoss?: boolean; draft?: boolean } = {}) =>
    migrate.create({ ...target(), name, ...options })
  const states = async (to = url) => (await migrate.status(target(to))).migrations.map(({ state }) => state)
  const withAge = () => {
    application.schema = sampleSchema().replace('name  String', 'name  String\n  age   Int?')
  }
  /** Two migrations of the same second would be in the order of their names. */
  const names = ['a create', 'b add age']

  it('are written from the schema and run at once', async () => {
    const result = await create('Create everything!')
    expect(result.created).to.match(/^\d{14}_create_everything$/)
    expect(result.script).to.include('CREATE TABLE "users"')
    expect(result.applied).to.deep.equal([result.created])
    expect(readdirSync(application.path('db/migrations')).sort()).to.deep.equal([result.created, 'migration_lock.toml'])
    const database = await openDatabase(target())
    expect(await database.query('SELECT * FROM posts', [])).to.deep.include({ rows: [] })
    await database.close()
  })

  it('are not written when the schema has nothing new', async () => {
    await create(names[0]!)
    expect(await create('nothing')).to.deep.equal({ created: null, script: null, applied: [], warnings: [] })
  })

  it('can be drafted without running', async () => {
    const { created, applied } = await create('draft', { draft: true })
    expect(applied).to.deep.equal([])
    expect((await migrate.status(target())).migrations).to.deep.equal([{ name: created, state: 'pending' }])
  })

  it('run on another database in order, once', async () => {
    const first = await create(names[0]!)
    withAge()
    const second = await create(names[1]!)
    const other = target('file:storage/other.sqlite3')
    expect(await migrate.apply(other)).to.deep.equal({ applied: [first.created, second.created] })
    expect(await migrate.apply(other)).to.deep.equal({ applied: [] })
    expect(await migrate.status(other)).to.deep.include({ isUpToDate: true, hasLedger: true })
  })

  it('tell where they stand: pending, applied, edited, missing', async () => {
    expect(await migrate.status(target())).to.deep.equal({ migrations: [], isUpToDate: true, hasLedger: false, hasDatabase: false })
    const { created } = await create(names[0]!)
    expect(await states('file:storage/other.sqlite3')).to.deep.equal(['pending'])
    expect(await states()).to.deep.equal(['applied'])
    application.write(`db/migrations/${created}/migration.sql`, '-- changed')
    expect(await states()).to.deep.equal(['edited'])
    rmSync(application.path(`db/migrations/${created}`), { recursive: true })
    expect(await migrate.status(target())).to.deep.include({ migrations: [{ name: created, state: 'missing' }], isUpToDate: false })
  })

  it('leave nothing behind when they fail, and run again once they are mended', async () => {
    await create(names[0]!)
    const broken = 'db/migrations/99990101000000_broken/migration.sql'
    application.write(broken, 'CREATE TABLE left_over (a);\nINSERT INTO left_over VALUES (1, 2);\n')
    const error = await rejectionOf(migrate.apply(target()))
    expect(error.code).to.equal('REGAUGE_MIGRATION_FAILED')
    expect(error.message).to.include('table left_over has 1 columns but 2 values were supplied').and.not.include('.rs:')
    application.write(broken, 'CREATE TABLE left_over (a);\n')
    expect(await migrate.apply(target())).to.deep.equal({ applied: ['99990101000000_broken'] })
    expect(await states()).to.deep.equal(['applied', 'applied'])
  })

  it('name the script that fails, and the line where the database says it', async () => {
    await create(names[0]!)
    const script = 'db/migrations/99990101000000_broken/migration.sql'
    application.write(script, 'CREATE TABLE fine (a INTEGER PRIMARY KEY);\nCREATE TABEL broken (a);\n')
    expect((await rejectionOf(migrate.apply(target()))).message).to.include(`${script}:2: near "TABEL": syntax error`)
    application.write(script, 'CREATE TABLE fine (a INTEGER PRIMARY KEY);\nINSERT INTO fine VALUES (1), (1);\n')
    for (const _ of [1, 2]) expect((await rejectionOf(migrate.apply(target()))).message).to.include(`${script}: Unique constraint failed`)
    expect((await rejectionOf(migrate.diff(target()))).message).to.include('99990101000000_broken fails on an empty database: Unique')
    application.write(script, 'CREATE TABLE fine (a INTEGER PRIMARY KEY);\n')
    expect(await migrate.apply(target())).to.deep.equal({ applied: ['99990101000000_broken'] })
  })

  it('count as undone or completed by a word only where the ledger can not know', async () => {
    const { created } = await create(names[0]!)
    const resolved = (as: 'applied' | 'rolled_back') => rejectionOf(migrate.resolve({ ...target(), name: created!, as }))
    for (const as of ['applied', 'rolled_back'] as const) expect((await resolved(as)).message).to.include('ran to its end')
    const database = await openDatabase(target())
    await database.execute('UPDATE _prisma_migrations SET finished_at = NULL', []) // as a process leaves it that is killed while it migrates
    await database.close()
    expect((await rejectionOf(migrate.apply(target()))).message).to.include(
      `began and was never finished. Say \`regauge db:migrate --rolled-back`,
    )
    await migrate.resolve({ ...target(), name: created!, as: 'applied' })
    expect(await states()).to.deep.equal(['applied'])
    const { created: pending } = await create('later', { draft: true })
    expect((await rejectionOf(migrate.resolve({ ...target(), name: pending!, as: 'rolled_back' }))).message).to.include('is pending')
  })

  it('refuse to lose data unless they are allowed to', async () => {
    await create(names[0]!)
    const database = await openDatabase(target())
    await database.execute("INSERT INTO users (email, name) VALUES ('a', 'Ann')", [])
    await database.close()
    application.schema = sampleSchema().replace('name  String\n', '')
    expect((await rejectionOf(create('drop name'))).code).to.equal('REGAUGE_SCHEMA_DATA_LOSS')
    expect((await create('drop name', { acceptDataLoss: true })).warnings).to.have.length(1)
  })

  it('refuse a database that was changed by hand', async () => {
    await create(names[0]!)
    const database = await openDatabase(target())
    await database.execute('CREATE TABLE by_hand (a)', [])
    await database.close()
    withAge()
    const error = await rejectionOf(create(names[1]!))
    expect(error.code).to.equal('REGAUGE_MIGRATION_DRIFT')
    expect(error.message).to.include('by_hand')
  })

  it('adopt a database that was pushed before', async () => {
    await push(target())
    const { created, script, applied } = await create(names[0]!)
    expect(script).to.include('CREATE TABLE "users"')
    expect(applied).to.deep.equal([created])
    withAge()
    expect((await create(names[1]!)).script).to.include('ADD COLUMN "age"')
    expect(await states()).to.deep.equal(['applied', 'applied'])
  })

  it('refuse a database with tables and no ledger', async () => {
    await push(target())
    await create(names[0]!, { draft: true })
    expect((await rejectionOf(migrate.apply(target()))).code).to.equal('REGAUGE_MIGRATION_DRIFT')
  })

  it('show what is missing from them', async () => {
    await create(names[0]!)
    expect(await migrate.diff(target())).to.deep.equal({ script: '' })
    withAge()
    expect((await migrate.diff(target())).script).to.include('ADD COLUMN "age"')
  })

  it('make the database anew when it is reset', async () => {
    const { created } = await create(names[0]!)
    expect(await reset(target())).to.deep.equal({ applied: [created] })
  })
})
