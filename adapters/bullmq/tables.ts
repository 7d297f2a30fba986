import type { BullmqPlace } from './connection.ts'
import { BullmqUnreadable } from './errors.ts'
import { openPool } from './leases.ts'

/** Tells whether BullMQ has made its tables in a database of PostgreSQL. Nothing is made or changed.
 * @throws BullmqUnreadable (REGAUGE_BULLMQ_UNREADABLE) when the server can't be reached, or refuses */
export async function hasTables(place: BullmqPlace): Promise<boolean> {
  const { default: pg } = await import('pg')
  const { schema = 'bullmq' } = place.connection as { readonly schema?: string }
  const pool = await openPool(place)
  try {
    const { rows } = await pool.query<{ found: boolean }>('SELECT to_regclass($1) IS NOT NULL AS found', [
      `${pg.escapeIdentifier(schema)}.migration`,
    ])
    return rows[0]!.found
  } catch (cause) {
    const { message, code } = cause as NodeJS.ErrnoException
    throw new BullmqUnreadable({ reason: message || String(code) }, { cause })
  } finally {
    await pool.end()
  }
}
