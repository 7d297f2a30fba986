import type { SqlDriverAdapter } from '@prisma/driver-adapter-utils'
import { createHash, randomBytes } from 'node:crypto'
import os from 'node:os'

const day = 24 * 60 * 60 * 1000

/** A name for an empty database that lives as long as this process needs it; it says who made it, so that others know when it was left behind. */
export function shadowName(pid = process.pid, made = Date.now()): string {
  return `regauge_shadow_${host()}_${made.toString(36)}_${pid}_${randomBytes(6).toString('hex')}`
}

/** Drops the shadows of processes that were killed before they could: nobody is connected to them, and their process is gone or, on another machine,
 * they are a day old.
 */
export async function dropAbandonedShadows(main: SqlDriverAdapter): Promise<void> {
  const sql = `select datname::text from pg_database d where datname like 'regauge\\_shadow\\_%'
    and not exists (select 1 from pg_stat_activity a where a.datname = d.datname)`
  const { rows } = await main.queryRaw({ sql, args: [], argTypes: [] })
  for (const [name] of rows as string[][]) {
    if (!isAbandoned(name!)) continue
    // Somebody else may drop it, too, or be its owner.
    await main.executeScript(`DROP DATABASE IF EXISTS "${name}"`).catch(() => {})
  }
}

function isAbandoned(name: string): boolean {
  const [, where, made, pid] = /^regauge_shadow_([0-9a-f]{8})_([0-9a-z]+)_(\d+)_[0-9a-f]+$/.exec(name) ?? []
  if (where === undefined) return false
  return where === host() ? !isRunning(Number(pid)) : Date.now() - Number.parseInt(made!, 36) > day
}

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch (error) {
    return (error as { code?: string }).code === 'EPERM'
  }
}

function host(): string {
  return createHash('sha1').update(os.hostname()).digest('hex').slice(0, 8)
}
