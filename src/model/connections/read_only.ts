import type { Changes, ResultSet } from '../database.ts'
import { WriteRefused } from '../errors.ts'
import type { Connection } from '../sql_events.ts'

/** A connection that refuses statements that write, whatever the database behind it would do. */
export function readingOnly(connection: Connection): Connection {
  return {
    query: (sql, args) => refusingWrites(sql, () => connection.query(sql, args)),
    execute: (sql, args) => refusingWrites(sql, () => connection.execute(sql, args)),
  }
}

function refusingWrites<T extends ResultSet | Changes>(sql: string, run: () => T | Promise<T>): T | Promise<T> {
  if (isRead(sql)) return run()
  throw new WriteRefused({ sql })
}

const reads =
  /^(?:begin|close|commit|declare|desc|describe|explain|fetch|move|pragma|release|rollback|savepoint|select|set|show|use|values|with)\b/i
const writes = /\b(?:insert|update|delete|merge|replace|truncate|create|alter|drop)\b/i

/** Whether a statement only reads, judged by its first word; one that begins with `with` or `explain` may write further on. */
export function isRead(sql: string): boolean {
  const text = withoutComments(sql)
  if (!reads.test(text)) return false
  return !/^(?:with|explain)\b/i.test(text) || !writes.test(withoutQuoted(text))
}

function withoutComments(sql: string): string {
  let text = sql.trimStart()
  for (;;) {
    const end = text.startsWith('--') ? text.indexOf('\n') : text.startsWith('/*') ? text.indexOf('*/') + 1 : undefined
    if (end === undefined) break
    if (end <= 0) return ''
    text = text.slice(end + 1).trimStart()
  }
  return text.replace(/^[(\s]+/, '')
}

function withoutQuoted(sql: string): string {
  return sql.replace(/'[^']*'|"[^"]*"|`[^`]*`/g, "''")
}
