export { MemorySessionStore } from './memory_session_store.ts'
export { Session } from './session.ts'
export type { SessionData } from './register.ts'
export {
  type SessionCookieSettings,
  type SessionLength,
  type SessionOptions,
  SessionPolicy,
  type SessionSettings,
} from './session_policy.ts'
export type { SessionRecord, SessionStore } from './session_store.ts'
