import { attackedModels, describeAttempts } from './injection_attempts.ts'
import { testPostgres } from './test_database.ts'

const postgres = `datasource db {
  provider = "postgresql"
}
generator client {
  provider = "prisma-client"
  output   = "generated/client"
}
`

describe('names and options from outside, on PostgreSQL', () => {
  describeAttempts(async () => {
    const server = process.env['TEST_POSTGRES_URL']
    return server === undefined ? undefined : testPostgres(postgres + attackedModels, server)
  })
})
