import { expect } from 'chai'
import { DatabaseJobOutbox } from '../../src/application/jobs/job_outbox.ts'
import type { Database, SchemaMetadata } from '../../src/model/index.ts'
import { testDatabase } from '../model/test_database.ts'
import { keepsJobsOfTransactions, outboxSchema } from './job_outbox_table.ts'

describe('an outbox of jobs', () => {
  describe('in SQLite', () => keepsJobsOfTransactions(() => testDatabase(outboxSchema('sqlite'))))

  it('needs its table, with its columns', () => {
    const metadata = (columns: string[]): SchemaMetadata => ({
      provider: 'sqlite',
      enums: [],
      models: [{ name: 'JobOutbox', table: 'job_outbox', fields: columns.map((column) => ({ column })) }] as never,
    })
    const open = (columns?: string[]) =>
      DatabaseJobOutbox.open({ dialect: 'sqlite' } as Database, columns && metadata(columns), undefined as never, undefined as never)
    expect(() => open()).to.throw("The database can't keep jobs until they are in the queue: there is no table job_outbox.")
    expect(() => open(['id', 'entry'])).to.throw('the table job_outbox has no column created_at')
    expect(open(['id', 'entry', 'created_at'])).to.be.instanceOf(DatabaseJobOutbox)
  })
})
