import type { Server as NodeServer } from 'node:http'
import type { Cable, CableTransport } from '../cable/index.ts'
import { runExecution } from '../context/index.ts'
import type { Address, Pipeline } from '../http/index.ts'
import { Server } from '../http/index.ts'
import type { JobBackend, JobRunner } from '../jobs/index.ts'
import type { Logger } from '../logging/index.ts'
import type { Database, SchemaMetadata } from '../model/index.ts'
import type { PubSub } from '../pubsub/index.ts'
import type { RouteSet } from '../routing/index.ts'
import { expressHost } from './adapters.ts'
import type { Settings } from './configure.ts'
import { application, useApplication } from './current.ts'
import type { LoadedApplication } from './load_application.ts'

/** What boot made of an application's folder. */
export interface ApplicationParts {
  readonly config: Settings
  readonly logger: Logger
  readonly loaded: LoadedApplication
  readonly routes: RouteSet
  readonly metadata: SchemaMetadata | undefined
  readonly database: Database | undefined
  readonly pubsub: PubSub
  readonly jobs: JobBackend | undefined
  readonly runner: JobRunner | undefined
  readonly cable: Cable | undefined
  readonly transports: readonly CableTransport[]
}

/** A booted application: its parts, and how they start and end. Made by `boot`. */
export class Application {
  readonly config: Settings
  readonly logger: Logger
  readonly loaded: LoadedApplication
  readonly routes: RouteSet
  /** The schema; undefined for an application without a database. */
  readonly metadata: SchemaMetadata | undefined
  readonly database: Database | undefined
  readonly pubsub: PubSub
  /** Where jobs are kept; undefined when the application was booted not to serve. */
  readonly jobs: JobBackend | undefined
  readonly cable: Cable | undefined
  /** What answers requests: `pipeline.handle(req, res, next?)`. */
  readonly pipeline: Pipeline
  readonly #runner: JobRunner | undefined
  readonly #transports: readonly CableTransport[]
  #server: Server | undefined
  #isWorking = false
  #stopping: Promise<void> | undefined

  constructor(parts: ApplicationParts, makePipeline: (application: Application) => Pipeline) {
    this.config = parts.config
    this.logger = parts.logger
    this.loaded = parts.loaded
    this.routes = parts.routes
    this.metadata = parts.metadata
    this.database = parts.database
    this.pubsub = parts.pubsub
    this.jobs = parts.jobs
    this.cable = parts.cable
    this.#runner = parts.runner
    this.#transports = parts.transports
    this.pipeline = makePipeline(this)
  }

  /** Serves HTTP and WebSockets on what `config.http` says, and runs jobs.
   * @throws CannotListen when the port is taken or may not be used
   */
  async start(): Promise<Address> {
    const { http, middleware } = this.config
    const host = middleware.list().length > 0 ? { host: await expressHost() } : {}
    this.#server = new Server(this.pipeline, { ...http, ...host })
    await this.attach(this.#server.http)
    const address = await this.#server.listen({ port: http.port, host: http.host, path: http.path })
    await this.work()
    return address
  }

  /** Serves the application's WebSockets on a server of somebody else's. */
  async attach(server: NodeServer): Promise<void> {
    if (this.cable) for (const transport of this.#transports) await transport.attach(server, this.cable)
  }

  /** Begins to run jobs, once. */
  async work(): Promise<void> {
    if (this.#isWorking || !this.#runner || !this.config.jobs.run) return
    this.#isWorking = true
    await this.#runner.start()
  }

  /** Runs `work` as part of this application: `publish`, `broadcast` and `performLater` in it mean this one. */
  run<T>(work: () => T): T {
    return runExecution({ application: this }, work)
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
    await Promise.all([
      this.#server?.close({ timeout }),
      this.#isWorking ? this.#runner?.stop({ timeout }) : undefined,
      ...this.#transports.map((transport) => transport.close({ timeout })),
    ])
    await this.jobs?.close()
    await this.pubsub.close()
    await this.database?.close()
    if (this.#isCurrent()) useApplication(undefined)
  }

  #isCurrent(): boolean {
    try {
      return application() === this
    } catch {
      return false
    }
  }
}
