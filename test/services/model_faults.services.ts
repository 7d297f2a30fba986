import { expect } from 'chai'
import { boundDatabase, headerFor, type TestDatabase, testPostgres } from '../model/test_database.ts'
import { Entry, entrySchema, writePair } from './paired_entries.ts'
import { PostgresCluster } from './postgres_cluster.ts'
import { openingEntries, sharesConnections, survivesEndedTransactions, survivesKills, survivesNetwork } from './server_failures.ts'

const schema = headerFor('postgresql') + entrySchema

describe('a PostgreSQL server that fails', () => {
  let cluster: PostgresCluster | undefined
  const test = boundDatabase([Entry], async () => {
    cluster = await PostgresCluster.start()
    return cluster === undefined ? undefined : testPostgres(schema, cluster.url)
  })
  beforeEach(() => Entry.deleteAll())
  after(() => cluster?.remove())

  survivesKills(() => cluster!)
  survivesEndedTransactions(async () => {
    const pid = await Entry.connection.selectValue('select pg_backend_pid()')
    await test().database.query('select pg_terminate_backend($1::int)', [pid])
  })

  const turns = Array.from({ length: 9 }, (_, turn) => turn)

  it('survives the end of connections that nobody uses', async () => {
    await Promise.all(turns.map((turn) => writePair(`before-${turn}`)))
    await test().database.query(
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
  const { open } = openingEntries(() => test)
  const direct = () => new URL(test.url)
  before(async () => {
    test = await testPostgres(schema, server)
  })
  beforeEach(() => test.database.execute('delete from "Entry"', []))
  after(() => test.close())

  sharesConnections(open, direct)

  it('keeps a bounded number of statements prepared, however many are asked', async () => {
    await open(direct(), '?connection_limit=1')
    for (let size = 2; size < 700; size++) await Entry.where({ id: Array.from({ length: size }, (_, index) => index) }).toArray()
    const prepared = await Entry.connection.selectValue('select count(*) from pg_prepared_statements')
    expect(Number(prepared)).to.be.within(100, 500)
  })

  survivesNetwork(open, direct)
})
