import { describeSchemaChanges } from './schema_changes.ts'

describe('Changes of the schema on SQLite', () => {
  describeSchemaChanges('sqlite', () => 'file:storage/test.sqlite3')
})
