import { describeCompositeAssociations } from './composite_associations.ts'
import { shopSchema } from './composite_models.ts'
import { headerFor, testMysql, testPostgres } from './test_database.ts'

describe('associations by several columns, on PostgreSQL', () => {
  describeCompositeAssociations(async () => {
    const server = process.env['TEST_POSTGRES_URL']
    return server === undefined ? undefined : testPostgres(headerFor('postgresql') + shopSchema, server)
  })
})

describe('associations by several columns, on MySQL', () => {
  describeCompositeAssociations(async () => {
    const server = process.env['TEST_MYSQL_URL']
    return server === undefined ? undefined : testMysql(headerFor('mysql') + shopSchema, server)
  })
})
