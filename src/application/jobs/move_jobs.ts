import { closeSync, existsSync, fsyncSync, mkdirSync, openSync, readFileSync, renameSync, rmSync, writeSync } from 'node:fs'
import { dirname, join } from 'node:path'
import {
  type JobBackend,
  type MoveMemory,
  type MoveReport,
  type MoveState,
  moveJobs,
  planMove,
  type RecurringJob,
} from '../../jobs/index.ts'
import type { Logger } from '../../logging/index.ts'
import { didYouMean } from '../../naming/index.ts'
import { requireBullmq } from '../adapters.ts'
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

type MoveProgress = (moved: number, total: number) => void

const kinds = ['embedded', 'bullmq']

/** Moves the jobs of an application between the embedded queue and BullMQ.
 *
 * @param onProgress how many of how many jobs have been moved
 * @throws QueueOwned while a process of the application runs; MoveUnfinished
 */
export async function moveJobsOf(place: MovePlace, onProgress?: MoveProgress): Promise<MoveReport> {
  for (const name of [place.from, place.to]) {
    if (!kinds.includes(name)) throw new UnknownAdapter({ kind: 'jobs', name, suggestion: didYouMean(name, kinds) })
  }
  if (place.from === place.to) throw new InvalidSetting({ setting: '--to', value: place.to, expected: 'another backend than --from' })
  const config = await readSettings({ root: place.root, env: place.env })
  const logger = openLogger(config, process.stderr)
  const { jobs } = await loadApplication(config.root)
  const recurring = await readRecurring(config.root, config.env.name, jobs)
  const all = { place, config, logger, recurring, memory: new FileMemory(`${directoryOf(config)}.move.json`) }
  return place.dryRun ? plan(all) : move(all, onProgress)
}

/** What a move is made with. */
interface Move {
  readonly place: MovePlace
  readonly config: Configuration
  readonly logger: Logger
  readonly recurring: readonly RecurringJob[]
  readonly memory: MoveMemory
}

async function move({ place, config, logger, recurring, memory }: Move, onProgress: MoveProgress | undefined): Promise<MoveReport> {
  const open = async (kind: string) =>
    kind === 'embedded' ? openEmbedded(config, logger) : openBullmq(config, logger, bullmqPlace(place, config))
  const source = await open(place.from)
  try {
    const target = await open(place.to)
    const ends = { from: { name: place.from, backend: source }, to: { name: place.to, backend: target } }
    return await moveJobs({ ...ends, memory, recurring, onProgress }).finally(() => target.close())
  } finally {
    await source.close()
  }
}

/** Where jobs would go nothing is opened but an embedded queue that is there, to see that no process has it: a queue in memory stands for it. */
async function plan({ place, config, logger, recurring, memory }: Move): Promise<MoveReport> {
  const source = await openToRead(place.from, place, config, logger)
  const target = openRehearsal(config, logger)
  try {
    if (place.to === 'embedded') await (await openToRead(place.to, place, config, logger)).close()
    else await requireBullmq(bullmqPlace(place, config))
    const ends = { from: { name: place.from, backend: source }, to: { name: place.to, backend: target } }
    return await planMove({ ...ends, memory, recurring, rehearsal: place.to === 'embedded' ? target : undefined })
  } finally {
    await source.close()
    await target.close()
  }
}

/** A backend that is only looked at: none is made where there is none. */
async function openToRead(kind: string, place: MovePlace, config: Configuration, logger: Logger): Promise<JobBackend> {
  if (kind !== 'embedded') return openBullmq(config, logger, bullmqPlace(place, config), true)
  return existsSync(directoryOf(config)) ? openEmbedded(config, logger) : openRehearsal(config, logger)
}

function directoryOf({ root, jobs }: Configuration): string {
  return join(root, jobs.directory)
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
