import { expect } from 'chai'
import pg from 'pg'
import {
  LockWaitTimeout,
  QueryAborted,
  QueryCanceled,
  SerializationFailure,
  StatementInvalid,
  StatementTimeout,
  TransactionRollbackError,
} from '../../src/errors/index.ts'
import { InvalidArgument, Rollback } from '../../src/model/index.ts'
import { rejection } from '../model/rejection.ts'
import { boundDatabase, headerFor, onMysql, type TestDatabase, testPostgres } from '../model/test_database.ts'
import { Entry, entrySchema, kindOf, pairs, writePair } from './paired_entries.ts'
import { openingEntries } from './server_failures.ts'
import { TransactionPool } from './transaction_pool.ts'

const postgres = process.env['TEST_POSTGRES_URL'] ?? 'postgresql://postgres@127.0.0.1:5432/postgres'

describe('what a PostgreSQL server lets its clients do', () => {
  let test: TestDatabase
  const { open, closeOpened } = openingEntries(() => test)
  const direct = () => new URL(test.url)
  before(async () => {
    test = await testPostgres(headerFor('postgresql') + entrySchema, postgres)
  })
  beforeEach(() => test.database.execute('delete from "Entry"', []))
  after(() => test.close())

  const options = (setting: string) => `?options=${encodeURIComponent(`-c ${setting}`)}`

  it('is cancelled by statement_timeout, and named so', async () => {
    await open(direct(), options('statement_timeout=100'))
    await Entry.createOrThrow({ pair: 'a' })
    const canceled = await rejection(Entry.where('pg_sleep(10) is not null').count(), QueryCanceled)
    expect(canceled).to.be.instanceOf(QueryAborted).and.have.property('code', 'REGAUGE_QUERY_CANCELED')
    expect(canceled).to.be.instanceOf(StatementInvalid)
    expect(canceled.message).to.equal('canceling statement due to statement timeout')
    expect(await Entry.count()).to.equal(1)
  })

  it('waits for a lock as long as lock_timeout says, or not at all', async () => {
    await open(direct(), options('lock_timeout=100'))
    const { id } = (await Entry.createOrThrow({ pair: 'a' })) as unknown as { id: number }
    const client = new pg.Client(test.url)
    await client.connect()
    try {
      await client.query('begin')
      await client.query('select * from "Entry" for update')
      const waited = await rejection(Entry.where({ id } as never).updateAll({ pair: 'b' } as never), LockWaitTimeout)
      expect(waited).to.be.instanceOf(StatementTimeout).and.have.property('code', 'REGAUGE_LOCK_WAIT_TIMEOUT')
      await rejection(Entry.lock('for update nowait').toArray(), LockWaitTimeout)
      expect(await Entry.lock('for update skip locked')).to.deep.equal([])
    } finally {
      await client.end()
    }
  })

  it('tells serialization failures from deadlocks', async () => {
    await open(direct())
    await Entry.createOrThrow({ pair: 'a' })
    const work = Entry.transaction(
      async () => {
        await Entry.count()
        await test.database.execute('update "Entry" set pair = \'b\'', [])
        await Entry.updateAll({ pair: 'c' } as never)
      },
      { isolation: 'repeatable read' },
    )
    expect(await rejection(work, SerializationFailure)).to.be.instanceOf(TransactionRollbackError)
  })

  it('refuses more connections than it has, and serves those that are there', async () => {
    const role = `limited_${process.pid}`
    await test.database.execute(`create role ${role} login connection limit 1`, [])
    try {
      await test.database.execute(`grant all on all tables in schema public to ${role}`, [])
      await test.database.execute(`grant all on all sequences in schema public to ${role}`, [])
      const limited = Object.assign(direct(), { username: role })
      const database = await open(limited, '?connection_limit=2')
      const seen = await Entry.transaction(async () => {
        await Entry.createOrThrow({ pair: 'a' })
        const refused = await kindAndReason(database.query('select 1', []))
        return [refused, await Entry.count()]
      })
      expect(seen).to.deep.equal([['unreachable', `too many connections for role "${role}"`], 1])
      expect(await Entry.count()).to.equal(1)
      await closeOpened()
    } finally {
      await test.database.execute(`drop owned by ${role}`, [])
      await test.database.execute(`drop role ${role}`, [])
    }
  })

  it('takes a question mark in SQL for what it is: an operator, a part of a text, or a place for a value', async () => {
    await open(direct())
    await Entry.createOrThrow([{ pair: '{"a": 1}' }, { pair: '{"b": "?"}' }] as never)
    const found = (...where: [string, ...unknown[]]) => Entry.where(...where).pluck('pair')
    expect(await found(`pair::jsonb ? 'a'`)).to.deep.equal(['{"a": 1}'])
    expect(await found(`pair::jsonb ?| array['b', 'c']`)).to.deep.equal(['{"b": "?"}'])
    expect(await found(`pair like '%"?"%'`)).to.deep.equal(['{"b": "?"}'])
    expect(await found(`pair like '%"?"%' and side = :side`, { side: 'left' })).to.deep.equal(['{"b": "?"}'])
    expect(() => Entry.where(`pair like '%?%' and side = ?`, 'left')).to.throw(InvalidArgument, 'wrong number of bind variables (1 for 2)')
    expect(await found(`pair::jsonb ? :key and side <> '?'`, { key: 'a' })).to.deep.equal(['{"a": 1}'])
    expect(await Entry.connection.selectValues(`select '{"a":1}'::jsonb ? 'a'`)).to.deep.equal([true])
  })

  describe('through a pooler in transaction mode', () => {
    let pool: TransactionPool
    before(async () => {
      pool = await TransactionPool.to(Number(direct().port || 5432), direct().hostname)
    })
    after(() => pool.close())
    const pooled = (): URL => Object.assign(direct(), { hostname: '127.0.0.1', port: String(pool.port) })

    it('finds nothing prepared where another connection has prepared it', async () => {
      await open(pooled(), '?connection_limit=1')
      const kinds = [await kindOf(Entry.count()), await kindOf(Entry.count()), await kindOf(Entry.count())]
      expect(kinds).to.include('other')
    })

    for (const setting of ['pgbouncer=true', 'prepared_statements=false'])
      it(`works with ${setting}, which prepares nothing`, async () => {
        await open(pooled(), `?connection_limit=1&${setting}`)
        for (const pair of ['a', 'b', 'c']) await writePair(pair)
        await Entry.transaction(async () => {
          await Entry.createOrThrow({ pair: 'kept' })
          await Entry.transaction(
            async () => {
              await Entry.createOrThrow({ pair: 'undone' })
              throw new Rollback()
            },
            { requiresNew: true },
          )
          await Entry.createOrThrow({ pair: 'kept' })
        })
        expect([...(await pairs()).values()]).to.deep.equal([2, 2, 2, 2])
        for (let turn = 0; turn < 4; turn++) expect(await Entry.where({ pair: 'a' }).count()).to.equal(2)
        expect(await Entry.connection.selectValue("select count(*) from pg_prepared_statements where name <> ''")).to.equal(0)
      })
  })
})

describe('what a MariaDB server lets its clients do', () => {
  const test = boundDatabase([Entry], () => onMysql(entrySchema))
  beforeEach(() => Entry.deleteAll())

  const endless = `select count(*) from ${['a', 'b', 'c'].map((name) => `information_schema.columns ${name}`).join()}`

  it('ends statements that take too long, and names them so', async () => {
    await Entry.transaction(async () => {
      await Entry.connection.execute('set session max_statement_time = 0.1')
      try {
        const error = await rejection(Entry.connection.selectValues(endless), StatementTimeout)
        expect(error).to.be.instanceOf(QueryAborted).and.have.property('code', 'REGAUGE_STATEMENT_TIMEOUT')
      } finally {
        await Entry.connection.execute('set session max_statement_time = 0')
      }
    })
  })

  it('waits for a lock as long as it is told', async () => {
    const entry = await Entry.createOrThrow({ pair: 'a' })
    await Entry.transaction(async () => {
      await entry.lock()
      const other = await test().database.begin()
      try {
        await other.execute('set session innodb_lock_wait_timeout = 1', [])
        const waiting = Promise.resolve(other.execute("update `Entry` set pair = 'b'", []))
        expect(await rejection(waiting, LockWaitTimeout)).to.have.property('code', 'REGAUGE_LOCK_WAIT_TIMEOUT')
        await other.execute('set session innodb_lock_wait_timeout = default', [])
      } finally {
        await other.rollback()
      }
    })
  })
})

async function kindAndReason(work: unknown): Promise<unknown[]> {
  const error = (await rejection(Promise.resolve(work), Error)) as Error & { details?: { kind: string; reason: string } }
  return [error.details?.kind, error.details?.reason]
}
