import { existsSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'chai'
import { ordersWith, removeFolders } from '../application/folder.ts'
import { endCommands, regauge } from './command.ts'

const seeds = `import { Order } from '../app/models/order.ts'

export default async () => {
  await Order.createOrThrow({ amount: 5, product_id: 1 })
}
`

describe('the db: commands', () => {
  let root: string

  beforeEach(() => {
    root = ordersWith()
  })
  afterEach(() => {
    endCommands()
    removeFolders()
  })

  const db = (command: string, ...options: string[]) => regauge([`db:${command}`, '--root', root, ...options])
  const json = async (command: string, ...options: string[]) =>
    JSON.parse((await db(command, '--json', ...options)).stdout) as Record<string, unknown>

  it('push makes the tables, and the second time there is nothing to do', async () => {
    expect((await db('push')).stdout).to.match(/^Pushed the schema: \d+ statements\.\n$/)
    expect(existsSync(join(root, 'storage/development.sqlite3'))).to.equal(true)
    expect(await db('push')).to.deep.equal({ status: 0, stdout: 'The database has the schema already.\n', stderr: '' })
    expect(await json('push')).to.include({ changed: false, steps: 0 })
  })

  it('push says that it does not run the SQL beside the schema', async () => {
    writeFileSync(join(root, 'db/schema_extras.sql'), 'CREATE INDEX later ON orders (amount + 1);\n')
    expect((await db('push')).stdout).to.include("db/schema_extras.sql isn't run by this command")
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

  it('seed runs db/seeds inside of the application', async () => {
    await db('push')
    const missing = await db('seed')
    expect(missing.status).to.equal(1)
    expect(missing.stderr).to.match(/\S+db\/seeds\.ts doesn't exist\./)
    writeFileSync(join(root, 'db/seeds.ts'), seeds)
    expect(await db('seed')).to.deep.equal({ status: 0, stdout: 'Seeded the database.\n', stderr: '' })
    const counted = await regauge(['console', '--root', root], { input: 'Order.count()\n' })
    expect(counted.stdout).to.equal('1\n')
  })

  it('reset throws everything away only when forced', async () => {
    await db('push')
    const asked = await db('reset')
    expect(asked).to.include({ status: 1, stdout: '' })
    expect(asked.stderr).to.include('This would throw away everything in file:storage/development.sqlite3.').and.include('--force')
    expect((await db('reset', '--force')).status).to.equal(0)
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
