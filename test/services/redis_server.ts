import { spawn, spawnSync } from 'node:child_process'
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freePort } from './free_port.ts'
import { OwnServer } from './own_server.ts'

/** A Redis server of the test's own, which it may kill. What it has acknowledged is on the disk. */
export class RedisServer extends OwnServer {
  readonly url: string
  readonly #options: readonly string[]

  private constructor(folder: string, port: number, options: readonly string[]) {
    super(folder, port)
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

  override async restart(): Promise<void> {
    const durable = ['--dir', this.folder, '--save', '', '--appendonly', 'yes', '--appendfsync', 'always']
    const server = spawn('redis-server', ['--port', String(this.port), '--bind', '127.0.0.1', ...durable, ...this.#options], {
      stdio: ['ignore', 'pipe', 'ignore'],
    })
    this.process = server
    for await (const chunk of server.stdout.iterator({ destroyOnReturn: false })) if (String(chunk).includes('Ready to accept')) break
    server.stdout.resume()
  }
}
