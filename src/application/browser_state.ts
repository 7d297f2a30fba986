import { forceSsl, type Guard, hostAuthorization, MemorySessionStore, type SessionStore, type StateSettings } from '../http/index.ts'
import { underscore } from '../naming/index.ts'
import { redisSessionStore } from './adapters.ts'
import type { Application } from './application.ts'
import type { Configuration } from './configuration.ts'
import { DatabaseSessionStore } from './database/database_session_store.ts'

/** What is asked of every request before anything else: whether its host is ours, and whether it came over TLS. */
export function guardsOf({ forceSsl: isForced, hostAuthorization: { exclude }, hosts, http, middleware, ssl }: Configuration): Guard[] {
  const guards: Guard[] = []
  if (hosts.length > 0 && middleware.has('hostAuthorization')) guards.push(hostAuthorization({ hosts, exclude, details: http.showErrors }))
  if (isForced && middleware.has('ssl')) guards.push(forceSsl(ssl))
  return guards
}

/** How cookies and sessions are kept.
 * @throws MissingSessionTable (REGAUGE_MISSING_SESSION_TABLE) at boot, when the database is to keep sessions and has no table for them
 */
export async function openBrowserState(application: Application): Promise<{ state: StateSettings; sessions: SessionStore | undefined }> {
  const { cookies, messages, middleware, session } = application.config
  const { store: _, key, redis: __, ...cookie } = session
  const store = middleware.has('session') ? await openStore(application) : undefined
  return {
    state: {
      keys: messages.keyGenerator,
      cookies,
      session: store && { ...cookie, key: key || `_${underscore(application.config.name).replace(/\W+/g, '_')}_session`, store },
    },
    sessions: typeof store === 'object' ? store : undefined,
  }
}

async function openStore({ config, database, metadata }: Application): Promise<'cookie' | SessionStore | undefined> {
  const { expireAfter, store, redis } = config.session
  if (typeof store === 'object' || store === 'cookie') return store
  if (store === 'memory') return new MemorySessionStore()
  if (store === 'redis') return redisSessionStore(redis)
  if (store === 'database')
    return DatabaseSessionStore.open(database, metadata, typeof expireAfter === 'object' ? expireAfter.seconds : expireAfter)
  return undefined
}
