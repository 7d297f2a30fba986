import { expect } from 'chai'
import { openDatabase } from '../../adapters/prisma/index.ts'
import { bindModels, type Database } from '../../src/model/index.ts'
import type { TestDatabase } from '../model/test_database.ts'
import { FailingWire } from './failing_wire.ts'
import { Entry, kindOf, pairs, writePair, writeUnderFailure } from './paired_entries.ts'

/** Opens a database once more, with settings at the end of its URL, and binds the entries to it. */
export type OpenEntries = (url: URL, settings?: string) => Promise<Database>

/** A way to open the database of a test once more; what was opened is closed after each test, or before by `closeOpened`. */
export function openingEntries(test: () => TestDatabase): { open: OpenEntries; closeOpened: () => Promise<void> } {
  const opened: Database[] = []
  const closeOpened = async (): Promise<void> => {
    for (const database of opened.splice(0)) await database.close()
  }
  afterEach(closeOpened)
  return {
    closeOpened,
    open: async (url, settings = '') => {
      const database = await openDatabase({ root: '.', url: url.href + settings, metadata: test().metadata })
      opened.push(database)
      bindModels([Entry], database, test().metadata)
      return database
    },
  }
}

/** The tests of a server that is killed. */
export function survivesKills(server: () => { kill(): Promise<void>; restart(): Promise<void> }): void {
  it('leaves nothing half-committed when it is killed under load, and requests recover when it is back', async () => {
    const { written, kinds } = await writeUnderFailure(async () => {
      await server().kill()
      expect(await kindOf(Entry.count())).to.equal('unreachable')
      await server().restart()
    })
    expect(kinds).to.deep.equal(['unreachable'])
    const found = await pairs()
    expect([...found.values()].every((count) => count === 2)).to.equal(true)
    expect(written.filter((pair) => !found.has(pair))).to.deep.equal([])
  })
}

/** The tests of a server that ends the connection of a transaction.
 * @param end does it, inside of the transaction
 */
export function survivesEndedTransactions(end: () => Promise<unknown>): void {
  it('gives a transaction whose connection was ended its own error, and the next one a connection', async () => {
    const kind = await kindOf(
      Entry.transaction(async () => {
        await Entry.createOrThrow({ pair: 'cut' })
        await end()
        await Entry.createOrThrow({ pair: 'cut' })
      }),
    )
    expect(kind).to.equal('unreachable')
    await writePair('after')
    expect([...(await pairs())]).to.deep.equal([['after', 2]])
  })
}

/** The tests of the pool of connections to a server. */
export function sharesConnections(open: OpenEntries, direct: () => URL): void {
  it('says that no connection got free when all are in use for too long, and serves again when one is', async () => {
    await open(direct(), '?connection_limit=2&pool_timeout=1')
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
    await open(direct(), '?connection_limit=1&pool_timeout=20')
    await Promise.all([1, 2, 3, 4, 5].map((turn) => writePair(String(turn))))
    expect(await Entry.count()).to.equal(10)
  })

  it('refuses settings of the pool that are no numbers', async () => {
    const error: unknown = await open(direct(), '?connection_limit=many').catch((thrown: unknown) => thrown)
    expect(error).to.have.property('code', 'REGAUGE_DATABASE_URL')
    expect((error as Error).message).to.contain('connection_limit is a number from 1')
  })
}

/** The tests of a network between us and a server that fails. */
export function survivesNetwork(open: OpenEntries, direct: () => URL): void {
  describe('through a network that fails', () => {
    let wire: FailingWire
    // The URL of a PostgreSQL server that was there already may leave its port out.
    const wireTo = ({ port, hostname }: URL, at?: number) => FailingWire.to(Number(port || 5432), hostname, at)
    before(async () => {
      wire = await wireTo(direct())
    })
    after(() => wire?.close())

    const through = (): URL => Object.assign(direct(), { hostname: '127.0.0.1', port: String(wire.port) })

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
      wire = await wireTo(direct(), port)
      expect(await Entry.count()).to.equal(0)
    })
  })
}
