import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { SqliteConnection } from '../sqlite/index.ts'
import { extrasOf } from './extras.ts'
import type { ResolvedTarget } from './target.ts'

/* Which schema was pushed is remembered inside the SQLite file, as its `user_version`: it travels with the file, and is gone when the file is. */

/** Whether the database has exactly this schema already, as far as pushes know. Loads no engine. */
export function isPushed(target: ResolvedTarget): boolean {
  if (target.location.dialect !== 'sqlite' || !existsSync(target.location.file)) return false
  const connection = SqliteConnection.open(target.location.file, { readOnly: true })
  try {
    return connection.query('PRAGMA user_version', []).rows[0]![0] === versionOf(target)
  } finally {
    connection.close()
  }
}

/** Remembers that the database has this schema. */
export function rememberPush(target: ResolvedTarget): void {
  setVersion(target, versionOf(target))
}

/** Forgets what was pushed: somebody else is going to change the schema. */
export function forgetPush(target: ResolvedTarget): void {
  if (target.location.dialect === 'sqlite' && existsSync(target.location.file)) setVersion(target, 0)
}

function setVersion(target: ResolvedTarget, version: number): void {
  if (target.location.dialect !== 'sqlite') return
  const connection = SqliteConnection.open(target.location.file, { blockFor: 5_000 })
  try {
    connection.run(`PRAGMA user_version = ${version}`)
  } finally {
    connection.close()
  }
}

/** 31 bits of the digest of the schema and the SQL beside it, never 0. */
function versionOf(target: ResolvedTarget): number {
  const { before, after } = extrasOf(target)
  return (
    (createHash('sha256')
      .update(target.schema.text + before + after)
      .digest()
      .readUInt32BE(0) >>>
      1) |
    1
  )
}
