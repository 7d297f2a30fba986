/** What each placeholder of a statement stands for: the column it is compared with or written to, `LIMIT`, `OFFSET`; undefined where that can't be told.
 *
 * For logs, which must know what to leave out: read from the text, which was made of identifiers in quotes.
 * @example namesOfBinds('select * from "users" where "users"."email" = ? limit ?') // ['email', 'LIMIT']
 */
export function namesOfBinds(sql: string): readonly (string | undefined)[] {
  const names: (string | undefined)[] = []
  const columns = insertedColumns(sql)
  let last: string | undefined
  for (const [token, identifier] of sql.matchAll(tokens)) {
    if (identifier !== undefined) last = identifier.replaceAll(/^["`]|["`]$/g, '')
    else if (token === '?' || token.startsWith('$')) names.push(columns === undefined ? last : columns[names.length % columns.length])
    else if (/^(?:limit|offset)$/i.test(token)) last = token.toUpperCase()
  }
  return names
}

const tokens = /'(?:[^']|'')*'|("(?:[^"]|"")*"|`(?:[^`]|``)*`)|\?|\$\d+|\b(?:limit|offset)\b/gi

function insertedColumns(sql: string): string[] | undefined {
  const list = /^\s*insert\s+into\s+(?:"[^"]*"|`[^`]*`|\.)+\s*\(([^)]*)\)/i.exec(sql)?.[1]
  return list?.split(',').map((name) => name.trim().replaceAll(/^["`]|["`]$/g, ''))
}
