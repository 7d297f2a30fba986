import type { Server as NodeServer } from 'node:http'
import type { Cable, CableTransport } from '../cable/index.ts'
import { releaseCacheStore } from '../cache/index.ts'
import { runToEnd } from '../context/index.ts'
import { releaseControllerSettings, releaseUrlMaker } from '../controller/index.ts'
import type { Address, Pipeline, SessionStore, StateSettings } from '../http/index.ts'
import { endOpenStreams, releaseRescueResponses, Server } from '../http/index.ts'
import { type JobBackend, type JobRunner, releaseJobBackend, releaseJobOutbox } from '../jobs/index.ts'
import { type Logger, releaseFilter, releaseLogger } from '../logging/index.ts'
import { type MessageEncryptor, type MessageVerifier, releaseMessages } from '../messages/index.ts'
import {
  type Database,
  releaseDatabase,
  releaseDependentsQueue,
  releaseEncryption,
  releaseRepeatedLoadingReaction,
  releaseStrictLoadingReaction,
  releaseTranslations,
  type SchemaMetadata,
} from '../model/index.ts'
import { type PubSub, releasePubSub } from '../pubsub/index.ts'
import type { RouteSet } from '../routing/index.ts'
import { expressHost } from './adapters.ts'
import type { Settings } from './configure.ts'
import { application, useApplication } from './current.ts'
import { NotBooted } from './errors.ts'
import type { OpenDaemons } from './daemons.ts'
import type { DatabaseJobOutbox } from './jobs/job_outbox.ts'
import { meetsExpressMiddleware } from './middleware.ts'
import type { LoadedApplication } from './loading/load_application.ts'

/** The parts of an application that know it. */
export interface ApplicationParts {
  readonly metadata: SchemaMetadata | undefined
  readonly database: Database | undefined
  readonly otherDatabases: readonly Database[]
  readonly pubsub: PubSub
  readonly jobs: JobBackend | undefined
  readonly runner: JobRunner | undefined
  readonly outbox: DatabaseJobOutbox | undefined
  readonly daemons: OpenDaemons
  readonly cable: Cable | undefined
  readonly transports: readonly CableTransport[]
  readonly state: StateSettings
  readonly sessions: SessionStore | undefined
  readonly pipeline: Pipeline
}

/** A booted application: its parts, and how they start and end. Made by `boot`. */
export class Application {
  readonly config: Settings
  readonly logger: Logger
  readonly loaded: LoadedApplication
  readonly routes: RouteSet
  #parts: Partial<ApplicationParts> = {}
  #server: Server | undefined
  #isWorking = false
  #stopping: Promise<void> | undefined
  readonly #afterStop: (() => void)[] = []

  constructor(config: Settings, logger: Logger, loaded: LoadedApplication, routes: RouteSet) {
    this.config = config
    this.logger = logger
    this.loaded = loaded
    this.routes = routes
  }

  /** Adds a part when boot has made it. */
  add(parts: Partial<ApplicationParts>): void {
    this.#parts = { ...this.#parts, ...parts }
  }

  /** The verifier of a name, with a key of its own: for links that nobody may change.
   * @example application().messageVerifier('unsubscribe').generate(user.id, { expiresIn: days(30) })
   */
  messageVerifier(name: string): MessageVerifier {
    return this.config.messages.messageVerifier(name)
  }

  /** The encryptor of a name, with a key of its own: for what nobody may read. */
  messageEncryptor(name: string): MessageEncryptor {
    return this.config.messages.messageEncryptor(name)
  }

  /** The schema; undefined for an application without a database. */
  get metadata(): SchemaMetadata | undefined {
    return this.#parts.metadata
  }

  get database(): Database | undefined {
    return this.#parts.database
  }

  /** Where jobs are kept; undefined while the application boots. */
  get jobs(): JobBackend | undefined {
    return this.#parts.jobs
  }

  /** The channels and who is connected; undefined for an application without channels. */
  get cable(): Cable | undefined {
    return this.#parts.cable
  }

  /** How cookies and sessions are kept: what `new CookieJar(…)` and a pipeline of one's own take. */
  get state(): StateSettings | undefined {
    return this.#parts.state
  }

  /** What answers requests: `pipeline.handle(req, res, next?)`.
   * @throws NotBooted before boot has finished
   */
  get pipeline(): Pipeline {
    if (this.#parts.pipeline === undefined) throw new NotBooted({})
    return this.#parts.pipeline
  }

  /** Serves HTTP and WebSockets on what `config.http` says, and runs jobs.
   * @throws CannotListen when the port is taken or may not be used
   */
  async start(): Promise<Address> {
    const { http } = this.config
    const { host: _, ...limits } = http
    const host = meetsExpressMiddleware(this.config, this.routes) ? { host: await expressHost(this.config) } : {}
    this.#server = new Server(this.pipeline, { ...limits, ...host })
    await this.attach(this.#server.http)
    const address = await this.#server.listen(http)
    await this.work()
    return address
  }

  /** Reads the certificate of `config.http.tls` again, for connections to come.
   * @throws CannotListen when a file can't be read; the old one stays
   */
  reloadCertificate(): void {
    this.#server?.reloadCertificate()
  }

  /** Serves the application's WebSockets on a server of somebody else's. */
  async attach(server: NodeServer): Promise<void> {
    if (this.cable) for (const transport of this.#parts.transports ?? []) await transport.attach(server, this.cable)
  }

  /** Begins to run jobs, once. */
  async work(): Promise<void> {
    const { daemons, outbox, runner } = this.#parts
    await daemons?.start()
    if (this.#isWorking || runner === undefined || !this.config.jobs.run) return
    this.#isWorking = true
    await runner.start()
    await outbox?.start()
  }

  /** Runs `work` when the application has stopped. */
  onStop(work: () => void): void {
    this.#afterStop.push(work)
  }

  /** Runs `work` as part of this application: `publish`, `broadcast` and `performLater` in it mean this one. */
  run<T>(work: () => T): T {
    return runToEnd({ application: this }, work)
  }

  /** Every class that was loaded from `app`, for the console. */
  classes(): Function[] {
    return this.loaded.classes
  }

  /** Stops accepting, finishes requests, jobs and sockets within `config.http.shutdownTimeout`, closes the database. Once. */
  stop(): Promise<void> {
    return (this.#stopping ??= this.#stop())
  }

  async #stop(): Promise<void> {
    const timeout = this.config.http.shutdownTimeout
    endOpenStreams(this)
    const { runner, outbox, daemons, transports = [], jobs, pubsub, sessions, database, otherDatabases = [] } = this.#parts
    await Promise.all([
      ...transports.map((transport) => this.#end('a transport of channels', () => transport.close({ timeout }))),
      this.#end('the server', () => this.#server?.close({ timeout })),
      this.#end('the daemons', () => daemons?.stop(timeout)),
      this.#end('the jobs that run', () => (this.#isWorking ? runner?.stop({ timeout }) : undefined)),
    ])
    await this.#end('the outbox of jobs', () => outbox?.stop())
    await this.#end('the queue of jobs', () => jobs?.close())
    await this.#end('the streams', () => pubsub?.close())
    await this.#end('the sessions', () => sessions?.close?.())
    await this.#end('the database', () => database?.close())
    for (const other of otherDatabases) await this.#end('another database', () => other.close())
    this.#release()
  }

  /** Leaves nothing of this application to code outside of any, nor to the next one. */
  #release(): void {
    releaseJobBackend(this)
    releaseJobOutbox(this)
    releaseDependentsQueue(this)
    for (const work of this.#afterStop.splice(0)) work()
    releasePubSub(this)
    releaseMessages(this)
    releaseEncryption(this)
    releaseControllerSettings(this)
    releaseUrlMaker(this)
    releaseCacheStore(this)
    releaseStrictLoadingReaction(this)
    releaseRepeatedLoadingReaction(this)
    releaseTranslations(this)
    releaseDatabase(this)
    releaseLogger(this)
    releaseRescueResponses(this)
    releaseFilter(this)
    if (!this.#isCurrent()) return
    useApplication(undefined)
  }

  /** What can't be ended must not keep the others open. */
  async #end(what: string, end: () => unknown): Promise<void> {
    try {
      await end()
    } catch (error) {
      this.logger.error(`While stopping, ${what} failed: ${error instanceof Error ? error.message : String(error)}`, { error })
    }
  }

  #isCurrent(): boolean {
    try {
      return application() === this
    } catch {
      return false
    }
  }
}
