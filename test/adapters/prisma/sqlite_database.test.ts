import { expect } from 'chai'
import { bindable } from '../../../adapters/prisma/sqlite/arguments.ts'
import { SqliteDatabase } from '../../../adapters/prisma/sqlite/index.ts'
import type { ResultSet } from '../../../src/model/index.ts'
import { NO_MODELS, rejectionOf, TemporaryApplication } from './application.ts'

describe('A SQLite database', () => {
  const application = new TemporaryApplication()
  let database: SqliteDatabase
  let files = 0
  after(() => application.remove())

  beforeEach(() => {
    database = open(application.path(`${files++}.sqlite3`))
    database.execute('CREATE TABLE users (id INTEGER PRIMARY KEY, email TEXT NOT NULL UNIQUE, age INTEGER CHECK (age > 0))', [])
    database.execute('CREATE TABLE posts (id INTEGER PRIMARY KEY, user_id INTEGER NOT NULL REFERENCES users (id) ON DELETE RESTRICT)', [])
  })
  afterEach(() => database.close())

  const open = (file: string) => new SqliteDatabase(file, { metadata: NO_MODELS, client: { folder: '' }, create: true, patience: 200 })
  const emails = async () => (await database.query('SELECT email FROM users ORDER BY id', [])).rows.map(([email]) => email)
  const addUser = (email: string) => database.execute('INSERT INTO users (email) VALUES (?)', [email])

  describe('statements', () => {
    it('answer synchronously while no transaction is open', () => {
      expect(addUser('ann')).to.include({ affected: 1, insertId: 1 })
      expect((database.query('SELECT id, email FROM users', []) as ResultSet).rows).to.deep.equal([[1, 'ann']])
    })

    it('take booleans and dates', () => {
      const { rows } = database.query('SELECT ?, ?', [true, new Date(0)]) as ResultSet
      expect(rows).to.deep.equal([[1, '1970-01-01T00:00:00.000+00:00']])
    })

    it('refuse values that SQLite has no type for, before they reach the driver', () => {
      expect(() => bindable([1, {}], 'SELECT ?')).to.throw("Argument 2 of the statement can't be bound: a value of type Object")
      expect(() => bindable([undefined], 'SELECT ?')).to.throw('undefined')
      expect(() => bindable([2n ** 64n], 'SELECT ?')).to.throw("doesn't fit in 64 bits")
    })

    it('runs in WAL mode with foreign keys on', () => {
      expect((database.query('PRAGMA journal_mode', []) as ResultSet).rows).to.deep.equal([['wal']])
      expect((database.query('PRAGMA foreign_keys', []) as ResultSet).rows).to.deep.equal([[1]])
    })

    it('keep working when thousands of different ones pass by', () => {
      for (let index = 0; index < 2_500; index++) database.query(`SELECT ${index}`, [])
      expect((database.query('SELECT 1', []) as ResultSet).rows).to.deep.equal([[1]])
    })
  })

  describe('refusals', () => {
    const refusals: [string, string, unknown[], Record<string, unknown>][] = [
      ['a duplicate key', 'INSERT INTO users (email) VALUES (?)', ['ann'], { kind: 'unique', table: 'users', columns: ['email'] }],
      ['a missing value', 'INSERT INTO users (email) VALUES (?)', [null], { kind: 'not_null', table: 'users', columns: ['email'] }],
      ['a missing parent', 'INSERT INTO posts (user_id) VALUES (?)', [99], { kind: 'foreign_key' }],
      ['children that are left', 'DELETE FROM users WHERE id = ?', [1], { kind: 'foreign_key' }],
      ['a failed check', 'UPDATE users SET age = ?', [-1], { kind: 'check' }],
      ['an unknown table', 'INSERT INTO nobody (id) VALUES (?)', [1], { kind: 'no_table', table: 'nobody' }],
      ['an unknown column', 'INSERT INTO users (nope) VALUES (?)', [1], { kind: 'no_column' }],
      ['broken SQL', 'INSERT users', [], { kind: 'other' }],
    ]
    for (const [name, sql, args, details] of refusals) {
      it(`tell ${name}`, async () => {
        addUser('ann')
        database.execute('INSERT INTO posts (user_id) VALUES (1)', [])
        const error = await rejectionOf(() => database.execute(sql, args as string[]))
        expect(error.code).to.equal('REGAUGE_DATABASE_ERROR')
        expect(error.details).to.deep.include({ ...details, sql })
      })
    }
  })

  describe('transactions', () => {
    it('keep what was written when they commit, and nothing when they roll back', async () => {
      const first = await database.begin()
      await first.execute('INSERT INTO users (email) VALUES (?)', ['ann'])
      await first.commit()
      const second = await database.begin()
      await second.execute('INSERT INTO users (email) VALUES (?)', ['bob'])
      await second.rollback()
      expect(await emails()).to.deep.equal(['ann'])
    })

    it('are not seen, and not joined, by reads from outside', async () => {
      addUser('ann')
      const transaction = await database.begin()
      await transaction.execute('INSERT INTO users (email) VALUES (?)', ['bob'])
      expect(await emails()).to.deep.equal(['ann'])
      expect((await transaction.query('SELECT count(*) FROM users', [])).rows).to.deep.equal([[2]])
      await transaction.commit()
      expect(await emails()).to.deep.equal(['ann', 'bob'])
    })

    it('make writes from outside wait, in the order in which they came', async () => {
      const transaction = await database.begin()
      const waiting = ['b', 'c', 'd'].map((email) => addUser(email))
      await transaction.execute('INSERT INTO users (email) VALUES (?)', ['a'])
      await transaction.rollback()
      await Promise.all(waiting)
      expect(await emails()).to.deep.equal(['b', 'c', 'd'])
    })

    it('make queries that write wait too', async () => {
      const transaction = await database.begin()
      const inserted = database.query("INSERT INTO users (email) VALUES ('a') RETURNING id", [])
      const throughWith = database.query(
        "WITH new (email) AS (VALUES ('b')) INSERT INTO users (email) SELECT email FROM new RETURNING email",
        [],
      )
      expect(inserted).to.be.a('promise')
      await transaction.commit()
      expect((await inserted).rows).to.deep.equal([[1]])
      expect((await throughWith).rows).to.deep.equal([['b']])
    })

    it('run one after the other', async () => {
      const order: string[] = []
      const run = async (name: string) => {
        const transaction = await database.begin()
        order.push(`${name} begins`)
        await transaction.execute('INSERT INTO users (email) VALUES (?)', [name])
        order.push(`${name} ends`)
        await transaction.commit()
      }
      await Promise.all([run('a'), run('b'), run('c')])
      expect(order).to.deep.equal(['a begins', 'a ends', 'b begins', 'b ends', 'c begins', 'c ends'])
    })

    it('let nobody wait forever', async () => {
      const transaction = await database.begin()
      const error = await rejectionOf(Promise.resolve(addUser('late')))
      expect(error.code).to.equal('REGAUGE_TRANSACTION_WAIT')
      await transaction.rollback()
      addUser('next')
      expect(await emails()).to.deep.equal(['next'])
    })

    it('nest through savepoints', async () => {
      const transaction = await database.begin()
      await transaction.execute('INSERT INTO users (email) VALUES (?)', ['a'])
      await transaction.savepoint('sp"1')
      await transaction.execute('INSERT INTO users (email) VALUES (?)', ['b'])
      await transaction.rollbackToSavepoint('sp"1')
      await transaction.releaseSavepoint('sp"1')
      await transaction.commit()
      expect(await emails()).to.deep.equal(['a'])
    })

    it('go on after a statement was refused', async () => {
      addUser('ann')
      const transaction = await database.begin()
      await rejectionOf(() => transaction.execute('INSERT INTO users (email) VALUES (?)', ['ann']))
      await transaction.execute('INSERT INTO users (email) VALUES (?)', ['bob'])
      await transaction.commit()
      expect(await emails()).to.deep.equal(['ann', 'bob'])
    })

    it('refuse statements after they are over', async () => {
      const transaction = await database.begin()
      await transaction.commit()
      expect((await rejectionOf(() => transaction.query('SELECT 1', []))).code).to.equal('REGAUGE_TRANSACTION_OVER')
      expect((await rejectionOf(transaction.commit())).code).to.equal('REGAUGE_TRANSACTION_OVER')
    })

    it('are rolled back when the database closes and they do not end', async () => {
      const file = application.path('closing.sqlite3')
      const closing = open(file)
      closing.execute('CREATE TABLE t (a)', [])
      await (await closing.begin()).execute('INSERT INTO t VALUES (1)', [])
      await closing.close()
      await closing.close()
      const reopened = open(file)
      reopened.execute('DELETE FROM t', [])
      expect((await reopened.query('SELECT count(*) FROM t', [])).rows).to.deep.equal([[0]])
      await reopened.close()
    })

    it('wait for another process that writes, without blocking this one', async () => {
      const other = open(application.path(`${files - 1}.sqlite3`))
      const theirs = await other.begin()
      const written = addUser('ann')
      expect(written).to.be.a('promise')
      await theirs.commit()
      expect(await written).to.include({ affected: 1 })
      await other.close()
    })

    it('give up when another process writes for too long', async () => {
      const other = open(application.path(`${files - 1}.sqlite3`))
      const theirs = await other.begin()
      expect((await rejectionOf(database.begin())).details).to.include({ kind: 'busy' })
      await theirs.commit()
      await other.close()
      await (await database.begin()).rollback()
    })
  })

  describe('in memory', () => {
    it('makes everything outside of the transaction wait', async () => {
      const memory = open(':memory:')
      memory.execute('CREATE TABLE t (a)', [])
      const transaction = await memory.begin()
      const outside = memory.query('SELECT count(*) FROM t', [])
      await transaction.execute('INSERT INTO t VALUES (1)', [])
      await transaction.commit()
      expect((await outside).rows).to.deep.equal([[1]])
      await memory.close()
    })
  })
})
