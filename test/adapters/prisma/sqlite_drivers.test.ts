import { expect } from 'chai'
import { spawnSync } from 'node:child_process'
import type { SqliteDriver, SqliteHandle } from '../../../adapters/prisma/sqlite/driver.ts'
import { sqliteDriver } from '../../../adapters/prisma/sqlite/drivers.ts'
import { resultCode } from '../../../adapters/prisma/sqlite/failures.ts'
import { libsql } from '../../../adapters/prisma/sqlite/libsql.ts'
import { nodeSqlite } from '../../../adapters/prisma/sqlite/node_sqlite.ts'
import { buildScript } from '../../application/built_program.ts'

describe('SQLite drivers', () => {
  it('choose node:sqlite where it exists, else libsql', () => {
    expect(sqliteDriver().name).to.equal(nodeSqlite() === undefined ? 'libsql' : 'node:sqlite')
  })

  it('silence the warning that SQLite is experimental, and no other', () => {
    const script = `
      import { sqliteDriver } from './adapters/prisma/sqlite/drivers.ts'
      sqliteDriver().open(':memory:', 0).close()
      process.emitWarning('the other warning')`
    const { stderr } = spawnSync(process.execPath, [buildScript(script)], { encoding: 'utf8' })
    expect(stderr).to.include('the other warning').and.not.include('SQLite')
  })

  for (const driver of [nodeSqlite(), libsql()]) {
    if (driver !== undefined) describe(driver.name, () => behavesAsADriver(driver))
  }
})

function behavesAsADriver(driver: SqliteDriver): void {
  let handle: SqliteHandle
  beforeEach(() => {
    handle = driver.open(':memory:', 0)
    handle.exec('CREATE TABLE things (id INTEGER PRIMARY KEY, wide BIGINT, name TEXT UNIQUE, raw BLOB, real REAL)')
  })
  afterEach(() => handle.close())

  const insert = (...values: (string | number | bigint | null | Uint8Array)[]) =>
    handle.prepare('INSERT INTO things (wide, name, raw, real) VALUES (?, ?, ?, ?)').run(values)

  it('answers rows by column position, also when names are the same', () => {
    const statement = handle.prepare('SELECT 1 AS a, 2 AS a')
    expect(statement.columns).to.deep.equal(['a', 'a'])
    expect(statement.all([])).to.deep.equal([[1, 2]])
  })

  it('knows the declared types of columns', () => {
    expect(handle.prepare('SELECT id, wide, count(*) FROM things').declaredTypes).to.deep.equal(['INTEGER', 'BIGINT', null])
  })

  it('answers how many rows changed and the new key', () => {
    expect(insert(1, 'a', null, null)).to.include({ affected: 1, insertId: 1 })
    expect(insert(1, 'b', null, null)).to.include({ affected: 1, insertId: 2 })
  })

  it('keeps integers of 64 bits whole', () => {
    insert(9007199254740993n, 'a', null, null)
    expect(handle.prepare('SELECT id, wide FROM things').all([])).to.deep.equal([[1, 9007199254740993n]])
    expect(handle.prepare('SELECT 9007199254740993, 7').all([])).to.deep.equal([[9007199254740993n, 7]])
  })

  it('stores and reads text, bytes, reals and null', () => {
    insert(null, 'Zoë ☃', new Uint8Array([0, 255]), 1.5)
    const [row] = handle.prepare('SELECT wide, name, raw, real FROM things').all([])
    expect([row![0], row![1], [...(row![2] as Uint8Array)], row![3]]).to.deep.equal([null, 'Zoë ☃', [0, 255], 1.5])
  })

  it('answers rows of a statement that writes', () => {
    const statement = handle.prepare("INSERT INTO things (name) VALUES ('a'), ('b') RETURNING id")
    expect(statement.all([])).to.deep.equal([[1], [2]])
  })

  it('reuses a statement after it failed', () => {
    const statement = handle.prepare('INSERT INTO things (name) VALUES (?)')
    statement.run(['a'])
    expect(() => statement.run(['a'])).to.throw('UNIQUE constraint failed: things.name')
    expect(statement.run(['b']).affected).to.equal(1)
  })

  it("tells SQLite's extended result code", () => {
    insert(1, 'a', null, null)
    try {
      insert(1, 'a', null, null)
      expect.fail('expected an error')
    } catch (error) {
      expect(resultCode(error)).to.equal(2067)
    }
  })

  it('knows whether a transaction is open', () => {
    expect(handle.inTransaction).to.equal(false)
    handle.exec('BEGIN')
    expect(handle.inTransaction).to.equal(true)
  })
}
