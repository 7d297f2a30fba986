import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freePort } from '../../services/free_port.ts'

/** A Redis of our own, so that its durability is known and nobody's data are touched. */
export interface RedisServer {
  readonly port: number
  stop(): Promise<void>
}

/** Starts a Redis server; undefined when there is none on this machine.
 * @param isDurable whether each write is on disk before it is answered
 */
export async function startRedis(isDurable: boolean): Promise<RedisServer | undefined> {
  if (spawnSync('redis-server', ['--version']).status !== 0) return undefined
  const directory = await mkdtemp(join(tmpdir(), 'regauge-redis-'))
  const port = await freePort()
  const durability = isDurable ? ['--appendonly', 'yes', '--appendfsync', 'always'] : ['--appendonly', 'no']
  const args = ['--port', String(port), '--bind', '127.0.0.1', '--dir', directory, '--save', '', ...durability]
  const server = spawn('redis-server', args, { stdio: ['ignore', 'pipe', 'ignore'] })
  for await (const chunk of server.stdout) if (String(chunk).includes('Ready to accept connections')) break
  server.stdout.resume()
  return {
    port,
    async stop() {
      server.kill()
      if (server.exitCode === null) await once(server, 'exit')
      await rm(directory, { recursive: true, force: true })
    },
  }
}
