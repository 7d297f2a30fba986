import { arelModels, describeArel } from './arel_expressions.ts'
import { headerFor, testMysql, testPostgres } from './test_database.ts'

describe('Arel on PostgreSQL', () =>
  describeArel(async () => {
    const server = process.env['TEST_POSTGRES_URL']
    return server === undefined ? undefined : testPostgres(headerFor('postgresql') + arelModels, server)
  }))

describe('Arel on MySQL', () =>
  describeArel(async () => {
    const server = process.env['TEST_MYSQL_URL']
    return server === undefined ? undefined : testMysql(headerFor('mysql') + arelModels, server)
  }))
