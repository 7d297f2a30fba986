import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, chownSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { freePort } from './free_port.ts'

/** A PostgreSQL server of the test's own, which it may kill. */
export class PostgresCluster {
  readonly url: string
  readonly #folder: string
  readonly #port: number
  readonly #user: ServerUser
  readonly #isDurable: boolean
  #server: ChildProcess | undefined

  private constructor(folder: string, port: number, user: ServerUser, isDurable: boolean) {
    this.#folder = folder
    this.#port = port
    this.#user = user
    this.#isDurable = isDurable
    this.url = `postgresql://postgres@127.0.0.1:${port}/postgres`
  }

  /** Makes and starts one; undefined where PostgreSQL's programs aren't installed, or there is nobody but root to run them.
   * @param options.isDurable whether a commit is on disk, as where PostgreSQL is installed; tests need no such care */
  static async start({ isDurable = false } = {}): Promise<PostgresCluster | undefined> {
    const [init, server] = [program('initdb'), program('postgres')]
    const user = serverUser()
    if (init === undefined || server === undefined || user === undefined) return undefined
    const folder = mkdtempSync(join(tmpdir(), 'regauge-cluster-'))
    chmodSync(folder, 0o700)
    if (user.uid !== undefined) chownSync(folder, user.uid, user.gid!)
    execFileSync(init, ['-D', folder, '-U', 'postgres', '--auth=trust', '--no-sync'], { stdio: 'ignore', cwd: '/', ...user })
    const cluster = new PostgresCluster(folder, await freePort(), user, isDurable)
    await cluster.restart()
    return cluster
  }

  /** Starts the server again, and waits until it takes connections. */
  async restart(): Promise<void> {
    const options = ['-D', this.#folder, '-p', String(this.#port), '-h', '127.0.0.1', '-k', this.#folder]
    if (!this.#isDurable) options.push('-c', 'fsync=off')
    this.#server = spawn(program('postgres')!, options, { stdio: 'ignore', cwd: '/', ...this.#user })
    while (!(await answers(this.url))) await new Promise((resolve) => setTimeout(resolve, 50))
  }

  /** Kills it as a lack of memory or power would: nobody is told. */
  async kill(): Promise<void> {
    const ended = once(this.#server!, 'exit')
    this.#server!.kill('SIGQUIT') // the immediate shutdown: its processes die without a checkpoint
    await ended
  }

  async remove(): Promise<void> {
    if (this.#server?.exitCode === null) await this.kill()
    rmSync(this.#folder, { recursive: true, force: true })
  }
}

interface ServerUser {
  readonly uid?: number
  readonly gid?: number
}

/** PostgreSQL doesn't run as root: the user that its package made does it then. */
function serverUser(): ServerUser | undefined {
  if (process.getuid?.() !== 0) return {}
  try {
    const id = (flag: string) => Number(execFileSync('id', [flag, 'postgres'], { stdio: ['ignore', 'pipe', 'ignore'] }))
    return { uid: id('-u'), gid: id('-g') }
  } catch {
    return undefined
  }
}

function program(name: string): string | undefined {
  const base = '/usr/lib/postgresql'
  const installed = existsSync(base) ? readdirSync(base).map((version) => join(base, version, 'bin')) : []
  return [...installed, ...(process.env['PATH'] ?? '').split(':')].map((folder) => join(folder, name)).find((file) => existsSync(file))
}

async function answers(url: string): Promise<boolean> {
  const client = new pg.Client({ connectionString: url })
  try {
    await client.connect()
    await client.end()
    return true
  } catch {
    return false
  }
}
