import { expect } from 'chai'
import { openDatabase } from '../../adapters/prisma/index.ts'
import { bindModels, type Database } from '../../src/model/index.ts'
import { headerFor, type TestDatabase, testPostgres } from '../model/test_database.ts'
import { FailingWire } from './failing_wire.ts'
import { Entry, entrySchema, kindOf, pairs, writePair, writeUnderFailure } from './paired_entries.ts'
import { PostgresCluster } from './postgres_cluster.ts'

const schema = headerFor('postgresql') + entrySchema

describe('a PostgreSQL server that fails', () => {
  let cluster: PostgresCluster | undefined
  let test: TestDatabase | undefined
  let database: Database

  before(async function () {
    cluster = await PostgresCluster.start()
    if (cluster === undefined) return this.skip()
    test = await testPostgres(schema, cluster.url)
    database = test.database
    bindModels([Entry], database, test.metadata)
  })
  beforeEach(() => Entry.deleteAll())
  after(async () => {
    await test?.close()
    await cluster?.remove()
  })

  it('leaves nothing half-committed when it is killed under load, and requests recover when it is back', async () => {
    const { written, kinds } = await writeUnderFailure(async () => {
      await cluster!.kill()
      expect(await kindOf(Entry.count())).to.equal('unreachable')
      await cluster!.restart()
    })
    expect(kinds).to.deep.equal(['unreachable'])
    const found = await pairs()
    expect([...found.values()].every((count) => count === 2)).to.equal(true)
    expect(written.filter((pair) => !found.has(pair))).to.deep.equal([])
  })

  it('gives a transaction whose connection was ended its own error, and the next one a connection', async () => {
    const kind = await kindOf(
      Entry.transaction(async () => {
        await Entry.createOrThrow({ pair: 'cut' })
        const pid = await Entry.connection.selectValue('select pg_backend_pid()')
        await database.query('select pg_terminate_backend($1::int)', [pid])
        await Entry.createOrThrow({ pair: 'cut' })
      }),
    )
    expect(kind).to.equal('unreachable')
    await writePair('after')
    expect([...(await pairs())]).to.deep.equal([['after', 2]])
  })

  const turns = Array.from({ length: 9 }, (_, turn) => turn)

  it('survives the end of connections that nobody uses', async () => {
    await Promise.all(turns.map((turn) => writePair(`before-${turn}`)))
    await database.query(
      'select pg_terminate_backend(pid) from pg_stat_activity where pid <> pg_backend_pid() and datname = current_database()',
      [],
    )
    await Promise.all(turns.map((turn) => writePair(`after-${turn}`)))
    expect(await Entry.count()).to.equal(turns.length * 4)
  })
})

describe('the way to a PostgreSQL server', () => {
  const server = process.env['TEST_POSTGRES_URL'] ?? 'postgresql://postgres@127.0.0.1:5432/postgres'
  let test: TestDatabase
  let direct: URL
  const opened: Database[] = []

  before(async () => {
    test = await testPostgres(schema, server)
    direct = new URL(server)
    direct.pathname = `/${(await test.database.query('select current_database()', [])).rows[0]![0] as string}`
  })
  beforeEach(async () => {
    await test.database.execute('delete from "Entry"', [])
  })
  afterEach(async () => {
    for (const database of opened.splice(0)) await database.close()
  })
  after(() => test.close())

  async function open(url: URL, settings = ''): Promise<Database> {
    const database = await openDatabase({ root: '.', url: url.href + settings, metadata: test.metadata })
    opened.push(database)
    bindModels([Entry], database, test.metadata)
    return database
  }

  it('says that no connection got free when all are in use for too long, and serves again when one is', async () => {
    await open(direct, '?connection_limit=2&pool_timeout=1')
    let release = (): void => {}
    const released = new Promise<void>((resolve) => {
      release = resolve
    })
    const holding = [1, 2].map(() => Entry.transaction(() => released))
    expect(await kindOf(Entry.count())).to.equal('busy')
    release()
    await Promise.all(holding)
    expect(await Entry.count()).to.equal(0)
  })

  it('lets those who wait for a connection have theirs in turn', async () => {
    await open(direct, '?connection_limit=1&pool_timeout=20')
    await Promise.all([1, 2, 3, 4, 5].map((turn) => writePair(String(turn))))
    expect(await Entry.count()).to.equal(10)
  })

  it('refuses settings of the pool that are no numbers', async () => {
    const error: unknown = await open(direct, '?connection_limit=many').catch((thrown: unknown) => thrown)
    expect(error).to.have.property('code', 'REGAUGE_DATABASE_URL')
    expect((error as Error).message).to.contain('connection_limit is a number from 1')
  })

  it('keeps a bounded number of statements prepared, however many are asked', async () => {
    await open(direct, '?connection_limit=1')
    for (let size = 2; size < 700; size++) await Entry.where({ id: Array.from({ length: size }, (_, index) => index) }).toArray()
    const prepared = await Entry.connection.selectValue('select count(*) from pg_prepared_statements')
    expect(Number(prepared)).to.be.within(100, 500)
  })

  describe('through a network that fails', () => {
    let proxy: FailingWire
    before(async () => {
      proxy = await FailingWire.to(Number(direct.port || 5432), direct.hostname)
    })
    after(() => proxy.close())

    const through = (): URL => Object.assign(new URL(direct), { hostname: '127.0.0.1', port: String(proxy.port) })

    it('rolls back what was open when the connection is cut, and connects anew', async () => {
      await open(through())
      const kind = await kindOf(
        Entry.transaction(async () => {
          await Entry.createOrThrow({ pair: 'cut' })
          proxy.cut()
          await Entry.createOrThrow({ pair: 'cut' })
        }),
      )
      expect(kind).to.equal('unreachable')
      await writePair('after')
      expect([...(await pairs())]).to.deep.equal([['after', 2]])
    })

    it('tells of a server that cannot be reached, and uses it when it can', async () => {
      await open(through())
      const { port } = proxy
      await proxy.close()
      expect(await kindOf(Entry.count())).to.equal('unreachable')
      proxy = await FailingWire.to(Number(direct.port || 5432), direct.hostname, port)
      expect(await Entry.count()).to.equal(0)
    })
  })
})
