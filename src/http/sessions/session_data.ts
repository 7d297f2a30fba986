import type { SessionData } from './register.ts'

/** Where the values of a session are: loaded when they are first asked for. */
export interface SessionValues {
  /** The values; undefined where there is no session yet, and none shall be made for reading. */
  forReading(): ReadonlyMap<string, unknown> | undefined
  /** The values of a session that begins with this at the latest. */
  forWriting(): Map<string, unknown>
}

/** The object that applications read and write: any name is a key, and none of them is a method or inherited. */
export function sessionData(values: SessionValues): SessionData {
  return new Proxy<SessionData>(Object.create(null), {
    get: (_target, name) => (typeof name === 'string' ? values.forReading()?.get(name) : undefined),
    has: (_target, name) => typeof name === 'string' && values.forReading()?.has(name) === true,
    ownKeys: () => [...(values.forReading()?.keys() ?? [])],
    set(_target, name, value) {
      if (typeof name !== 'string') return false
      values.forWriting().set(name, value)
      return true
    },
    defineProperty(_target, name, { value }) {
      if (typeof name !== 'string') return false
      values.forWriting().set(name, value)
      return true
    },
    deleteProperty(_target, name) {
      if (typeof name === 'string') values.forWriting().delete(name)
      return true
    },
    getOwnPropertyDescriptor(_target, name) {
      const known = typeof name === 'string' ? values.forReading() : undefined
      if (known === undefined || !known.has(name as string)) return undefined
      return { value: known.get(name as string), writable: true, enumerable: true, configurable: true }
    },
    getPrototypeOf: () => null,
    preventExtensions: () => false,
  })
}
