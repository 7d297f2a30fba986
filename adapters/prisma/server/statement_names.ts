import { createHash } from 'node:crypto'

/** Names the statements that a server should keep prepared: PostgreSQL then plans each once a connection, which doubles the rate of small queries.
 * Only the first `limit` texts get a name, since nothing ever frees them on the server.
 */
export function statementNames(limit = 500): (query: { sql: string }) => string | undefined {
  const names = new Map<string, string>()
  return ({ sql }) => {
    const known = names.get(sql)
    if (known !== undefined || names.size >= limit || sql.length > longest) return known
    const name = `r_${createHash('sha1').update(sql).digest('base64url')}`
    names.set(sql, name)
    return name
  }
}

/** Statements with long lists of values hardly come again. */
const longest = 8_000
