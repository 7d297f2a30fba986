import { expect } from 'chai'
import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net'
import { openDatabase } from '../../adapters/prisma/index.ts'
import { type DatabaseFailure, RegaugeError } from '../../src/errors/index.ts'
import { bindModels, type Database, modelOf } from '../../src/model/index.ts'
import { type TestDatabase, testPostgres } from '../model/test_database.ts'
import { PostgresCluster } from './postgres_cluster.ts'

const schema = `
datasource db {
  provider = "postgresql"
}
generator client {
  provider = "prisma-client"
  output   = "generated/client"
}
model Entry {
  id   Int    @id @default(autoincrement())
  pair String
  side String @default("left")
}
`

class Entry extends modelOf<{}>()('Entry') {
  declare pair: string
}

/** Two rows that are written together or not at all. */
async function writePair(pair: string): Promise<void> {
  await Entry.transaction(async () => {
    await Entry.createOrThrow({ pair, side: 'left' })
    await Entry.createOrThrow({ pair, side: 'right' })
  })
}

async function pairs(): Promise<Map<unknown, unknown>> {
  return Entry.group('pair').count() as unknown as Promise<Map<unknown, unknown>>
}

async function kindOf(work: Promise<unknown>): Promise<string | undefined> {
  const error: unknown = await work.then(
    () => undefined,
    (thrown: unknown) => thrown,
  )
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    const kind = cause instanceof RegaugeError ? (cause.details as Partial<DatabaseFailure>).kind : undefined
    if (kind !== undefined) return kind
  }
  return error === undefined ? undefined : String(error)
}

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
    let isBack = false
    const written: string[] = []
    const kinds = new Set<string | undefined>()
    let begun = (): void => {}
    const underLoad = new Promise<void>((resolve) => {
      begun = resolve
    })
    /** Writes until it has succeeded after the restart. */
    const client = async (name: number): Promise<void> => {
      for (let turn = 0; ; turn++) {
        const pair = `${name}-${turn}`
        const wasBack = isBack
        const kind = await kindOf(writePair(pair))
        if (kind === undefined) written.push(pair)
        else kinds.add(kind)
        if (written.length > 20) begun()
        if (kind === undefined && wasBack) return
        if (kind !== undefined) await new Promise((resolve) => setTimeout(resolve, 20))
      }
    }
    const clients = [1, 2, 3, 4, 5, 6, 7, 8].map(client)
    await underLoad
    await cluster!.kill()
    expect(await kindOf(Entry.count())).to.equal('unreachable')
    await cluster!.restart()
    isBack = true
    await Promise.all(clients)
    expect([...kinds]).to.deep.equal(['unreachable'])
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

  it('survives the end of connections that nobody uses', async () => {
    await Promise.all([1, 2, 3].map((turn) => writePair(`before-${turn}`)))
    await database.query(
      'select pg_terminate_backend(pid) from pg_stat_activity where pid <> pg_backend_pid() and datname = current_database()',
      [],
    )
    await Promise.all([1, 2, 3].map((turn) => writePair(`after-${turn}`)))
    expect(await Entry.count()).to.equal(12)
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
    let proxy: Wire
    before(async () => {
      proxy = await Wire.to(Number(direct.port || 5432), direct.hostname)
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
      proxy = await Wire.to(Number(direct.port || 5432), direct.hostname, port)
      expect(await Entry.count()).to.equal(0)
    })
  })
})

/** Hands bytes on until it is told to cut the wires. */
class Wire {
  readonly port: number
  readonly #server: Server
  readonly #sockets: Set<Socket>

  private constructor(server: Server, sockets: Set<Socket>) {
    this.port = (server.address() as AddressInfo).port
    this.#server = server
    this.#sockets = sockets
  }

  static async to(port: number, host: string, at = 0): Promise<Wire> {
    const sockets = new Set<Socket>()
    const server = createServer((near) => {
      const far = connect({ port, host })
      for (const [from, to] of [
        [near, far],
        [far, near],
      ] as const) {
        sockets.add(from)
        from.pipe(to)
        from.on('error', () => to.destroy())
        from.on('close', () => sockets.delete(from) && to.destroy())
      }
    })
    server.listen(at, '127.0.0.1')
    await once(server, 'listening')
    return new Wire(server, sockets)
  }

  cut(): void {
    for (const socket of this.#sockets) socket.resetAndDestroy()
  }

  async close(): Promise<void> {
    this.cut()
    await new Promise((resolve) => this.#server.close(resolve))
  }
}
