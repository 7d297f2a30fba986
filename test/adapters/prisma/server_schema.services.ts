import { describeSchemaChanges } from './schema_changes.ts'

/** A database of our own on the server that a URL names. */
function ownDatabase(url: string): string {
  const own = new URL(url)
  own.pathname = `/regauge_changes_${process.pid}`
  return own.href
}

for (const [provider, name, variable] of [
  ['postgresql', 'PostgreSQL', 'TEST_POSTGRES_URL'],
  ['mysql', 'MySQL', 'TEST_MYSQL_URL'],
] as const) {
  describe(`Changes of the schema on ${name}`, () => {
    before(function () {
      if (process.env[variable] === undefined) this.skip()
    })
    describeSchemaChanges(provider, () => ownDatabase(process.env[variable]!))
  })
}
