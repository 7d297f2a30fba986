import pg from 'pg'
import { keepsSessionsInATable } from './session_table.ts'

const server = process.env['DATABASE_SERVER'] ?? 'postgresql://postgres@127.0.0.1:5432'
const name = `regauge_sessions_${process.pid}`

async function asAdministrator(statement: string): Promise<void> {
  const client = new pg.Client(`${server}/postgres`)
  await client.connect()
  await client.query(statement)
  await client.end()
}

describe('a table of sessions in PostgreSQL', () => {
  before(() => asAdministrator(`CREATE DATABASE ${name}`))
  describe('that is there', () => keepsSessionsInATable('postgresql', `${server}/${name}`))
  after(() => asAdministrator(`DROP DATABASE ${name} WITH (FORCE)`))
})
