import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { type Application, boot, builtInJobs, type Configuration, databaseTasks, hasSchema, readSettings } from '../application/index.ts'
import { MemoryCacheStore } from '../cache/index.ts'
import type { RunnableJobClass } from '../jobs/index.ts'
import { TestJobs } from './test_jobs.ts'

/** How an application is booted for a test. */
export interface TestApplicationOptions {
  /** The application's folder. */
  readonly root: string
  /** Default: test. */
  readonly env?: string
  /** Changes settings after the configuration files. */
  readonly configure?: (config: Configuration) => void
  /** Keep the configured databases, queue, cache and sessions instead of fresh ones that vanish with the test. */
  readonly keepsData?: boolean
  /** Jobs stay enqueued until `application.jobs` performs them, as Active Job's test adapter has it. By itself they run at once. */
  readonly holdsJobs?: boolean
}

/** The options of one request. */
export interface RequestOptions {
  /** Sent as JSON. */
  readonly json?: unknown
  readonly headers?: Record<string, string>
  /** Sent as it is. */
  readonly body?: string | Uint8Array<ArrayBuffer> | FormData | URLSearchParams
}

/** Boots an application as a test needs it: on a free port, with an empty database that has the schema, and a queue of its own, whatever the application
 * is configured to share with others.
 *
 * @example
 * const application = await testApplication({ root: process.cwd() })
 * const response = await application.post('/orders', { json: { order: { amount: 1 } } })
 * await application.stop()
 */
export async function testApplication(options: TestApplicationOptions): Promise<TestApplication> {
  const { root, keepsData = false } = options
  const folder = mkdtempSync(join(tmpdir(), 'regauge-test-'))
  const env = options.env ?? 'test'
  const restore = provideSecret()
  try {
    const databases = new Map<string, string>()
    const settings = await readSettings({
      root,
      env,
      configure: (config) => {
        if (!keepsData) keepApart(config, folder, databases)
        Object.assign(config.http, { port: 0, host: '127.0.0.1', shutdownTimeout: 2_000 })
        config.log.level = 'silent'
        if (options.holdsJobs) config.jobs.run = false
        options.configure?.(config)
      },
    })
    if (hasSchema(root)) await (await databaseTasks(root, env, databases.get('primary'))).push({})
    databases.delete('primary')
    for (const [name, url] of databases) await (await databaseTasks(root, env, url, name)).push({})
    const application = await boot({ root, env, settings })
    const { url: base } = await application.start()
    return new TestApplication(application, base, () => rmSync(folder, { recursive: true, force: true }))
  } catch (error) {
    rmSync(folder, { recursive: true, force: true })
    throw error
  } finally {
    restore()
  }
}

/** Gives an application what nobody else has, in place of what it may share with other environments and machines.
 * @param databases takes in the databases that need their schemas, by name */
function keepApart(config: Configuration, folder: string, databases: Map<string, string>): void {
  const { daemons, database, jobs, root, session } = config
  const urlOf = (name: string) => `file:${join(folder, `${name}.sqlite3`)}`
  database.url = urlOf('primary')
  databases.set('primary', database.url)
  for (const [name, other] of Object.entries(database.others)) {
    const url = urlOf(other.replicaOf ?? name)
    database.others[name] = { ...other, url }
    if (other.replicaOf === undefined) databases.set(name, url)
  }
  jobs.backend = 'embedded'
  jobs.directory = relative(root, join(folder, 'jobs'))
  daemons.directory = relative(root, join(folder, 'daemons'))
  config.cacheStore = new MemoryCacheStore()
  if (session.store === 'redis') session.store = 'memory'
}

/** Production asks for a secret; a test that boots as production shall not need one. */
function provideSecret(): () => void {
  if (process.env['SECRET_KEY_BASE']) return () => {}
  process.env['SECRET_KEY_BASE'] = '0'.repeat(128)
  return () => {
    delete process.env['SECRET_KEY_BASE']
  }
}

/** An application that serves on a free port, and a client for it. */
export class TestApplication {
  readonly application: Application
  /** `http://127.0.0.1:<port>` */
  readonly url: string
  /** The jobs that are enqueued, where the application was told to hold them (`holdsJobs`). */
  readonly jobs: TestJobs
  readonly #cleanUp: () => void

  constructor(application: Application, url: string, cleanUp: () => void) {
    this.application = application
    this.url = url
    const classes = [...builtInJobs, ...application.loaded.jobs] as unknown as RunnableJobClass[]
    this.jobs = new TestJobs(application.jobs!, classes, application, !application.config.jobs.run)
    this.#cleanUp = cleanUp
  }

  /** Sends a request and resolves with the response; redirects aren't followed. */
  async request(method: string, path: string, options: RequestOptions = {}): Promise<Response> {
    const { json, headers, body = json === undefined ? undefined : JSON.stringify(json) } = options
    return fetch(this.url + path, {
      method,
      headers: { ...(json !== undefined && { 'content-type': 'application/json' }), ...headers },
      redirect: 'manual',
      ...(body !== undefined && { body }),
    })
  }

  get(path: string, options?: RequestOptions): Promise<Response> {
    return this.request('GET', path, options)
  }

  post(path: string, options?: RequestOptions): Promise<Response> {
    return this.request('POST', path, options)
  }

  put(path: string, options?: RequestOptions): Promise<Response> {
    return this.request('PUT', path, options)
  }

  patch(path: string, options?: RequestOptions): Promise<Response> {
    return this.request('PATCH', path, options)
  }

  delete(path: string, options?: RequestOptions): Promise<Response> {
    return this.request('DELETE', path, options)
  }

  /** Runs `work` inside the application: models, `publish` and `performLater` mean this one. */
  run<T>(work: () => T): T {
    return this.application.run(work)
  }

  /** Stops the application and removes its data. */
  async stop(): Promise<void> {
    await this.application.stop()
    this.#cleanUp()
  }
}
