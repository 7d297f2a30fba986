import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freePort } from './free_port.ts'

/** A Redis server of the test's own, which it may kill. What it has acknowledged is on the disk. */
export class RedisServer {
  readonly url: string
  readonly folder: string
  readonly port: number
  readonly #options: readonly string[]
  #server: ChildProcess | undefined

  private constructor(folder: string, port: number, options: readonly string[]) {
    this.folder = folder
    this.port = port
    this.#options = options
    this.url = `redis://127.0.0.1:${port}`
  }

  /** Makes and starts one; undefined where the program isn't installed.
   * @param options of the program, beside those that make it durable */
  static async start(options: readonly string[] = []): Promise<RedisServer | undefined> {
    if (spawnSync('redis-server', ['--version']).status !== 0) return undefined
    const server = new RedisServer(mkdtempSync(join(tmpdir(), 'regauge-redis-')), await freePort(), options)
    await server.restart()
    return server
  }

  /** Starts the server again, and waits until it takes commands. */
  async restart(): Promise<void> {
    const durable = ['--dir', this.folder, '--save', '', '--appendonly', 'yes', '--appendfsync', 'always']
    const server = spawn('redis-server', ['--port', String(this.port), '--bind', '127.0.0.1', ...durable, ...this.#options], {
      stdio: ['ignore', 'pipe', 'ignore'],
    })
    this.#server = server
    for await (const chunk of server.stdout.iterator({ destroyOnReturn: false })) if (String(chunk).includes('Ready to accept')) break
    server.stdout.resume()
  }

  async kill(): Promise<void> {
    const ended = once(this.#server!, 'exit')
    this.#server!.kill('SIGKILL')
    await ended
  }

  async remove(): Promise<void> {
    if (this.#server?.exitCode === null && this.#server.signalCode === null) await this.kill()
    rmSync(this.folder, { recursive: true, force: true })
  }
}
