import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'chai'
import { openDatabase } from '../../adapters/prisma/index.ts'
import { ordersWith, removeFolders } from '../application/folder.ts'
import { regaugeHere } from './in_process.ts'

const seeds = `import { Order } from '../app/models/order.ts'

export default async () => {
  await Order.createOrThrow({ amount: 5, product_id: 1 })
}
`

/** The rows of the orders in an application's database. */
async function ordersIn(root: string): Promise<readonly unknown[]> {
  const database = await openDatabase({ root, url: 'file:storage/development.sqlite3' })
  try {
    return (await database.query('SELECT * FROM orders', [])).rows
  } finally {
    await database.close()
  }
}

describe('the db: commands', () => {
  let root: string

  beforeEach(() => {
    root = ordersWith()
  })
  afterEach(removeFolders)

  const db = (command: string, ...options: string[]) => regaugeHere([`db:${command}`, '--root', root, ...options])
  const json = async (command: string, ...options: string[]) =>
    JSON.parse((await db(command, '--json', ...options)).stdout) as Record<string, unknown>

  it('push makes the tables, and the second time there is nothing to do', async () => {
    expect((await db('push')).stdout).to.match(/^Pushed the schema: \d+ statements\.\n$/)
    expect(existsSync(join(root, 'storage/development.sqlite3'))).to.equal(true)
    expect(await db('push')).to.deep.equal({ status: 0, stdout: 'The database has the schema already.\n', stderr: '' })
    expect(await json('push')).to.include({ changed: false, steps: 0 })
  })

  it('create makes the database, drop throws it away when forced', async () => {
    expect((await db('create')).stdout).to.equal('Created the database.\n')
    expect(await db('create')).to.deep.equal({ status: 0, stdout: 'The database exists already.\n', stderr: '' })
    const asked = await db('drop')
    expect(asked).to.include({ status: 1, stdout: '' })
    expect(asked.stderr).to.include('This would drop file:storage/development.sqlite3.')
    expect((await db('drop', '--force')).stdout).to.equal('Dropped the database.\n')
    expect(await json('drop', '--force')).to.deep.equal({ dropped: false })
  })

  it('drop and reset refuse in production, with exit status 1 and what to do', async () => {
    for (const command of ['drop', 'reset']) {
      const words = [`db:${command}`, '--root', root, '--force', '--env', 'production']
      const { status, stdout, stderr } = await regaugeHere(words, { env: { SECRET_KEY_BASE: 'x'.repeat(64) } })
      expect({ status, stdout }).to.deep.equal({ status: 1, stdout: '' })
      expect(stderr).to.include('the environment is production.').and.include('DISABLE_DATABASE_ENVIRONMENT_CHECK=1')
    }
  })

  it('push runs the SQL beside the schema', async () => {
    writeFileSync(join(root, 'db/schema_extras.sql'), 'CREATE UNIQUE INDEX later ON orders (amount) WHERE amount > 1000;\n')
    expect((await db('push')).status).to.equal(0)
    expect((await db('push')).stdout).to.equal('The database has the schema already.\n')
  })

  it('push works on the database of the environment', async () => {
    await db('push', '--env', 'test')
    expect(readdirSync(join(root, 'storage')).filter((file) => file.endsWith('.sqlite3'))).to.deep.equal(['test.sqlite3'])
  })

  it('generate writes the client and the types once', async () => {
    expect(await json('generate')).to.have.keys('client', 'register')
    expect((await db('generate')).stdout).to.equal('db/generated is up to date.\n')
  })

  it('migrate writes a migration and runs it; status tells, with exit status 1 while something is missing', async () => {
    const before = await db('status')
    expect(before.status).to.equal(1)
    expect(before.stdout).to.include('The database does not exist.')
    expect((await db('diff')).stdout).to.include('CREATE TABLE "orders"')
    const migrated = await db('migrate', '--name', 'orders')
    expect(migrated).to.include({ status: 0, stderr: '' })
    expect(migrated.stdout).to.match(/^migrated \d{14}_orders\n$/)
    const after = await db('status')
    expect(after).to.include({ status: 0, stderr: '' })
    expect(after.stdout).to.match(/^applied +\d{14}_orders\n$/)
    expect((await db('migrate')).stdout).to.equal('Nothing to migrate.\n')
    expect((await db('diff')).stdout).to.equal('-- nothing to change\n')
    expect(await json('status')).to.include({ isUpToDate: true, hasDatabase: true })
  })

  it('migrate begins with what was pushed', async () => {
    await db('push')
    expect((await db('migrate', '--name', 'everything')).stdout).to.match(/^migrated \d{14}_everything\n$/)
  })

  it('rollback undoes the last migration, whose values it keeps unless told otherwise', async () => {
    await db('migrate', '--name', 'orders')
    const schema = join(root, 'db/schema.prisma')
    writeFileSync(schema, readFileSync(schema, 'utf8').replace('model Order {', 'model Order {\n  note String @default("none")'))
    await db('migrate', '--name', 'note')
    expect((await db('rollback')).stdout).to.match(/^rolled back \d{14}_note\n$/)
    expect((await db('status')).stdout).to.match(/^applied +\d{14}_orders\npending +\d{14}_note\n$/)
    expect((await db('migrate')).stdout).to.match(/^migrated \d{14}_note\n$/)
    expect((await json('rollback', '--step', '2'))['rolledBack']).to.have.length(2)
    expect((await db('rollback')).stdout).to.equal('Nothing to roll back.\n')
    expect((await db('rollback', '--step', '0')).status).to.equal(2)
  })

  it('migrate writes a draft to be completed by hand, and begins at tables that are there', async () => {
    await db('push')
    expect((await db('migrate', '--baseline')).stdout).to.match(/^The database counts as having \d{14}_baseline/)
    expect((await db('migrate', '--name', 'fill', '--draft')).stdout).to.match(/^wrote +db\/migrations\/\d{14}_fill\n$/)
    expect((await db('diff', '--from', 'database')).stdout).to.equal('-- nothing to change\n')
    const states = (await json('status'))['migrations'] as { state: string }[]
    expect(states.map(({ state }) => state)).to.deep.equal(['applied', 'pending'])
    const unknown = await db('migrate', '--applied', '2020_never')
    expect(unknown.stderr).to.include('There is no migration 2020_never in db/migrations.')
  })

  it('seed runs db/seeds inside of the application', async () => {
    await db('push')
    const missing = await db('seed')
    expect(missing.status).to.equal(1)
    expect(missing.stderr).to.match(/\S+db\/seeds\.ts doesn't exist\./)
    writeFileSync(join(root, 'db/seeds.ts'), seeds)
    expect(await db('seed')).to.deep.equal({ status: 0, stdout: 'Seeded the database.\n', stderr: '' })
    expect((await ordersIn(root)).length).to.equal(1)
  })

  it('reset makes the tables anew and seeds them, unless told not to', async () => {
    await db('push')
    writeFileSync(join(root, 'db/seeds.ts'), seeds)
    for (const expected of [1, 1]) {
      expect((await db('reset', '--force')).stdout).to.equal('The database is new, and seeded.\n')
      expect((await ordersIn(root)).length).to.equal(expected)
    }
    expect(await json('reset', '--force', '--no-seed')).to.include({ seeded: false })
    expect(await ordersIn(root)).to.deep.equal([])
  })

  it('boot says when the schema is ahead of the database', async () => {
    writeFileSync(join(root, 'db/seeds.ts'), 'export default () => {}\n')
    mkdirSync(join(root, 'config'), { recursive: true })
    await db('push')
    expect((await db('seed')).stdout).to.equal('Seeded the database.\n')
    const schema = join(root, 'db/schema.prisma')
    writeFileSync(schema, readFileSync(schema, 'utf8').replace('model Order {', 'model Order {\n  note String @default("none")'))
    await db('generate')
    expect((await db('seed')).stdout).to.include(
      'The schema is ahead of the database, which lacks the column orders.note. Run `regauge db:push`',
    )
  })

  it('reset throws everything away only when forced', async () => {
    await db('push')
    const asked = await db('reset')
    expect(asked).to.include({ status: 1, stdout: '' })
    expect(asked.stderr).to.include('This would throw away everything in file:storage/development.sqlite3.').and.include('--force')
    expect((await db('reset', '--force')).status).to.equal(0)
  })

  it('migrate says what no migration has yet', async () => {
    expect((await db('migrate')).stdout).to.equal('Nothing to migrate.\n')
    await db('create')
    expect((await db('migrate')).stdout).to.match(
      /^Nothing to migrate\. The database lacks the table \w+.*: `regauge db:migrate --name …` writes/,
    )
    await db('migrate', '--name', 'tables')
    expect((await db('migrate')).stdout).to.equal('Nothing to migrate.\n')
  })

  it('say where a database can not be, and drop nothing of what is not there', async () => {
    const at = (file: string) => ({ DATABASE_URL: `file:${file}` })
    const outcome = (command: string, file: string) => regaugeHere([`db:${command}`, '--root', root], { env: at(file) })
    for (const command of ['create', 'push'])
      expect(await outcome(command, 'config/routes.ts/none.sqlite3'), command)
        .to.have.property('stderr')
        .that.match(/^DatabaseUnreadable: The database \S+routes\.ts\/none\.sqlite3 can't be opened: .+\nThe folder must exist/)
    for (const command of ['push', 'diff'])
      expect(await outcome(command, 'config/routes.ts'), command)
        .to.have.property('stderr')
        .that.match(/isn't a SQLite database/)
    expect((await regaugeHere(['db:drop', '--force', '--root', root], { env: at('nowhere/none.sqlite3') })).stdout).to.equal(
      'There was no database.\n',
    )
    expect(existsSync(join(root, 'nowhere'))).to.equal(false)
  })

  it('name the line of a schema that is not valid, with exit status 1', async () => {
    writeFileSync(join(root, 'db/schema.prisma'), 'datasource db {\n  provider = "sqlite"\n}\nmodel Order {\n  id Intt @id\n}\n')
    for (const command of ['generate', 'push', 'migrate', 'diff']) {
      const { status, stderr } = await db(command)
      expect(status, command).to.equal(1)
      expect(stderr, command)
        .to.include('db/schema.prisma:5')
        .and.include('"Intt"')
        .and.not.match(/^ {4}at /m)
    }
  })
})
