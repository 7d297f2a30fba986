import type { SqlDriverAdapterFactory } from '@prisma/driver-adapter-utils'
import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import path from 'node:path'
import { ClientMissing } from './errors.ts'

/** Where a generated Prisma client is: its folder, such as `db/generated/client`. */
export interface ClientSource {
  readonly folder: string
}

/** Makes a PrismaClient of the application's own generated code, over connections that are open already. Loading Prisma's runtime takes
 * a tenth of a second and much memory, so this runs only when somebody asks for the client.
 *
 * @throws ClientMissing when the client wasn't generated
 */
export function loadClient(source: ClientSource, adapter: SqlDriverAdapterFactory): unknown {
  const file = ['client.ts', 'client.js'].map((name) => path.join(source.folder, name)).find(existsSync)
  if (file === undefined) throw new ClientMissing({ path: path.join(source.folder, 'client.ts') })
  const { PrismaClient } = createRequire(file)(file) as { PrismaClient: new (options: { adapter: SqlDriverAdapterFactory }) => unknown }
  return new PrismaClient({ adapter })
}
