import { describeExpressionAttempts, expressedModels } from './expression_attempts.ts'
import { headerFor, testMysql, testPostgres } from './test_database.ts'

for (const [provider, called, variable, open] of [
  ['postgresql', 'PostgreSQL', 'TEST_POSTGRES_URL', testPostgres],
  ['mysql', 'MySQL', 'TEST_MYSQL_URL', testMysql],
] as const) {
  describe(`expressions with values from outside, on ${called}`, () => {
    describeExpressionAttempts(async () => {
      const server = process.env[variable]
      return server === undefined ? undefined : open(headerFor(provider) + expressedModels, server)
    })
  })
}
