import { describeEnums, enumSchema } from './enum_columns.ts'
import { headerFor, testMysql, testPostgres } from './test_database.ts'

describe('enums over columns, on PostgreSQL', () => {
  describeEnums(async () => {
    const server = process.env['TEST_POSTGRES_URL']
    return server === undefined ? undefined : testPostgres(headerFor('postgresql') + enumSchema, server)
  })
})

describe('enums over columns, on MySQL', () => {
  describeEnums(async () => {
    const server = process.env['TEST_MYSQL_URL']
    return server === undefined ? undefined : testMysql(headerFor('mysql') + enumSchema, server)
  })
})
