import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync, rmSync } from 'node:fs'
import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import { EmbeddedBackend } from '../../../src/jobs/index.ts'
import { collectingLogger } from '../queue_directory.ts'
import { damageJournal } from './damage.ts'

/** What happens beside the kills. */
export type Trouble = 'nothing' | 'truncated' | 'flipped' | 'full'

/** What came of it. */
export interface CrashReport {
  readonly kills: number
  /** How many of the kills hit the process that owned the queue. */
  readonly ownersKilled: number
  /** Processes that ended by themselves. */
  readonly ended: number
  /** Jobs that somebody was told are stored. */
  readonly acknowledged: number
  /** Jobs that were refused, or whose owner died before he answered. */
  readonly refused: number
  /** Acknowledged jobs that never ran. */
  readonly lost: readonly string[]
  /** Of them, those whose record was in the part of the journal that we damaged. */
  readonly damaged: readonly string[]
  /** Runs beyond the first; those that a job asked for don't count. */
  readonly duplicates: number
  /** Jobs that the queue gave up. */
  readonly failed: number
  /** What the last start said of the files. */
  readonly complaints: readonly string[]
}

const source = fileURLToPath(new URL('./joined_process.ts', import.meta.url))
/** Where packages are found from. */
const program = fileURLToPath(new URL('../../../node_modules/.cache/regauge/joined_process.mjs', import.meta.url))
const processes = 4
const killsBetweenDamages = 5

/** Four processes share a queue under load. One after the other is killed at random moments, every third time the one that owns the
 * queue, and replaced. With damages all are killed from time to time, and the journal is damaged before they start again. */
export async function crashRun(kills: number, trouble: Trouble): Promise<CrashReport> {
  // In one file, since processes start often here.
  await build({ entryPoints: [source], outfile: program, bundle: true, packages: 'external', platform: 'node', format: 'esm' })
  const folder = await mkdtemp(join(tmpdir(), 'regauge-crash-'))
  const run = new CrashRun(join(folder, 'queue'), join(folder, 'diary'), trouble)
  try {
    await run.go(kills)
    return await run.report()
  } finally {
    await run.killAll()
    rmSync(folder, { recursive: true })
  }
}

class CrashRun {
  readonly #directory: string
  readonly #diary: string
  readonly #trouble: Trouble
  readonly #hit = new Set<string>()
  #running: ChildProcess[] = []
  #kills = 0
  #ownersKilled = 0
  #ended = 0

  constructor(directory: string, diary: string, trouble: Trouble) {
    this.#directory = directory
    this.#diary = diary
    this.#trouble = trouble
  }

  async go(kills: number): Promise<void> {
    await this.#fill()
    while (this.#kills < kills) {
      await new Promise((resolve) => setTimeout(resolve, Math.random() * 300))
      if (this.#damages && this.#kills % killsBetweenDamages === killsBetweenDamages - 1) await this.#damage()
      else await this.#killOne()
      await this.#fill()
    }
    await new Promise((resolve) => setTimeout(resolve, Math.random() * 300))
    await this.killAll()
  }

  async killAll(): Promise<void> {
    await Promise.all(this.#running.splice(0).map(kill))
  }

  /** Runs what is left, and counts. */
  async report(): Promise<CrashReport> {
    const ran = new Map<string, number>()
    const count = (number: string) => ran.set(number, (ran.get(number) ?? 0) + 1)
    const log: Parameters<typeof collectingLogger>[0] = []
    const failed = await runTheRest(this.#directory, log, count)
    const acknowledged: string[] = []
    let refused = 0
    for (const line of readFileSync(this.#diary, 'utf8').split('\n')) {
      const [what, number = ''] = line.split(' ')
      if (what === 'ran') count(number)
      else if (what === 'added') acknowledged.push(number)
      else if (what === 'refused') refused++
    }
    const missing = acknowledged.filter((number) => !ran.has(number))
    let duplicates = 0
    for (const [number, times] of ran) duplicates += Math.max(0, times - (Number(number) % 7 === 0 ? 2 : 1))
    return {
      kills: this.#kills,
      ownersKilled: this.#ownersKilled,
      ended: this.#ended,
      acknowledged: acknowledged.length,
      refused,
      lost: missing.filter((number) => !this.#hit.has(number)),
      damaged: missing.filter((number) => this.#hit.has(number)),
      duplicates,
      failed,
      complaints: log.filter(({ level }) => level === 'error').map(({ message }) => message),
    }
  }

  get #damages(): boolean {
    return this.#trouble === 'truncated' || this.#trouble === 'flipped'
  }

  async #fill(): Promise<void> {
    const missing = processes - this.#running.length
    this.#running.push(...(await Promise.all(Array.from({ length: missing }, () => this.#start()))))
  }

  async #start(): Promise<ChildProcess> {
    const child = spawn(process.execPath, [program, this.#directory, this.#diary, this.#trouble], { stdio: ['ignore', 'pipe', 'inherit'] })
    child.once('exit', (code) => void (code !== null && this.#ended++))
    await Promise.race([once(createInterface({ input: child.stdout }), 'line'), once(child, 'exit')])
    return child
  }

  async #killOne(): Promise<void> {
    const owner = this.#running.findIndex(({ pid }) => pid === ownerOf(this.#directory))
    const index = owner >= 0 && this.#kills % 3 === 0 ? owner : Math.floor(Math.random() * this.#running.length)
    this.#count(index === owner)
    const [victim] = this.#running.splice(index, 1)
    await kill(victim!)
  }

  async #damage(): Promise<void> {
    for (let left = this.#running.length; left > 0; left--) this.#count(left === 1)
    await this.killAll()
    if (this.#trouble !== 'truncated' && this.#trouble !== 'flipped') return
    for (const number of damageJournal(this.#directory, this.#trouble)) this.#hit.add(number)
  }

  #count(isOwner: boolean): void {
    this.#kills++
    if (isOwner) this.#ownersKilled++
  }
}

async function kill(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return
  const closed = once(child, 'close')
  child.kill('SIGKILL')
  await closed
}

function ownerOf(directory: string): number | undefined {
  try {
    return Number(Object(JSON.parse(readFileSync(join(directory, 'owner.lock'), 'utf8'))).pid)
  } catch {
    return undefined
  }
}

/** @returns how many jobs were given up */
async function runTheRest(
  directory: string,
  log: Parameters<typeof collectingLogger>[0],
  onRun: (number: string) => void,
): Promise<number> {
  const backend = new EmbeddedBackend({ directory, logger: collectingLogger(log), maxRecoveries: 1000 })
  const handle = async ({ data }: { data: { readonly [key: string]: unknown } }) => {
    onRun(String(data['number']))
    return { kind: 'completed' } as const
  }
  await backend.process(handle, { queues: ['*'], concurrency: 4 })
  for (;;) {
    const { waiting, delayed, active, failed } = await backend.counts()
    if (waiting + delayed + active === 0) {
      await backend.close()
      return failed
    }
    await new Promise(setImmediate)
  }
}
