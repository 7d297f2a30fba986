import { expect } from 'chai'
import { migrate, openDatabase, push, reset, drop, create } from '../../../adapters/prisma/index.ts'
import { rejectionOf, TemporaryApplication } from './application.ts'

type Provider = 'sqlite' | 'postgresql' | 'mysql'

const schemaWith = (provider: Provider, fields = '') => `datasource db {
  provider = "${provider}"
}

model User {
  id   Int    @id @default(autoincrement())
  name String
${fields}
  @@map("users")
}
`

/** SQL that Prisma's language can't say, for each kind of database. */
const special: Record<Provider, (name: string) => string> = {
  sqlite: (name) => `CREATE UNIQUE INDEX IF NOT EXISTS "${name}" ON "users" ("name") WHERE (id > 5);\n`,
  postgresql: (name) => `CREATE UNIQUE INDEX IF NOT EXISTS "${name}" ON "users" ("name") WHERE (id > 5);\n`,
  mysql: (name) => `CREATE OR REPLACE VIEW \`${name}\` AS SELECT name FROM users;\n`,
}

const namesOfSpecial: Record<Provider, string> = {
  sqlite: `SELECT name FROM sqlite_master WHERE type = 'index' AND sql LIKE '%WHERE (id > 5)'`,
  postgresql: `SELECT indexname FROM pg_indexes WHERE indexdef LIKE '%WHERE (id > 5)'`,
  mysql: 'SELECT table_name FROM information_schema.views WHERE table_schema = database()',
}

/** What must hold for the changes of a schema, whatever the database.
 *
 * @param url of a database that isn't there yet
 */
export function describeSchemaChanges(provider: Provider, url: () => string): void {
  let application: TemporaryApplication
  const target = () => ({ root: application.root, url: url() })
  const change = (name: string, options: { acceptDataLoss?: boolean } = {}) => migrate.create({ ...target(), name, ...options })
  const withAge = () => {
    application.schema = schemaWith(provider, '  age  Int?\n')
  }
  const states = async () => (await migrate.status(target())).migrations.map(({ state }) => state)
  const run = async (...statements: string[]) => {
    const database = await openDatabase(target())
    try {
      for (const statement of statements) await database.execute(statement, [])
    } finally {
      await database.close()
    }
  }
  const rows = async (sql: string) => {
    const database = await openDatabase(target())
    try {
      return (await database.query(sql, [])).rows
    } finally {
      await database.close()
    }
  }
  const specials = async () => (await rows(namesOfSpecial[provider])).map(([name]) => name)

  beforeEach(() => {
    application = new TemporaryApplication(schemaWith(provider))
  })
  afterEach(async () => {
    await drop(target())
    application.remove()
  })

  it('makes the database and drops it, each once', async () => {
    expect(await create(target())).to.deep.equal({ created: true })
    expect(await create(target())).to.deep.equal({ created: false })
    expect(await drop(target())).to.deep.equal({ dropped: true })
    expect(await drop(target())).to.deep.equal({ dropped: false })
  })

  it('pushes what the schema has gained, and nothing the second time', async () => {
    expect(await push(target())).to.include({ changed: true })
    await run("INSERT INTO users (name) VALUES ('Ann')")
    withAge()
    expect(await push({ ...target(), force: true })).to.include({ changed: true })
    expect(await push({ ...target(), force: true })).to.include({ changed: false, steps: 0 })
    expect(await rows('SELECT name, age FROM users')).to.deep.equal([['Ann', null]])
  })

  it('pushes nothing that loses rows or values, unless it may', async () => {
    withAge()
    await push(target())
    await run("INSERT INTO users (name, age) VALUES ('Ann', 7)")
    application.schema = schemaWith(provider)
    expect((await rejectionOf(push(target()))).code).to.equal('REGAUGE_SCHEMA_DATA_LOSS')
    expect((await push({ ...target(), acceptDataLoss: true })).warnings).to.have.length(1)
  })

  if (provider !== 'sqlite') {
    it('adds values to an enum unasked, and takes none away that rows have', async () => {
      const withStates = (...values: string[]) =>
        `${schemaWith(provider, `  state  State  @default(${values[0]})\n`)}\nenum State {\n${values.join('\n')}\n}\n`
      application.schema = withStates('open', 'closed')
      await push(target())
      await run("INSERT INTO users (name, state) VALUES ('Ann', 'closed')")
      application.schema = withStates('open', 'closed', 'lost')
      expect(await push(target())).to.include({ changed: true })
      application.schema = withStates('open', 'lost')
      expect((await rejectionOf(push(target()))).code).to.equal('REGAUGE_SCHEMA_DATA_LOSS')
      expect((await rejectionOf(push({ ...target(), acceptDataLoss: true }))).message)
        .to.match(/invalid input value for enum "State_new": "closed"|Data truncated for column 'state'/)
        .and.not.include('wasm')
      expect(await rows('SELECT name, state FROM users')).to.deep.equal([['Ann', 'closed']])
    })
  }

  it('rolls the last migrations back, the newest first, and runs them again', async () => {
    const first = await change('create users')
    withAge()
    const second = await change('add age')
    expect(await migrate.rollback(target())).to.deep.equal({ rolledBack: [second.created], warnings: [] })
    expect(await states()).to.deep.equal(['applied', 'pending'])
    await run("INSERT INTO users (name) VALUES ('Ann')", 'DELETE FROM users')
    expect(await migrate.apply(target())).to.deep.equal({ applied: [second.created] })
    expect((await migrate.rollback({ ...target(), steps: 5 })).rolledBack).to.deep.equal([second.created, first.created])
    expect(await states()).to.deep.equal(['pending', 'pending'])
  })

  it('rolls nothing back that loses rows or values, unless it may', async () => {
    await change('create users')
    withAge()
    await change('add age')
    await run("INSERT INTO users (name, age) VALUES ('Ann', 7)")
    const error = await rejectionOf(migrate.rollback({ ...target(), steps: 2 }))
    expect(error.code).to.equal('REGAUGE_SCHEMA_DATA_LOSS')
    expect(error.message).to.include('users.age').and.include('table users')
    expect(await states()).to.deep.equal(['applied', 'applied'])
    expect((await migrate.rollback({ ...target(), acceptDataLoss: true })).rolledBack).to.have.length(1)
    expect(await rows('SELECT name FROM users')).to.deep.equal([['Ann']])
  })

  it('refuses to roll back a migration without a way back', async () => {
    const { created } = await change('create users')
    application.write(`db/migrations/${created}/down.sql`, '-- nothing\n')
    expect((await rejectionOf(migrate.rollback(target()))).code).to.equal('REGAUGE_MIGRATION_IRREVERSIBLE')
    expect(await states()).to.deep.equal(['applied'])
  })

  it('takes the SQL beside the schema into migrations, and what changes of it', async () => {
    application.write('db/schema_extras.sql', special[provider]('early'))
    expect((await change('create users')).script).to.include('early')
    expect(await specials()).to.deep.equal(['early'])
    expect((await change('nothing new')).created).to.equal(null)
    application.write('db/schema_extras.sql', special[provider]('late'))
    const second = await change('another')
    expect(await specials()).to.deep.equal(['late'])
    expect(second.script).to.match(/DROP (INDEX|VIEW) IF EXISTS .early/)
    await migrate.rollback(target())
    expect(await specials()).to.deep.equal(['early'])
  })

  it('keeps what Rails notes of its migrations, and tells it', async () => {
    await push(target())
    await run(...railsTables(provider, 'development'))
    withAge()
    expect(await push({ ...target(), force: true })).to.include({ changed: true })
    expect((await migrate.status(target())).rails).to.deep.equal({ migrations: 2, version: '20250102000000' })
  })

  it('begins with migrations at a database that Rails made', async () => {
    await push(target())
    await run(...railsTables(provider, 'development'))
    await run("INSERT INTO users (name) VALUES ('Ann')")
    const { created, script } = await migrate.baseline(target())
    expect(created).to.match(/^\d{14}_baseline$/)
    expect(script).to.include('users')
    expect(await states()).to.deep.equal(['applied'])
    withAge()
    const { applied } = await change('add age')
    expect(applied).to.have.length(1)
    expect(await rows('SELECT name, age FROM users')).to.deep.equal([['Ann', null]])
    expect(await rows('SELECT version FROM schema_migrations ORDER BY version')).to.have.length(2)
  })

  it('begins with migrations only where the tables are those of the schema, unless told to', async () => {
    await push(target())
    withAge()
    const error = await rejectionOf(migrate.baseline(target()))
    expect(error.code).to.equal('REGAUGE_MIGRATION_DRIFT')
    expect(error.message).to.include('age')
    expect((await migrate.baseline({ ...target(), acceptDrift: true })).created).to.be.a('string')
    expect((await rejectionOf(migrate.baseline(target()))).message).to.include('a ledger of migrations already')
  })

  it('refuses to throw away the data of a protected environment', async () => {
    const production = { environment: 'production', protectedEnvironments: ['production'] }
    const development = { ...production, environment: 'development' }
    await push({ ...target(), protection: production })
    for (const protection of [production, development]) {
      expect((await rejectionOf(drop({ ...target(), protection }))).message).to.match(/^Refused to drop the database: .*production/)
      expect((await rejectionOf(reset({ ...target(), protection }))).code).to.equal('REGAUGE_DATABASE_PROTECTED')
      expect((await rejectionOf(push({ ...target(), force: true, acceptDataLoss: true, protection }))).code).to.equal(
        'REGAUGE_DATABASE_PROTECTED',
      )
    }
    process.env['DISABLE_DATABASE_ENVIRONMENT_CHECK'] = '1'
    try {
      expect(await drop({ ...target(), protection: production })).to.deep.equal({ dropped: true })
    } finally {
      delete process.env['DISABLE_DATABASE_ENVIRONMENT_CHECK']
    }
  })

  it('refuses the database that Rails made for another environment', async () => {
    await push(target())
    await run(...railsTables(provider, 'staging'))
    const protection = { environment: 'development', protectedEnvironments: ['production'] }
    expect((await rejectionOf(drop({ ...target(), protection }))).message).to.include('that of staging')
  })

  it('makes no foreign key for a relation that has none in the database, and leaves a column its own type', async () => {
    application.schema = `datasource db {
  provider = "${provider}"
}

model User {
  id    BigInt @id
  posts Post[]

  @@map("users")
}

model Post {
  id      Int    @id
  /// @column(Int)
  user_id BigInt
  /// @noForeignKey
  user    User   @relation(fields: [user_id], references: [id])

  @@map("posts")
}
`
    await push(target())
    await run('INSERT INTO posts (id, user_id) VALUES (1, 9)')
    expect(await push({ ...target(), force: true })).to.include({ changed: false, steps: 0 })
    expect(await rows('SELECT user_id FROM posts')).to.deep.equal([[9]])
  })

  it('lets one at a time change the schema', async () => {
    await push(target())
    const answers = await Promise.allSettled([1, 2, 3].map(() => push({ ...target(), force: true })))
    const failures = answers.flatMap((answer) => (answer.status === 'rejected' ? [(answer.reason as { code: string }).code] : []))
    expect(answers.some(({ status }) => status === 'fulfilled')).to.equal(true)
    expect(failures.every((code) => code === 'REGAUGE_SCHEMA_LOCKED')).to.equal(true)
    expect(await push({ ...target(), force: true })).to.include({ changed: false })
  })
}

function railsTables(provider: Provider, environment: string): string[] {
  const key = provider === 'mysql' ? '`key`' : '"key"'
  return [
    'CREATE TABLE schema_migrations (version varchar(255) NOT NULL PRIMARY KEY)',
    "INSERT INTO schema_migrations (version) VALUES ('20250101000000'), ('20250102000000')",
    `CREATE TABLE ar_internal_metadata (${key} varchar(255) NOT NULL PRIMARY KEY, value varchar(255), created_at timestamp(6) NOT NULL, updated_at timestamp(6) NOT NULL)`,
    `INSERT INTO ar_internal_metadata VALUES ('environment', '${environment}', '2025-01-01 00:00:00', '2025-01-01 00:00:00')`,
  ]
}
