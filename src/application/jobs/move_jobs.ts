import { closeSync, fsyncSync, mkdirSync, openSync, readFileSync, renameSync, rmSync, writeSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { type JobBackend, type MoveMemory, type MoveReport, type MoveState, moveJobs, planMove } from '../../jobs/index.ts'
import type { Logger } from '../../logging/index.ts'
import { didYouMean } from '../../naming/index.ts'
import { openLogger, readSettings } from '../boot.ts'
import type { BullmqPlace } from './jobs_settings.ts'
import type { Configuration } from '../configuration.ts'
import { InvalidSetting, UnknownAdapter } from '../errors.ts'
import { loadApplication } from '../loading/load_application.ts'
import { readRecurring } from './recurring.ts'
import { openBullmq, openEmbedded, openRehearsal } from './work.ts'

/** Which jobs are moved where. */
export interface MovePlace {
  readonly root: string
  readonly env?: string | undefined
  /** `embedded` or `bullmq`. */
  readonly from: string
  readonly to: string
  /** Where BullMQ keeps jobs. Default: as `config.jobs.backend` says, else `REDIS_URL`. */
  readonly connection?: string | undefined
  readonly prefix?: string | undefined
  /** Nothing is changed: the report is of what would be. */
  readonly dryRun?: boolean | undefined
}

const kinds = ['embedded', 'bullmq']

/** Moves the jobs of an application between the embedded queue and BullMQ.
 *
 * @param onProgress how many of how many jobs have been moved
 * @throws QueueOwned while a process of the application runs; MoveUnfinished
 */
export async function moveJobsOf(place: MovePlace, onProgress?: (moved: number, total: number) => void): Promise<MoveReport> {
  for (const name of [place.from, place.to]) {
    if (!kinds.includes(name)) throw new UnknownAdapter({ kind: 'jobs', name, suggestion: didYouMean(name, kinds) })
  }
  if (place.from === place.to) throw new InvalidSetting({ setting: '--to', value: place.to, expected: 'another backend than --from' })
  const config = await readSettings({ root: place.root, env: place.env })
  const logger = openLogger(config, process.stderr)
  const { jobs } = await loadApplication(config.root)
  const recurring = await readRecurring(config.root, config.env.name, jobs)
  const source = await open(place.from, place, config, logger)
  const target = await open(place.to, place, config, logger).catch(async (error: unknown) => {
    await source.close()
    throw error
  })
  try {
    const from = { name: place.from, backend: source }
    const to = { name: place.to, backend: target }
    const memory = new FileMemory(`${join(config.root, config.jobs.directory)}.move.json`)
    if (place.dryRun) {
      const rehearsal = place.to === 'embedded' ? openRehearsal(config, logger) : undefined
      return await planMove({ from, to, memory, recurring, rehearsal }).finally(() => rehearsal?.close())
    }
    return await moveJobs({ from, to, memory, recurring, onProgress })
  } finally {
    await source.close()
    await target.close()
  }
}

async function open(kind: string, place: MovePlace, config: Configuration, logger: Logger): Promise<JobBackend> {
  return kind === 'embedded' ? openEmbedded(config, logger) : openBullmq(config, logger, bullmqPlace(place, config), place.dryRun)
}

function bullmqPlace({ connection, prefix }: MovePlace, { jobs: { backend } }: Configuration): BullmqPlace {
  const configured = backend === 'embedded' ? {} : backend.bullmq
  const where = connection ?? configured.connection ?? process.env['REDIS_URL']
  if (where === undefined) {
    throw new InvalidSetting({ setting: 'jobs.backend', value: 'embedded', expected: 'BullMQ, or --connection to say where it keeps jobs' })
  }
  return { ...configured, connection: where, ...(prefix !== undefined && { prefix }) }
}

/** The state of a move in a file beside the embedded queue. */
class FileMemory implements MoveMemory {
  readonly #path: string

  constructor(path: string) {
    this.#path = path
  }

  read(): MoveState | undefined {
    try {
      return JSON.parse(readFileSync(this.#path, 'utf8')) as MoveState
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
      throw error
    }
  }

  write(state: MoveState): void {
    mkdirSync(dirname(this.#path), { recursive: true })
    const file = openSync(`${this.#path}.new`, 'w', 0o600)
    writeSync(file, JSON.stringify(state))
    fsyncSync(file)
    closeSync(file)
    renameSync(`${this.#path}.new`, this.#path)
  }

  forget(): void {
    rmSync(this.#path, { force: true })
  }
}
