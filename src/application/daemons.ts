import { type FSWatcher, watch } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { Daemon, type DaemonClass, type DaemonScope, Daemons, type DaemonStatus, MachineLeases, SharedLeases } from '../daemons/index.ts'
import type { Application } from './application.ts'
import { openLogger, readSettings } from './boot.ts'
import { loadApplication } from './loading/load_application.ts'
import { openQueue } from './jobs/work.ts'
import { type Class, descendsFrom } from './loading/loader.ts'

/** The time in which the changes of an editor that saves belong together, in milliseconds. */
const settleMilliseconds = 50

/** The daemons of an application that serves. In development a daemon whose file is changed begins again as the file says now. */
export class OpenDaemons {
  readonly #application: Application
  #daemons: Daemons | undefined
  #watcher: FSWatcher | undefined
  #changes = 0
  #isStarted = false

  constructor(application: Application) {
    this.#application = application
  }

  /** Starts them, once. */
  async start(): Promise<void> {
    const { config, jobs, loaded, logger } = this.#application
    if (this.#isStarted || !config.daemons.run) return
    this.#isStarted = true
    const leases = new MachineLeases(join(config.root, config.daemons.directory))
    const sharedLeases = jobs?.leases && new SharedLeases(jobs.leases, config.daemons.lease * 1000)
    this.#daemons = new Daemons({ leases, sharedLeases, logger, application: this.#application })
    for (const daemon of loaded.daemons) await this.#daemons.start(daemon)
    if (config.env.isDevelopment && loaded.daemons.length > 0) this.#watch(join(config.root, 'app/daemons'))
  }

  /** Lets them end.
   * @param timeout milliseconds to wait at most
   */
  async stop(timeout: number): Promise<void> {
    this.#watcher?.close()
    const unfinished = (await this.#daemons?.stop({ timeout })) ?? []
    if (unfinished.length > 0) this.#application.logger.warn(`Daemons that don't end are cut off: ${unfinished.join(', ')}`)
  }

  /** What the daemons of this process are doing. */
  list(): DaemonStatus[] {
    return this.#daemons?.list() ?? []
  }

  #watch(folder: string): void {
    const timers = new Map<string, NodeJS.Timeout>()
    this.#watcher = watch(folder, { recursive: true }, (_, name) => {
      if (name === null || !/\.[cm]?[jt]s$/.test(name)) return
      clearTimeout(timers.get(name))
      timers.set(
        name,
        setTimeout(() => void this.#reload(join(folder, name)), settleMilliseconds),
      )
    })
  }

  /** Imports a file anew and starts its daemons in the place of those with their names. What it imports stays as it was. */
  async #reload(file: string): Promise<void> {
    const { logger } = this.#application
    try {
      const exports = (await import(`${pathToFileURL(file).href}?change=${++this.#changes}`)) as Record<string, unknown>
      for (const value of new Set(Object.values(exports))) {
        if (!descendsFrom(value, Daemon as unknown as Class)) continue
        const daemon = value as DaemonClass
        await this.#daemons?.start(daemon)
        logger.info(`${daemon.name} begins again, since its file has changed`)
      }
    } catch (error) {
      logger.error(`A daemon's file has changed and can't be loaded; the old one goes on: ${(error as Error).message}`, { error, file })
    }
  }
}

/** A daemon as `regauge daemons` lists it. */
export interface DescribedDaemon {
  readonly name: string
  readonly scope: DaemonScope
  /** The process that runs it; null when none does, and for one that runs in every process. */
  readonly pid: number | null
  /** The machine of that process, for one that runs in one process of all machines. */
  readonly host?: string
}

/** The daemons of the application in `root`. */
export async function describeDaemons({ root, env }: { root: string; env?: string | undefined }): Promise<DescribedDaemon[]> {
  const config = await readSettings({ root, env })
  const { daemons } = await loadApplication(config.root)
  const leases = new MachineLeases(join(config.root, config.daemons.directory))
  const isShared = config.jobs.backend !== 'embedded' && daemons.some(({ runsIn }) => runsIn === 'application')
  const backend = isShared ? await openQueue(config, openLogger(config)) : undefined
  const shared = backend?.leases && new SharedLeases(backend.leases, 0)
  try {
    return await Promise.all(
      daemons.map(async ({ name, runsIn: scope }) => {
        if (scope === 'worker') return { name, scope, pid: null }
        if (scope === 'node' || shared === undefined) return { name, scope, pid: leases.holder(name) ?? null }
        const holder = await shared.holder(name)
        return { name, scope, pid: holder?.pid ?? null, ...(holder !== undefined && { host: holder.host }) }
      }),
    )
  } finally {
    await backend?.close()
  }
}
