import { type ControllerSettings, controllerSettings, type Status } from '../controller/index.ts'
import {
  type AllowedHost,
  type CookieJarSettings,
  developmentHosts,
  type HstsOptions,
  MiddlewareStack,
  type ParameterParser,
  type Request,
  type RequestSettings,
  requestOptions,
  type ServerOptions,
  type SessionCookieSettings,
  type SessionStore,
  type SslRedirect,
} from '../http/index.ts'
import { type CacheStore, MemoryCacheStore } from '../cache/index.ts'
import type { FilterParameter } from '../logging/index.ts'
import { cookieSalts } from '../messages/index.ts'
import { workersFromEnvironment } from './cluster/worker_count.ts'
import { ApplicationMessages } from '../messages/index.ts'
import type { EncryptionSettings } from '../model/index.ts'
import { type Credentials, readCredentials } from './credentials/credentials.ts'
import type { DatabaseSelectorSettings } from './database/database_selector.ts'
import { encryptionOf } from './credentials/encryption_settings.ts'
import type { Environment } from './environment.ts'
import { type JobsSettings, jobsDefaults } from './jobs/jobs_settings.ts'
import type { OtherDatabase } from './database/other_database.ts'

export { type OtherDatabase, schemaPathOf } from './database/other_database.ts'

/** Where sessions are kept: in an encrypted cookie, in this process, in the table `sessions`, in Redis, in a store of your own, or nowhere. */
export type SessionStoreName = 'cookie' | 'memory' | 'database' | 'redis' | 'disabled'

/** The transports that serve channels: the Action Cable protocol (the clients Rails teams have) and socket.io. */
export type CableTransportName = 'actioncable' | 'socket.io'

type Mutable<T> = { -readonly [K in keyof T]: T[K] }

/** Where our own server listens, and how it ends. */
export interface HostSettings {
  /** Default: `PORT`, else 3000; 0 takes a free one. */
  port: number
  /** The address to listen on. Default: `BINDING` or `HOST`, else every address in production and `localhost` otherwise. */
  host: string | undefined
  /** A Unix socket to listen on instead. */
  path: string | undefined
  /** Who may connect to the Unix socket, as for chmod: 0o660 for its owner and group. Default: what the umask leaves. */
  socketMode: number | undefined
  /** How many connections may wait to be accepted. */
  backlog: number
  /** How many processes answer requests and run jobs, `auto` for one a processor. Default: `WEB_CONCURRENCY`, else this process alone. */
  workers: number | 'auto'
  /** How long a shutdown waits for running requests, jobs and sockets, in milliseconds. */
  shutdownTimeout: number
  /** Whether clients that don't ask for JSON or XML get no body with an error, as an API-only Rails gives them. Default false: they get the
   * JSON, unless they ask for HTML by name. */
  emptyErrorBodies: boolean
  /** Whether an error's message and stack are shown in the answer. Default: in development and under test only. */
  showErrors: boolean
}

/** Every setting with its default. Written in `config/application.ts`, `config/environments/<name>.ts` and `config/initializers/*.ts`. */
export interface Configuration {
  /** The folder of the application. */
  readonly root: string
  readonly env: Environment
  /** The name shown on the welcome page and in the API documentation. */
  name: string
  /** The application in GlobalIDs, by which jobs and streams name records (`gid://shop/Order/1`). Default: the name as Rails would write it,
   * `shop` for Shop and `my-shop` for MyShop; set it to the one of the Rails application to share jobs and streams with it. */
  globalIdApplication: string
  /** Signatures and encryption keys are derived from it. Default: `SECRET_KEY_BASE`, else `secret_key_base` of the credentials, else, in development
   * and test, a random one kept in `tmp/`. At least 30 characters. */
  secretKeyBase: string
  /** What `config/credentials.yml.enc` holds, decrypted with `RAILS_MASTER_KEY` or `config/master.key`: the files of the Rails application serve.
   * @example config.credentials.text('stripe', 'api_key') */
  readonly credentials: Credentials
  /** Verifiers and encryptors by name, and what derives their keys.
   * @example config.messages.messageVerifiers.rotate({ secretKeyBase: oldSecret }) */
  readonly messages: ApplicationMessages
  /** The keys of encrypted attributes. Default: those of the credentials under `active_record_encryption`, as in Rails. */
  readonly encryption: EncryptionSettings
  /** The digest that keys are derived with: `SHA256`, or `SHA1` to share cookies and messages with a Rails application whose key generator
   * is still the one from before 7.0. */
  keyGeneratorDigest: 'SHA256' | 'SHA1'
  /** Hosts that requests may be for; others are answered 403, and an empty list lets all in. Default: in development `.localhost`, `.test`, all
   * addresses, and those in `REGAUGE_DEVELOPMENT_HOSTS` (separated by commas); elsewhere none.
   * @example config.hosts.push('.example.com', '10.0.0.0/8', /api-\d+\.internal/)
   */
  hosts: AllowedHost[]
  readonly hostAuthorization: {
    /** Requests that may be for any host, such as health checks by address. */
    exclude: ((request: Request) => boolean) | undefined
  }
  /** Whether plain HTTP is sent to HTTPS, browsers are told to stay there, and cookies are kept from ever being sent in the clear. Default false.
   * Behind a proxy that ends TLS and doesn't say so, set `http.assumeSsl`. */
  forceSsl: boolean
  readonly ssl: {
    redirect: SslRedirect | false
    hsts: HstsOptions | boolean
    /** Whether `secure` is added to every cookie. */
    secureCookies: boolean
    /** The status of redirects for other methods than GET and HEAD. */
    defaultRedirectStatus: number
  }
  readonly cookies: Mutable<CookieJarSettings>
  readonly session: Mutable<SessionCookieSettings> & {
    store: SessionStoreName | SessionStore
    /** The name of the cookie. Default: as Rails would call it, `_shop_session`. */
    key: string
    /** For the store `redis`: a URL, a client or options of ioredis, and what the keys begin with. */
    readonly redis: { connection: string | object | undefined; prefix: string | undefined }
  }
  /** Reading requests, and serving: the settings of `Request` and `Server`, and where to listen. */
  readonly http: Mutable<RequestSettings> & Mutable<Omit<ServerOptions, 'host'>> & HostSettings
  /** Express middleware that runs before the router, outermost first. `regauge middleware` lists it. */
  readonly middleware: MiddlewareStack
  /** The files of `public/`, sent before the router is asked. */
  readonly publicFileServer: {
    enabled: boolean
    /** Sent with every file. Default: none but `Cache-Control: public, max-age=0`, with an ETag. */
    headers: Record<string, string>
    /** The file of a folder, without `.html`. */
    indexName: string
  }
  /** Statuses that errors of these classes (by name) and their subclasses end a request with: a number or its name.
   * @example config.rescueResponses['NotAuthorized'] = 'forbidden' */
  readonly rescueResponses: Record<string, Status>
  readonly log: {
    level: 'debug' | 'info' | 'warn' | 'error' | 'fatal' | 'silent'
    /** `json` for machines (production), `text` for people, `rails` for those who are used to Rails' lines or have tools for them. */
    format: 'json' | 'text' | 'rails'
    /** Paths whose requests aren't logged, such as the one that a load balancer asks all the time. Default: none. */
    silencedPaths: (string | RegExp)[]
    /** With `rails`, what stands in front of each line as a tag: `['request_id']`. */
    tags: string[]
    /** Parameters whose names contain one of these are logged as [FILTERED], beside Rails' defaults. A function gets each key and value. */
    filterParameters: FilterParameter[]
  }
  readonly controller: ControllerSettings
  /** Where `cache` keeps its values. Default: in the memory of this process. */
  cacheStore: CacheStore
  readonly database: {
    /** What is done about records that load associations though they mustn't (`strictLoading`): an error, or a line in the log. Default: `raise`. */
    onStrictLoadingViolation: 'raise' | 'log'
    /** What is done when records of one query load an association one by one (N+1), which `includes` would spare: an error or a warning that name
     * the line, or nothing. Default: `false`. */
    onRepeatedLoading: false | 'raise' | 'log'
    /** Default: `DATABASE_URL`, else a SQLite file in `storage`. */
    url: string
    /** Whether a request asks the same query once, as Rails' does: answers are remembered until it writes. True, or how many are kept (100). Default: `false`. */
    queryCache: boolean | number
    /** More databases, by the names that `connectsTo` and `roles` know; `primary` is the one of `url`.
     * @example config.database.others = { replica: { url: process.env.REPLICA_URL, replicaOf: 'primary' }, animals: { url: 'file:storage/animals.sqlite3' } }
     */
    others: Record<string, OtherDatabase>
    /** The databases of models that don't say theirs with `connectsTo`, by role. Default: `{ writing: 'primary' }`.
     * @example config.database.roles = { reading: 'replica' }
     */
    roles: Record<string, string>
    /** Whether requests that read (GET and HEAD) are answered in the role `reading`, unless their client has just written. Default: `false`.
     * @example config.database.selector = { delay: 2 }
     */
    selector: DatabaseSelectorSettings | false
    /** Environments whose data `db:drop`, `db:reset` and pushes at the cost of data leave alone. Default: `['production']`. */
    protectedEnvironments: string[]
  }
  readonly i18n: {
    /** The language of messages where no other is asked for with `withLocale`. Texts are those of `config/locales`. Default: `en`. */
    defaultLocale: string
    /** Whether models and attributes may have formats of their own for the sentences of their errors: Rails' `active_model.i18n_customize_full_message`.
     * Default: `false`. */
    customizesFullMessages: boolean
  }
  readonly jobs: JobsSettings
  readonly daemons: {
    /** Whether this process runs the daemons of `app/daemons`. */
    run: boolean
    /** Where the processes of this machine agree on which of them runs a daemon, below the root. */
    directory: string
    /** Seconds after which another machine takes a daemon of the scope `application` over from one that isn't heard of. Default 30. */
    lease: number
  }
  readonly cable: {
    /** Where the Action Cable protocol is served. A `mount(cable, { at })` in the routes decides it. */
    path: string
    transports: CableTransportName[]
    /** Where socket.io is served. */
    socketIoPath: string
    /** Origins that may connect: strings or patterns. The server's own host always may; in development localhost may. */
    allowedRequestOrigins: (string | RegExp)[]
    disableRequestForgeryProtection: boolean
  }
  readonly openapi: {
    /** Whether `/openapi.json`, `/openapi.yaml` and `/docs` are served, to everybody. Default: in development and under test only. */
    enabled: boolean
    version: string
    description: string | undefined
  }
  /** Runs when everything is loaded, before the first request.
   * @example config.afterInitialize(() => warmUpCache())
   */
  afterInitialize(work: () => void | Promise<void>): void
}

/** The defaults for an environment. */
export function defaultConfiguration(
  root: string,
  env: Environment,
  name: string,
): Configuration & { readonly hooks: (() => void | Promise<void>)[] } {
  const hooks: (() => void | Promise<void>)[] = []
  const credentials = readCredentials(root, env)
  const isLocal = env.isDevelopment || env.isTest
  const settings: ReturnType<typeof defaultConfiguration> = {
    root,
    env,
    hooks,
    name,
    globalIdApplication: '',
    secretKeyBase: '',
    keyGeneratorDigest: 'SHA256',
    credentials,
    messages: new ApplicationMessages(
      () => settings.secretKeyBase,
      () => settings.keyGeneratorDigest,
    ),
    encryption: encryptionOf(credentials),
    hosts: env.isDevelopment ? [...developmentHosts, ...listIn(process.env['REGAUGE_DEVELOPMENT_HOSTS'])] : [],
    hostAuthorization: { exclude: undefined },
    forceSsl: false,
    ssl: { redirect: {}, hsts: true, secureCookies: true, defaultRedirectStatus: 307 },
    cookies: {
      sameSite: 'lax',
      alwaysWrite: env.isDevelopment,
      serializer: 'json',
      signedDigest: 'SHA1',
      encryptedCipher: 'aes-256-gcm',
      useAuthenticatedEncryption: true,
      useMetadata: true,
      salts: { ...cookieSalts },
      rotations: { signed: [], encrypted: [] },
    },
    session: {
      store: 'cookie',
      key: '',
      expireAfter: undefined,
      domain: undefined,
      tldLength: undefined,
      path: '/',
      secure: false,
      httpOnly: true,
      sameSite: undefined,
      partitioned: false,
      redis: { connection: undefined, prefix: undefined },
    },
    http: {
      ...requestDefaults,
      parameterParsers: Object.create(null) as Record<string, ParameterParser>,
      requestTimeout: 300_000,
      writeTimeout: 60_000,
      minWriteRate: 240,
      headersTimeout: 15_000,
      keepAliveTimeout: 65_000,
      maxHeaderSize: 32 * 1024,
      maxHeadersCount: 100,
      port: Number(process.env['PORT'] ?? 3000),
      host: process.env['BINDING'] ?? process.env['HOST'] ?? (env.isProduction ? undefined : 'localhost'),
      path: undefined,
      socketMode: undefined,
      backlog: 511,
      workers: workersFromEnvironment(),
      maxConnections: undefined,
      maxRequestsPerConnection: 0,
      tls: undefined,
      http2: false,
      shutdownTimeout: 25_000,
      emptyErrorBodies: false,
      showErrors: isLocal,
    },
    middleware: MiddlewareStack.withBuiltIn(),
    publicFileServer: { enabled: true, headers: {}, indexName: 'index' },
    rescueResponses: Object.create(null) as Record<string, Status>,
    log: {
      level: env.isProduction ? 'info' : env.isTest ? 'silent' : 'debug',
      format: env.isProduction ? 'json' : 'text',
      silencedPaths: [],
      tags: [],
      filterParameters: [],
    },
    controller: { ...controllerSettings, onUnpermittedParameters: env.isProduction ? false : 'log' },
    cacheStore: new MemoryCacheStore(),
    database: {
      onStrictLoadingViolation: 'raise',
      onRepeatedLoading: false,
      url: process.env['DATABASE_URL'] ?? `file:storage/${env.name}.sqlite3`,
      queryCache: false,
      others: Object.create(null) as Record<string, OtherDatabase>,
      roles: Object.create(null) as Record<string, string>,
      selector: false,
      protectedEnvironments: ['production'],
    },
    i18n: { defaultLocale: 'en', customizesFullMessages: false },
    jobs: jobsDefaults(env),
    daemons: { run: true, directory: `storage/daemons/${env.name}`, lease: 30 },
    cable: {
      path: '/cable',
      transports: ['actioncable'],
      socketIoPath: '/socket.io',
      allowedRequestOrigins: [],
      disableRequestForgeryProtection: false,
    },
    openapi: { enabled: isLocal, version: '1.0.0', description: undefined },
    afterInitialize: (work) => void hooks.push(work),
  }
  return settings
}

function listIn(text: string | undefined): string[] {
  return (text ?? '')
    .split(',')
    .map((one) => one.trim())
    .filter((one) => one !== '')
}

const { trustsProxy: _, cookies: __, session: ___, ...limits } = requestOptions()
/** With every name there, since a setting that isn't there is refused as mistyped. */
const requestDefaults = { ...limits, trustedProxies: undefined }

/** A configuration file's default export. */
export type Configure = (config: Configuration) => void | Promise<void>

/** Types the function a configuration file exports.
 *
 * @example
 * export default configure((config) => {
 *   config.middleware.use(cors())
 * })
 */
export function configure(settings: Configure): Configure {
  return settings
}
