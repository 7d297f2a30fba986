import { describeCompositeAssociations } from './composite_associations.ts'
import { describeCompositeConditions } from './composite_conditions.ts'
import { shopSchema } from './composite_models.ts'
import { headerFor, type TestDatabase, testMysql, testPostgres } from './test_database.ts'

const openPostgres = async (): Promise<TestDatabase | undefined> => {
  const server = process.env['TEST_POSTGRES_URL']
  return server === undefined ? undefined : testPostgres(headerFor('postgresql') + shopSchema, server)
}
const openMysql = async (): Promise<TestDatabase | undefined> => {
  const server = process.env['TEST_MYSQL_URL']
  return server === undefined ? undefined : testMysql(headerFor('mysql') + shopSchema, server)
}

describe('associations by several columns, on PostgreSQL', () => describeCompositeAssociations(openPostgres))
describe('associations by several columns, on MySQL', () => describeCompositeAssociations(openMysql))
describe('conditions on associations by several columns, on PostgreSQL', () => describeCompositeConditions(openPostgres))
describe('conditions on associations by several columns, on MySQL', () => describeCompositeConditions(openMysql))
