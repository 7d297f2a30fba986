import type { ErrorRow } from './row.ts'
import { applicationErrors } from './tables/application.ts'
import { cableErrors } from './tables/cable.ts'
import { cacheErrors } from './tables/cache.ts'
import { cliErrors } from './tables/cli.ts'
import { controllerErrors } from './tables/controller.ts'
import { credentialErrors } from './tables/credentials.ts'
import { daemonErrors } from './tables/daemons.ts'
import { databaseErrors } from './tables/database.ts'
import { encryptionErrors } from './tables/encryption.ts'
import { eventErrors } from './tables/events.ts'
import { httpErrors } from './tables/http.ts'
import { jobErrors } from './tables/jobs.ts'
import { messageErrors } from './tables/messages.ts'
import { modelErrors } from './tables/model.ts'
import { openapiErrors } from './tables/openapi.ts'
import { portErrors } from './tables/port.ts'
import { routingErrors } from './tables/routing.ts'

/** Every error this package throws: code → message, HTTP status, hint. One file a room, merged here. */
export const errorTable = {
  ...applicationErrors,
  ...cableErrors,
  ...cacheErrors,
  ...cliErrors,
  ...controllerErrors,
  ...credentialErrors,
  ...daemonErrors,
  ...databaseErrors,
  ...encryptionErrors,
  ...eventErrors,
  ...httpErrors,
  ...jobErrors,
  ...messageErrors,
  ...modelErrors,
  ...openapiErrors,
  ...portErrors,
  ...routingErrors,
}

export type ErrorCode = keyof typeof errorTable
export type ErrorDetails<C extends ErrorCode> = (typeof errorTable)[C] extends ErrorRow<infer D> ? D : never

/** What an error tells of itself; of any code, whatever it may be. */
export type KnownDetails<C extends ErrorCode> = [ErrorCode] extends [C]
  ? Readonly<Record<string, unknown>>
  : Readonly<Partial<ErrorDetails<C>>>
