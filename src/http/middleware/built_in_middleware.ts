/** A stage of every request that the stack lists beside the application's middleware. */
export interface BuiltInMiddleware {
  readonly name: string
  /** What it does, for the listing. */
  readonly does: string
  /** Where it is and stays; undefined for one that moves like any other. */
  readonly fixed?: 'first' | 'last'
  /** Whether a request can do without it. */
  readonly canBeDeleted: boolean
}

/** The stages that are there before the application adds anything, in order. */
export const builtInMiddleware: readonly BuiltInMiddleware[] = [
  { name: 'requestId', does: 'gives the request its id and its execution', fixed: 'first', canBeDeleted: false },
  { name: 'requestLog', does: 'logs the request when its answer has gone', fixed: 'first', canBeDeleted: true },
  { name: 'hostAuthorization', does: 'refuses requests for other hosts than config.hosts', fixed: 'first', canBeDeleted: true },
  { name: 'ssl', does: 'sends clients to HTTPS, and keeps them there', fixed: 'first', canBeDeleted: true },
  { name: 'errors', does: 'answers errors that nobody rescued', fixed: 'first', canBeDeleted: false },
  { name: 'static', does: 'sends the files below public', canBeDeleted: true },
  {
    name: 'cookies',
    does: 'reads cookies when they are asked for, and writes those that have changed',
    fixed: 'last',
    canBeDeleted: false,
  },
  { name: 'session', does: 'loads the session when it is asked for, and keeps it', fixed: 'last', canBeDeleted: true },
  { name: 'methodOverride', does: 'lets a POST name another method', fixed: 'last', canBeDeleted: true },
  { name: 'etag', does: 'answers 304 to clients that have the answer already', fixed: 'last', canBeDeleted: true },
]

const byName = new Map(builtInMiddleware.map((one) => [one.name, one]))

/** A built-in stage by its name or by the one of the middleware that Rails has for it (Configuring Rails Applications, section 4). */
export function builtInNamed(name: string): BuiltInMiddleware | undefined {
  return byName.get(railsNames.get(name) ?? name)
}

const railsNames = new Map([
  ['ActionDispatch::RequestId', 'requestId'],
  ['ActionDispatch::Executor', 'requestId'],
  ['Rails::Rack::Logger', 'requestLog'],
  ['ActionDispatch::HostAuthorization', 'hostAuthorization'],
  ['ActionDispatch::SSL', 'ssl'],
  ['ActionDispatch::Cookies', 'cookies'],
  ['ActionDispatch::Session::CookieStore', 'session'],
  ['ActionDispatch::ShowExceptions', 'errors'],
  ['ActionDispatch::DebugExceptions', 'errors'],
  ['ActionDispatch::Static', 'static'],
  ['Rack::MethodOverride', 'methodOverride'],
  ['Rack::ConditionalGet', 'etag'],
  ['Rack::ETag', 'etag'],
])
