import { connectServer } from './connect.ts'
import { ServerDatabase, type ServerOptions } from './database.ts'
import type { ServerLocation } from './factory.ts'
import { serverError } from './failures.ts'
import { hasReturning } from './returning.ts'

/** Opens a database server and checks that it answers.
 *
 * @throws DatabaseAdapterMissing when Prisma's adapter for it isn't installed; DatabaseError of the kind `unreachable`
 */
export async function openServer(location: ServerLocation, options: Omit<ServerOptions, 'hasReturning'>): Promise<ServerDatabase> {
  try {
    const adapter = await connectServer(location)
    return new ServerDatabase(location.dialect, adapter, { ...options, hasReturning: await hasReturning(adapter, location) })
  } catch (error) {
    throw serverError(error, 'SELECT version()')
  }
}
