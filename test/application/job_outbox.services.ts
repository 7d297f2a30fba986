import { testMysql, testPostgres } from '../model/test_database.ts'
import { keepsJobsOfTransactions, outboxSchema } from './job_outbox_table.ts'

describe('an outbox of jobs in PostgreSQL', () => {
  const server = process.env['TEST_POSTGRES_URL'] ?? 'postgresql://postgres@127.0.0.1:5432/postgres'
  keepsJobsOfTransactions(() => testPostgres(outboxSchema('postgresql'), server))
})

describe('an outbox of jobs in MySQL', () => {
  const server = process.env['TEST_MYSQL_URL'] ?? 'mysql://root@127.0.0.1:3306/mysql'
  keepsJobsOfTransactions(() => testMysql(outboxSchema('mysql', ' @db.LongText'), server))
})
