import { attackedModels, describeAttempts } from './injection_attempts.ts'
import { headerFor, testMysql, testPostgres } from './test_database.ts'

for (const [provider, called, variable, open] of [
  ['postgresql', 'PostgreSQL', 'TEST_POSTGRES_URL', testPostgres],
  ['mysql', 'MySQL', 'TEST_MYSQL_URL', testMysql],
] as const) {
  describe(`names and options from outside, on ${called}`, () => {
    describeAttempts(async () => {
      const server = process.env[variable]
      return server === undefined ? undefined : open(headerFor(provider) + attackedModels, server)
    })
  })
}
