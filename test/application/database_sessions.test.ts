import { expect } from 'chai'
import { DatabaseSessionStore } from '../../src/application/database/database_session_store.ts'
import type { Database, SchemaMetadata } from '../../src/model/index.ts'
import { keepsSessionsInATable } from './session_table.ts'

describe('a table of sessions', () => {
  describe('in SQLite', () => keepsSessionsInATable('sqlite', 'file:sessions.sqlite3'))

  it('must be there, with its columns', () => {
    const metadata = (columns: string[]): SchemaMetadata => ({
      provider: 'sqlite',
      enums: [],
      models: [{ name: 'Session', table: 'sessions', fields: columns.map((column) => ({ column })) }] as never,
    })
    const database = { dialect: 'sqlite' } as Database
    expect(() => DatabaseSessionStore.open(undefined, undefined)).to.throw("The database can't keep sessions: there is no table sessions.")
    expect(() => DatabaseSessionStore.open(database, metadata(['session_id']))).to.throw('the table sessions has no column data')
    expect(DatabaseSessionStore.open(database, metadata(['session_id', 'data'])).isAsynchronous).to.equal(true)
  })
})
