import { expect } from 'chai'
import { bindModels } from '../../src/model/index.ts'
import { boundDatabase, headerFor, testMysql } from '../model/test_database.ts'
import { MariaDbServer } from './mariadb_server.ts'
import { Entry, entrySchema, kindOf, writePair } from './paired_entries.ts'
import { openingEntries, sharesConnections, survivesEndedTransactions, survivesKills, survivesNetwork } from './server_failures.ts'

describe('a MariaDB server that fails', () => {
  let server: MariaDbServer | undefined
  const test = boundDatabase([Entry], async () => {
    server = await MariaDbServer.start()
    return server === undefined ? undefined : testMysql(headerFor('mysql') + entrySchema, server.url)
  })
  const { open } = openingEntries(test)
  const direct = () => new URL(test().url)
  beforeEach(async () => {
    await test().database.execute('delete from Entry', [])
    bindModels([Entry], test().database, test().metadata)
  })
  after(() => server?.remove())

  const endConnection = async () => {
    const id = await Entry.connection.selectValue('select connection_id()')
    await test().database.execute(`kill connection ${Number(id)}`, [])
  }
  survivesKills(() => server!)
  survivesEndedTransactions(endConnection)

  it('says so when the connection ends before the commit', async () => {
    const kind = await kindOf(
      Entry.transaction(async () => {
        await Entry.createOrThrow({ pair: 'cut' })
        await endConnection()
      }),
    )
    expect(kind).to.equal('unreachable')
    expect(await Entry.count()).to.equal(0)
  })

  it('survives the end of connections that nobody uses', async () => {
    await Promise.all([1, 2, 3].map((turn) => writePair(`before-${turn}`)))
    const ids = await test().database.query(
      'select cast(id as char) from information_schema.processlist where id <> connection_id() and db = database()',
      [],
    )
    for (const [id] of ids.rows) await Promise.resolve(test().database.execute(`kill connection ${Number(id)}`, [])).catch(() => undefined)
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
    const other = await open(direct())
    const holder = await test().database.begin()
    await holder.execute('update Entry set side = ? where id = ?', ['held', entry['id'] as number])
    expect(await kindOf(Entry.where({ pair: 'locked' }).updateAll({ side: 'mine' }))).to.equal('busy')
    await holder.rollback()
    expect(await kindOf(Entry.where({ pair: 'locked' }).updateAll({ side: 'mine' }))).to.equal(undefined)
    expect((await other.query('select side from Entry', [])).rows).to.deep.equal([['mine']])
  })

  sharesConnections(open, direct)

  it('says what is wrong with the URL: no server, another user, no such database', async () => {
    const failure = (changes: Partial<Pick<URL, 'port' | 'username' | 'password' | 'pathname'>>) =>
      open(Object.assign(direct(), changes)).then(
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

  survivesNetwork(open, direct)
})
