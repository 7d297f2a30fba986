import { expect } from 'chai'
import { openDatabase } from '../../adapters/prisma/index.ts'
import { bindModels, type Database } from '../../src/model/index.ts'
import { headerFor, type TestDatabase, testMysql } from '../model/test_database.ts'
import { FailingWire } from './failing_wire.ts'
import { MariaDbServer } from './mariadb_server.ts'
import { Entry, entrySchema, kindOf, pairs, writePair, writeUnderFailure } from './paired_entries.ts'

describe('a MariaDB server that fails', () => {
  let server: MariaDbServer | undefined
  let test: TestDatabase | undefined
  let database: Database
  let direct: URL
  const opened: Database[] = []

  before(async function () {
    this.timeout(60_000)
    server = await MariaDbServer.start()
    if (server === undefined) return this.skip()
    test = await testMysql(headerFor('mysql') + entrySchema, server.url)
    database = test.database
    direct = new URL(server.url)
    direct.pathname = `/${(await database.query('select database()', [])).rows[0]![0] as string}`
  })
  beforeEach(async () => {
    await database.execute('delete from Entry', [])
    bindModels([Entry], database, test!.metadata)
  })
  afterEach(async () => {
    for (const other of opened.splice(0)) await other.close()
  })
  after(async () => {
    await test?.close()
    await server?.remove()
  })

  async function open(url: URL, settings = ''): Promise<Database> {
    const other = await openDatabase({ root: '.', url: url.href + settings, metadata: test!.metadata })
    opened.push(other)
    bindModels([Entry], other, test!.metadata)
    return other
  }

  it('leaves nothing half-committed when it is killed under load, and requests recover when it is back', async function () {
    this.timeout(60_000)
    const { written, kinds } = await writeUnderFailure(async () => {
      await server!.kill()
      expect(await kindOf(Entry.count())).to.equal('unreachable')
      await server!.restart()
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
        const id = await Entry.connection.selectValue('select connection_id()')
        await database.execute(`kill connection ${Number(id)}`, [])
        await Entry.createOrThrow({ pair: 'cut' })
      }),
    )
    expect(kind).to.equal('unreachable')
    await writePair('after')
    expect([...(await pairs())]).to.deep.equal([['after', 2]])
  })

  it('says so when the connection ends before the commit', async () => {
    const kind = await kindOf(
      Entry.transaction(async () => {
        await Entry.createOrThrow({ pair: 'cut' })
        const id = await Entry.connection.selectValue('select connection_id()')
        await database.execute(`kill connection ${Number(id)}`, [])
      }),
    )
    expect(kind).to.equal('unreachable')
    expect(await Entry.count()).to.equal(0)
  })

  it('survives the end of connections that nobody uses', async () => {
    await Promise.all([1, 2, 3].map((turn) => writePair(`before-${turn}`)))
    const ids = await database.query(
      'select cast(id as char) from information_schema.processlist where id <> connection_id() and db = database()',
      [],
    )
    for (const [id] of ids.rows) await Promise.resolve(database.execute(`kill connection ${Number(id)}`, [])).catch(() => undefined)
    await Promise.all([1, 2, 3].map((turn) => writePair(`after-${turn}`)))
    expect(await Entry.count()).to.equal(12)
  })

  it('ends one of two transactions that wait for each other, which is tried again', async () => {
    const [a, b] = await Entry.createOrThrow([{ pair: 'a' }, { pair: 'b' }])
    const tries = [0, 0]
    let arrived = 0
    const release: (() => void)[] = []
    /** Both have locked their first row before either asks for its second. */
    const together = async (): Promise<void> => {
      if (++arrived === 2) for (const go of release) go()
      else if (arrived < 2) await new Promise<void>((resolve) => release.push(resolve))
    }
    const move = (place: 0 | 1, first: Entry, second: Entry, retries: number) =>
      Entry.transaction(
        async () => {
          tries[place]! += 1
          await Entry.where({ id: first['id'] as number }).updateAll({ side: `${place} first` })
          await together()
          await Entry.where({ id: second['id'] as number }).updateAll({ side: `${place} second` })
        },
        { retries },
      )
    await Promise.all([move(0, a!, b!, 3), move(1, b!, a!, 3)])
    expect(tries.toSorted()).to.deep.equal([1, 2])
    arrived = 0
    const kinds = await Promise.all([kindOf(move(0, a!, b!, 0)), kindOf(move(1, b!, a!, 0))])
    expect(kinds.filter((kind) => kind !== undefined)).to.deep.equal(['conflict'])
  })

  it('tells of a row that somebody else has locked for too long', async () => {
    const entry = await Entry.createOrThrow({ pair: 'locked' })
    const other = await open(direct)
    const holder = await database.begin()
    await holder.execute('update Entry set side = ? where id = ?', ['held', entry['id'] as number])
    expect(await kindOf(Entry.where({ pair: 'locked' }).updateAll({ side: 'mine' }))).to.equal('busy')
    await holder.rollback()
    expect(await kindOf(Entry.where({ pair: 'locked' }).updateAll({ side: 'mine' }))).to.equal(undefined)
    expect((await other.query('select side from Entry', [])).rows).to.deep.equal([['mine']])
  })

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

  it('says what is wrong with the URL: no server, another user, no such database', async () => {
    const failure = (changes: Partial<Pick<URL, 'port' | 'username' | 'password' | 'pathname'>>) =>
      open(Object.assign(new URL(direct), changes)).then(
        () => expect.fail('opened'),
        ({ message, details, hint }: { message: string; details: object; hint: string }) => ({ message, details, hint }),
      )
    const failures = [
      await failure({ port: '1' }),
      await failure({ username: 'nobody', password: 's3cret' }),
      await failure({ pathname: '/not_there' }),
    ]
    expect(failures.map(({ message }) => message.replace(/for user .*/, ''))).to.deep.equal([
      "The database server at 127.0.0.1:1 doesn't answer.",
      'Access denied ',
      "Unknown database 'not_there'",
    ])
    for (const { details, hint } of failures) {
      expect(details).to.include({ kind: 'unreachable' })
      expect(hint).to.include('DATABASE_URL')
    }
  })

  it('refuses settings of the pool that are no numbers', async () => {
    const error: unknown = await open(direct, '?connection_limit=many').catch((thrown: unknown) => thrown)
    expect(error).to.have.property('code', 'REGAUGE_DATABASE_URL')
  })

  describe('behind a network that fails', () => {
    let wire: FailingWire
    before(async () => {
      wire = await FailingWire.to(Number(direct.port), direct.hostname)
    })
    after(() => wire?.close())

    const through = (): URL => Object.assign(new URL(direct), { port: String(wire.port) })

    it('rolls back what was open when the connection is cut, and connects anew', async () => {
      await open(through())
      const kind = await kindOf(
        Entry.transaction(async () => {
          await Entry.createOrThrow({ pair: 'cut' })
          wire.cut()
          await Entry.createOrThrow({ pair: 'cut' })
        }),
      )
      expect(kind).to.equal('unreachable')
      await writePair('after')
      expect([...(await pairs())]).to.deep.equal([['after', 2]])
    })

    it('tells of a server that cannot be reached, and uses it when it can', async () => {
      await open(through())
      const { port } = wire
      await wire.close()
      expect(await kindOf(Entry.count())).to.equal('unreachable')
      wire = await FailingWire.to(Number(direct.port), direct.hostname, port)
      expect(await Entry.count()).to.equal(0)
    })
  })
})
