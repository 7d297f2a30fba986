import type { DatabaseFailure, DatabaseFailureKind } from '../../../src/errors/index.ts'
import { DatabaseError } from '../errors.ts'

/** SQLite's result codes (https://www.sqlite.org/rescode.html) that callers tell apart. */
export const SQLITE = { BUSY: 5, LOCKED: 6, READONLY: 8, CANTOPEN: 14, NOTADB: 26 } as const

const KINDS: Readonly<Record<number, DatabaseFailureKind>> = {
  2067: 'unique', // CONSTRAINT_UNIQUE
  1555: 'unique', // CONSTRAINT_PRIMARYKEY
  2579: 'unique', // CONSTRAINT_ROWID
  787: 'foreign_key',
  1811: 'foreign_key', // CONSTRAINT_TRIGGER: how SQLite reports RESTRICT
  1299: 'not_null',
  275: 'check',
  18: 'too_long', // TOOBIG
}
const PRIMARY_KINDS: Readonly<Record<number, DatabaseFailureKind>> = {
  [SQLITE.BUSY]: 'busy',
  [SQLITE.LOCKED]: 'busy',
  [SQLITE.READONLY]: 'readonly',
}

/** SQLite's extended result code of an error of either driver; undefined for other errors. */
export function resultCode(error: unknown): number | undefined {
  if (typeof error !== 'object' || error === null) return undefined
  const { errcode, rawCode } = error as { errcode?: unknown; rawCode?: unknown }
  const code = errcode ?? rawCode
  return typeof code === 'number' ? code : undefined
}

/** Whether another connection holds the lock, so that trying again is sensible. */
export function isBusy(error: unknown): boolean {
  const code = resultCode(error)
  return code !== undefined && PRIMARY_KINDS[code & 255] === 'busy'
}

/** Whether a statement tried to write on a connection that only reads. */
export function isReadOnly(error: unknown): boolean {
  const code = resultCode(error)
  return code !== undefined && (code & 255) === SQLITE.READONLY
}

/** The error of a driver as a DatabaseError; anything that isn't SQLite's is answered unchanged. */
export function databaseError(error: unknown, sql: string): unknown {
  const code = resultCode(error)
  if (code === undefined) return error
  const reason = (error as Error).message
  const failure: DatabaseFailure = {
    kind: KINDS[code] ?? PRIMARY_KINDS[code & 255] ?? kindOfMessage(reason),
    reason,
    sql,
    ...names(reason),
  }
  return new DatabaseError(failure, { cause: error })
}

function kindOfMessage(reason: string): DatabaseFailureKind {
  if (reason.startsWith('no such table')) return 'no_table'
  return /^no such column|has no column named/.test(reason) ? 'no_column' : 'other'
}

/** `UNIQUE constraint failed: users.email, users.name`, `… failed: index 'name'`, `no such table: x`. */
function names(reason: string): Partial<DatabaseFailure> {
  const [, what, list] = /^(UNIQUE|NOT NULL|CHECK) constraint failed: (.+)$/.exec(reason) ?? []
  if (list === undefined) {
    const table = /^no such table: (?:main\.)?(.+)$/.exec(reason)?.[1]
    return table === undefined ? {} : { table }
  }
  if (what === 'CHECK' || list.startsWith('index ')) return { constraint: list.replace(/^index '(.*)'$/, '$1') }
  const columns = list.split(', ')
  return {
    table: columns[0]!.slice(0, columns[0]!.lastIndexOf('.')),
    columns: columns.map((name) => name.slice(name.lastIndexOf('.') + 1)),
  }
}
