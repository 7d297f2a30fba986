import { testPostgres } from '../model/test_database.ts'
import { keepsJobsOfTransactions, outboxSchema } from './job_outbox_table.ts'

describe('an outbox of jobs in PostgreSQL', () => {
  const server = process.env['TEST_POSTGRES_URL'] ?? 'postgresql://postgres@127.0.0.1:5432/postgres'
  keepsJobsOfTransactions(() => testPostgres(outboxSchema('postgresql'), server))
})
